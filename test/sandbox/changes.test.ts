/** One change at a time for each gateway, seen by the official SDK; the sandbox's clock is the test's own. */
import { X509Certificate } from 'node:crypto';
import 'reflect-metadata';
import { X509Crl } from '@peculiar/x509';
import { afterEach, describe, expect, it } from 'vitest';
import { closeAll, REGION, SERVER, sandboxWith } from '../support/client.js';
import { officialClient, Vpc } from '../support/official-sdk.js';

afterEach(closeAll);

const GATEWAY = 'vpn-sandbox-singapore';
const CHANGE_MS = 60_000;
const CONFIGURING = { code: 'VpnGateway.Configuring' };

async function world(changeMs: number) {
  let time = Date.now();
  const sandbox = await sandboxWith({ changeMs, now: () => time });
  const client = officialClient(sandbox.url, sandbox.credentials, REGION);
  const regionId = REGION;
  const certificate = (sslVpnClientCertId: string) => ({ regionId, sslVpnClientCertId });
  return {
    sandbox,
    pass(ms: number) {
      time += ms;
      return time;
    },
    create: async (clientToken: string, sslVpnServerId = SERVER) => {
      const request = new Vpc.CreateSslVpnClientCertRequest({ regionId, sslVpnServerId, name: 'new', clientToken });
      return (await client.createSslVpnClientCert(request)).body?.sslVpnClientCertId ?? '';
    },
    rename: (id: string, name: string) =>
      client.modifySslVpnClientCert(new Vpc.ModifySslVpnClientCertRequest({ ...certificate(id), name })),
    delete: (id: string, clientToken: string) =>
      client.deleteSslVpnClientCert(new Vpc.DeleteSslVpnClientCertRequest({ ...certificate(id), clientToken })),
    describe: (id: string) => client.describeSslVpnClientCert(new Vpc.DescribeSslVpnClientCertRequest(certificate(id))),
    status: async () => {
      const request = new Vpc.DescribeVpnGatewaysRequest({ regionId, vpnGatewayId: GATEWAY });
      return (await client.describeVpnGateways(request)).body?.vpnGateways?.vpnGateway?.[0]?.status;
    },
    connected: async () => {
      const request = new Vpc.DescribeSslVpnClientsRequest({ regionId, vpnGatewayId: GATEWAY });
      const { body } = await client.describeSslVpnClients(request);
      return (body?.clientInfoList ?? []).map(({ commonName, connectedTime }) => [commonName, connectedTime]);
    },
  };
}

const ids = ({ sandbox }: Awaited<ReturnType<typeof world>>) =>
  sandbox.cloud.certificates().map((certificate) => certificate.SslVpnClientCertId);

describe('a deletion that takes a minute', () => {
  it('keeps the certificate and an updating gateway until it is carried out', async () => {
    const cloud = await world(CHANGE_MS);
    await cloud.delete('vsc-sandbox-alice', 'token');
    cloud.pass(CHANGE_MS - 1);
    expect(await cloud.status()).toBe('updating');
    expect((await cloud.describe('vsc-sandbox-alice')).body?.name).toBe('alice');
    cloud.pass(1);
    expect(await cloud.status()).toBe('active');
    await expect(cloud.describe('vsc-sandbox-alice')).rejects.toMatchObject({
      code: 'InvalidSslVpnClientCertId.NotFound',
    });
  });

  it('keeps other changes away meanwhile, and lets them through afterwards', async () => {
    const cloud = await world(CHANGE_MS);
    await cloud.delete('vsc-sandbox-alice', 'first');
    await expect(cloud.create('token')).rejects.toMatchObject(CONFIGURING);
    await expect(cloud.rename('vsc-sandbox-bob', 'robert')).rejects.toMatchObject(CONFIGURING);
    await expect(cloud.delete('vsc-sandbox-bob', 'second')).rejects.toMatchObject(CONFIGURING);
    cloud.pass(CHANGE_MS);
    await cloud.rename('vsc-sandbox-bob', 'robert');
    const created = await cloud.create('token');
    await cloud.delete('vsc-sandbox-bob', 'second');
    cloud.pass(CHANGE_MS);
    expect(ids(cloud)).toContain(created);
    expect(ids(cloud)).not.toContain('vsc-sandbox-bob');
  });

  it('does not concern other gateways', async () => {
    const cloud = await world(CHANGE_MS);
    cloud.sandbox.cloud.seedServer({ SslVpnServerId: 'vss-other', RegionId: REGION, Name: 'other' });
    await cloud.delete('vsc-sandbox-alice', 'token');
    const created = await cloud.create('token', 'vss-other');
    expect(ids(cloud)).toContain(created);
  });

  it('cuts everyone off, and brings back all but the deleted certificate', async () => {
    const cloud = await world(CHANGE_MS);
    await cloud.delete('vsc-sandbox-alice', 'token');
    expect(await cloud.connected()).toEqual([]);
    const carriedOut = cloud.pass(CHANGE_MS);
    cloud.pass(5_000);
    expect(await cloud.connected()).toEqual([['CN=vsc-sandbox-bob', carriedOut]]);
  });

  it('is in the revocation list once it is carried out', async () => {
    const cloud = await world(CHANGE_MS);
    const { body } = await cloud.describe('vsc-sandbox-alice');
    const serial = new X509Certificate(body?.clientCert ?? '').serialNumber.toLowerCase();
    const revoked = async () => {
      const list = new X509Crl(await cloud.sandbox.cloud.authority.revocationList(SERVER));
      return list.entries.map((entry) => entry.serialNumber);
    };
    await cloud.delete('vsc-sandbox-alice', 'token');
    expect(await revoked()).toEqual([]);
    cloud.pass(CHANGE_MS);
    expect(await revoked()).toEqual([serial]);
  });

  it('answers a repeat as it answered the first time', async () => {
    const cloud = await world(CHANGE_MS);
    await cloud.delete('vsc-sandbox-alice', 'token');
    await cloud.delete('vsc-sandbox-alice', 'token');
    cloud.pass(CHANGE_MS);
    await cloud.delete('vsc-sandbox-alice', 'token');
    expect(await cloud.status()).toBe('active');
  });
});

describe('a deletion that takes no time', () => {
  it('is carried out when it is answered, and everyone has connected anew', async () => {
    const cloud = await world(0);
    const time = cloud.pass(1_000);
    await cloud.delete('vsc-sandbox-alice', 'token');
    expect(ids(cloud)).not.toContain('vsc-sandbox-alice');
    expect(await cloud.status()).toBe('active');
    expect(await cloud.connected()).toEqual([['CN=vsc-sandbox-bob', time]]);
  });
});

describe('a token of a create', () => {
  it('still answers with the old id when the certificate is deleted', async () => {
    const cloud = await world(0);
    const created = await cloud.create('token');
    await cloud.delete(created, 'other token');
    expect(await cloud.create('token')).toBe(created);
    expect(ids(cloud)).not.toContain(created);
  });
});

describe('the gateway that is being configured', () => {
  it('becomes active after two refused changes', async () => {
    const cloud = await world(0);
    cloud.sandbox.cloud.seedServer(
      { SslVpnServerId: 'vss-sandbox-singapore', RegionId: REGION, Name: 'singapore-office' },
      { Status: 'updating', refusalsUntilActive: 2 },
    );
    await expect(cloud.create('token')).rejects.toMatchObject(CONFIGURING);
    expect(await cloud.status()).toBe('updating');
    await expect(cloud.create('token')).rejects.toMatchObject(CONFIGURING);
    expect(await cloud.status()).toBe('active');
    const created = await cloud.create('token');
    expect(ids(cloud)).toContain(created);
  });
});
