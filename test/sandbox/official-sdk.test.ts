/** A third party vouches for the sandbox: the official SDK talks to it. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createRequire } from 'node:module';
import { XMLParser } from 'fast-xml-parser';
import { afterEach, describe, expect, it } from 'vitest';
import { closeAll, REGION, SERVER, sandboxWith } from '../support/client.js';
import { type Keys, OpenApi, officialClient, Vpc } from '../support/official-sdk.js';

afterEach(closeAll);

const { RuntimeOptions }: typeof import('@alicloud/tea-util') = createRequire(import.meta.url)('@alicloud/tea-util');

const HANGZHOU = 'cn-hangzhou';
const sdk = (url: string, keys: Keys) => officialClient(url, keys, REGION);

/** The SDK's generic call, for what it has no package for here, and for answers in XML. */
async function callApi(
  url: string,
  keys: Keys,
  call: { action: string; version: string; query?: Record<string, string>; xml?: boolean },
): Promise<Record<string, unknown>> {
  const { action, version, query = {}, xml = false } = call;
  const client = new OpenApi.default(new OpenApi.Config({ ...keys, endpoint: new URL(url).host, protocol: 'http' }));
  const params = new OpenApi.Params({
    action,
    version,
    protocol: 'HTTP',
    pathname: '/',
    method: 'POST',
    authType: 'AK',
    style: 'RPC',
    reqBodyType: 'formData',
    bodyType: xml ? 'string' : 'json',
  });
  const request = new OpenApi.OpenApiRequest({ query, headers: xml ? { accept: 'text/xml' } : {} });
  return client.callApi(params, request, new RuntimeOptions({}));
}

const parseXml = (text: unknown) => new XMLParser({ parseTagValue: false }).parse(String(text));

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

describe('gateways, for the official SDK', () => {
  const gatewaysOf = async (filter: Record<string, string | number>) => {
    const sandbox = await sandboxWith();
    const request = new Vpc.DescribeVpnGatewaysRequest({ regionId: HANGZHOU, pageSize: 50, ...filter });
    const { body } = await sdk(sandbox.url, sandbox.credentials).describeVpnGateways(request);
    return { total: body?.totalCount, gateways: body?.vpnGateways?.vpnGateway ?? [] };
  };

  it('there is one behind each server', async () => {
    const { total, gateways } = await gatewaysOf({});
    expect(total).toBe(9);
    expect(gateways.map((gateway) => gateway.vpnGatewayId)).toContain('vpn-sandbox-flaky');
    for (const gateway of gateways) {
      expect(gateway).toMatchObject({ sslVpn: 'enable', sslMaxConnections: 50, spec: '10M' });
      expect(Object.values(gateway)).not.toContain(undefined);
    }
  });

  it.each([
    [{ status: 'updating' }, ['vpn-sandbox-configuring']],
    [{ businessStatus: 'FinancialLocked' }, ['vpn-sandbox-locked']],
    [{ vpnGatewayId: 'vpn-sandbox-hangzhou' }, ['vpn-sandbox-hangzhou']],
    [{ vpnGatewayId: 'vpn-sandbox-hangzhou', status: 'updating' }, []],
    [{ regionId: 'eu-central-1' }, ['vpn-sandbox-frankfurt']],
    [{ vpcId: 'vpc-elsewhere' }, []],
    [{ pageSize: 4, pageNumber: 3 }, ['vpn-sandbox-badname']],
  ])('filtered by %j they are %j', async (filter, ids) => {
    expect((await gatewaysOf(filter)).gateways.map((gateway) => gateway.vpnGatewayId)).toEqual(ids);
  });

  it('a locked one has run out, and others have not', async () => {
    const { gateways } = await gatewaysOf({});
    const ended = gateways.filter((gateway) => (gateway.endTime ?? 0) < Date.now());
    expect(ended.map((gateway) => gateway.vpnGatewayId)).toEqual(['vpn-sandbox-locked']);
  });
});

describe('connections, for the official SDK', () => {
  const clientsOf = async (regionId: string, vpnGatewayId?: string, page = {}) => {
    const sandbox = await sandboxWith();
    const request = new Vpc.DescribeSslVpnClientsRequest({ regionId, ...(vpnGatewayId && { vpnGatewayId }), ...page });
    return (await sdk(sandbox.url, sandbox.credentials).describeSslVpnClients(request)).body;
  };

  it('are named by their certificate', async () => {
    const body = await clientsOf(REGION, 'vpn-sandbox-singapore');
    expect(body).toMatchObject({ regionId: REGION, vpnGatewayId: 'vpn-sandbox-singapore', totalCount: 3 });
    expect(body?.clientInfoList?.map((client) => client.commonName)).toEqual([
      'CN=vsc-sandbox-alice',
      'CN=vsc-sandbox-alice',
      'CN=vsc-sandbox-bob',
    ]);
    for (const client of body?.clientInfoList ?? []) {
      expect(client).toMatchObject({ status: 'online', port: expect.stringMatching(/^\d+$/) });
      expect(client.connectedTime).toBeLessThan(Date.now());
      expect(client.privateIp).toMatch(/^192\.168\.10\./);
      expect(Math.min(client.sendBytes ?? 0, client.receiveBytes ?? 0)).toBeGreaterThan(0);
    }
  });

  it('are named by their user where there are two factors', async () => {
    const body = await clientsOf('eu-central-1', 'vpn-sandbox-frankfurt');
    expect(body?.clientInfoList?.map((client) => client.commonName)).toEqual(['greta', 'hans', 'ingrid']);
  });

  it('come page by page', async () => {
    const body = await clientsOf(REGION, 'vpn-sandbox-singapore', { pageSize: 2, pageNumber: 2 });
    expect(body).toMatchObject({ pageSize: 2, pageNumber: 2, totalCount: 3 });
    expect(body?.clientInfoList?.map((client) => client.commonName)).toEqual(['CN=vsc-sandbox-bob']);
  });

  it('are as many as the server says', async () => {
    const sandbox = await sandboxWith();
    const request = new Vpc.DescribeSslVpnServersRequest({ regionId: REGION });
    const { body } = await sdk(sandbox.url, sandbox.credentials).describeSslVpnServers(request);
    expect(body?.sslVpnServers?.sslVpnServer?.map((server) => server.connections)).toEqual([3]);
  });

  it.each([
    ['of a gateway that is too old', HANGZHOU, 'vpn-sandbox-hangzhou', 'OperationUnsupported.DescribeSslVpnClients'],
    ['of no gateway', REGION, undefined, 'MissingVpnGatewayId'],
    ['of an unknown gateway', REGION, 'vpn-nowhere', 'InvalidVpnGatewayInstanceId.NotFound'],
    ['of a gateway elsewhere', HANGZHOU, 'vpn-sandbox-singapore', 'InvalidVpnGatewayInstanceId.NotFound'],
  ])('%s are refused', async (_case, region, gateway, code) => {
    await expect(clientsOf(region, gateway)).rejects.toMatchObject({ code });
  });

  it('belong to the gateway that a test adds', async () => {
    const sandbox = await sandboxWith();
    const seed = { SslVpnServerId: 'vss-added', RegionId: REGION, Name: 'added', MaxConnections: 5 };
    sandbox.cloud.seedServer(seed, { Name: 'its gateway', BusinessStatus: 'FinancialLocked' });
    sandbox.cloud.seedConnection({
      SslVpnServerId: 'vss-added',
      CommonName: 'CN=vsc-added',
      Ip: '192.0.2.9',
      Port: '9',
      PrivateIp: '192.168.200.9',
      ConnectedTime: 1_700_000_000_000,
      SendBytes: 1,
      ReceiveBytes: 2,
    });
    const client = sdk(sandbox.url, sandbox.credentials);
    const one = { regionId: REGION, vpnGatewayId: 'vpn-added' };
    const gateways = await client.describeVpnGateways(new Vpc.DescribeVpnGatewaysRequest(one));
    expect(gateways.body?.vpnGateways?.vpnGateway).toMatchObject([{ name: 'its gateway', sslMaxConnections: 5 }]);
    const clients = await client.describeSslVpnClients(new Vpc.DescribeSslVpnClientsRequest(one));
    expect(clients.body?.clientInfoList).toMatchObject([{ commonName: 'CN=vsc-added', receiveBytes: 2 }]);
    const create = new Vpc.CreateSslVpnClientCertRequest({ regionId: REGION, sslVpnServerId: 'vss-added' });
    await expect(client.createSslVpnClientCert(create)).rejects.toMatchObject({ code: 'VpnGateway.FinancialLocked' });
  });
});

describe('who calls, for the official SDK', () => {
  const KEYS = [
    { accessKeyId: 'user', accessKeySecret: 'secret', denied: ['GetCallerIdentity', 'DescribeRegions'] },
    { accessKeyId: 'STS.role', accessKeySecret: 'secret', securityToken: 'token' },
  ];
  const [user, role] = KEYS.map(({ denied: _denied, ...keys }) => keys);
  const STS = { action: 'GetCallerIdentity', version: '2015-04-01' };
  const ask = async (keys: Keys | undefined, call: Omit<Parameters<typeof callApi>[2], 'query'>) => {
    const sandbox = await sandboxWith({ keys: KEYS });
    return (await callApi(sandbox.url, keys ?? sandbox.credentials, call)).body;
  };

  it('is a user, whatever the user may do', async () => {
    expect(await ask(user, STS)).toEqual({
      RequestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
      AccountId: expect.stringMatching(/^\d{16}$/),
      IdentityType: 'RAMUser',
      UserId: expect.stringMatching(/^\d+$/),
      PrincipalId: expect.stringMatching(/^\d+$/),
      Arn: expect.stringMatching(/^acs:ram::\d{16}:user\/[\w-]+$/),
    });
  });

  it('is a role for temporary credentials', async () => {
    const identity = await ask(role, STS);
    expect(identity).toMatchObject({
      IdentityType: 'AssumedRoleUser',
      Arn: expect.stringMatching(/^acs:ram::\d{16}:assumed-role\/[\w-]+\/[\w-]+$/),
      PrincipalId: expect.stringMatching(/^\d+:[\w-]+$/),
    });
    expect(identity).not.toHaveProperty('UserId');
  });

  it.each([
    ['another action of STS', { ...STS, action: 'AssumeRole' }, 'InvalidVersion'],
    ['an action of the VPC API at the version of STS', { ...STS, action: 'DescribeRegions' }, 'InvalidVersion'],
    ['STS at the version of the VPC API', { ...STS, version: '2016-04-28' }, 'InvalidApi.NotFound'],
    ['an unknown version', { ...STS, version: '2020-01-01' }, 'InvalidVersion'],
  ])('%s is refused', async (_case, call, code) => {
    await expect(ask(role, call)).rejects.toMatchObject({ code });
  });

  it('is asked for with a signature like everything else', async () => {
    const wrong = { accessKeyId: 'user', accessKeySecret: 'wrong' };
    await expect(ask(wrong, STS)).rejects.toMatchObject({ code: 'SignatureDoesNotMatch' });
  });
});

describe('in XML', () => {
  const VPC = '2016-04-28';
  const ask = async (action: string, version: string, query: Record<string, string>) => {
    const sandbox = await sandboxWith();
    const { body } = await callApi(sandbox.url, sandbox.credentials, { action, version, query, xml: true });
    return parseXml(body)[`${action}Response`];
  };

  it('a list is its members one after another', async () => {
    const clients = await ask('DescribeSslVpnClients', VPC, {
      RegionId: REGION,
      VpnGatewayId: 'vpn-sandbox-singapore',
    });
    expect(clients.ClientInfoList).toHaveLength(3);
    expect(clients.ClientInfoList[2]).toMatchObject({ CommonName: 'CN=vsc-sandbox-bob', Status: 'online' });
    const gateways = await ask('DescribeVpnGateways', VPC, { RegionId: REGION });
    expect(gateways.VpnGateways.VpnGateway).toMatchObject({ VpnGatewayId: 'vpn-sandbox-singapore', Status: 'active' });
  });

  it('the identity has the same fields', async () => {
    expect(await ask('GetCallerIdentity', '2015-04-01', {})).toMatchObject({ IdentityType: 'RAMUser' });
  });

  it('a refusal is one that the SDK reads', async () => {
    await expect(ask('DescribeVpnGateways', VPC, { RegionId: 'nowhere' })).rejects.toMatchObject({
      code: 'InvalidRegionId.NotFound',
    });
  });
});
