/** A third party vouches for the sandbox: the official SDK talks to it. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { closeAll, REGION, SERVER, sandboxWith } from '../support/client.js';
import { type Keys, officialClient, Vpc } from '../support/official-sdk.js';

afterEach(closeAll);

const sdk = (url: string, keys: Keys) => officialClient(url, keys, REGION);

describe('the official SDK against the sandbox', () => {
  it('creates a certificate', async () => {
    const sandbox = await sandboxWith();
    const request = new Vpc.CreateSslVpnClientCertRequest({
      regionId: REGION,
      sslVpnServerId: SERVER,
      name: "O'Brien (张)*",
      clientToken: 'sdk',
    });
    const { body } = await sdk(sandbox.url, sandbox.credentials).createSslVpnClientCert(request);
    expect(body?.name).toBe("O'Brien (张)*");
    expect(sandbox.cloud.certificates().map((cert) => cert.SslVpnClientCertId)).toContain(body?.sslVpnClientCertId);
  });

  it('gets the same certificate for the same token, and is refused other parameters with it', async () => {
    const sandbox = await sandboxWith();
    const client = sdk(sandbox.url, sandbox.credentials);
    const ask = (name: string) =>
      client.createSslVpnClientCert(
        new Vpc.CreateSslVpnClientCertRequest({ regionId: REGION, sslVpnServerId: SERVER, name, clientToken: 'same' }),
      );
    const [first, second] = [await ask('one'), await ask('one')];
    expect(second.body?.sslVpnClientCertId).toBe(first.body?.sslVpnClientCertId);
    await expect(ask('two')).rejects.toMatchObject({ code: 'IdempotentParameterMismatch' });
  });

  it('without a token makes another one each time', async () => {
    const sandbox = await sandboxWith();
    const client = sdk(sandbox.url, sandbox.credentials);
    const before = sandbox.cloud.certificates().length;
    // The SDK itself makes no token for this action.
    for (const name of ['twin', 'twin'])
      await client.createSslVpnClientCert(
        new Vpc.CreateSslVpnClientCertRequest({ regionId: REGION, sslVpnServerId: SERVER, name }),
      );
    expect(sandbox.cloud.certificates()).toHaveLength(before + 2);
  });

  it('is refused with a wrong secret, an unknown key and a missing token', async () => {
    const sandbox = await sandboxWith({
      keys: [
        { accessKeyId: 'id', accessKeySecret: 'secret' },
        { accessKeyId: 'STS.id', accessKeySecret: 'secret', securityToken: 'token' },
      ],
    });
    const ask = (keys: Keys) => sdk(sandbox.url, keys).describeRegions(new Vpc.DescribeRegionsRequest({}));
    await expect(ask({ accessKeyId: 'id', accessKeySecret: 'wrong' })).rejects.toMatchObject({
      code: 'SignatureDoesNotMatch',
    });
    await expect(ask({ accessKeyId: 'nobody', accessKeySecret: 'secret' })).rejects.toMatchObject({
      code: 'InvalidAccessKeyId.NotFound',
    });
    await expect(ask({ accessKeyId: 'STS.id', accessKeySecret: 'secret' })).rejects.toMatchObject({
      code: 'MissingSecurityToken',
    });
    expect(
      (await ask({ accessKeyId: 'STS.id', accessKeySecret: 'secret', securityToken: 'token' })).body?.regions?.region,
    ).toHaveLength(3);
  });

  it('lists servers page by page', async () => {
    const sandbox = await sandboxWith();
    const client = sdk(sandbox.url, sandbox.credentials);
    const page = (pageNumber: number) =>
      client.describeSslVpnServers(
        new Vpc.DescribeSslVpnServersRequest({ regionId: 'cn-hangzhou', pageNumber, pageSize: 3 }),
      );
    const ids: (string | undefined)[] = [];
    for (const number of [1, 2, 3]) {
      const { body } = await page(number);
      expect(body?.totalCount).toBe(9);
      ids.push(...(body?.sslVpnServers?.sslVpnServer ?? []).map((server) => server.sslVpnServerId));
    }
    expect(new Set(ids).size).toBe(9);
  });

  it('reads, renames and deletes a certificate', async () => {
    const sandbox = await sandboxWith();
    const client = sdk(sandbox.url, sandbox.credentials);
    const one = { regionId: REGION, sslVpnClientCertId: 'vsc-sandbox-alice' };
    const { body: listed } = await client.describeSslVpnClientCerts(
      new Vpc.DescribeSslVpnClientCertsRequest({ regionId: REGION, sslVpnServerId: SERVER, pageSize: 50 }),
    );
    expect(listed?.totalCount).toBe(3);
    expect(listed?.sslVpnClientCertKeys?.sslVpnClientCertKey?.map((cert) => cert.status)).toEqual([
      'normal',
      'expiring-soon',
      'expired',
    ]);
    const { body: detail } = await client.describeSslVpnClientCert(new Vpc.DescribeSslVpnClientCertRequest(one));
    const certificate = new X509Certificate(detail?.clientCert ?? '');
    expect(certificate.verify(new X509Certificate(detail?.caCert ?? '').publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(detail?.clientKey ?? ''))).toBe(true);
    expect(detail?.clientConfig).toContain('key vsc-sandbox-alice.key');
    await client.modifySslVpnClientCert(new Vpc.ModifySslVpnClientCertRequest({ ...one, name: 'alicia' }));
    expect((await client.describeSslVpnClientCert(new Vpc.DescribeSslVpnClientCertRequest(one))).body?.name).toBe(
      'alicia',
    );
    await client.deleteSslVpnClientCert(new Vpc.DeleteSslVpnClientCertRequest(one));
    await expect(client.describeSslVpnClientCert(new Vpc.DescribeSslVpnClientCertRequest(one))).rejects.toMatchObject({
      code: 'InvalidSslVpnClientCertId.NotFound',
    });
  });
});
