/** The connection to the default region is made while the agent is still thinking. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { closeSessions, type Session, startBin } from '../support/bin.js';
import { REGION, SERVER } from '../support/client.js';

const KEYS = { ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAI-id', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'a-secret-of-some-length' };
const servers: ReturnType<typeof createServer>[] = [];
afterEach(async () => {
  await closeSessions();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function counting() {
  const seen = { connections: 0, requests: 0, url: '' };
  const server = createServer((_request, response) => {
    seen.requests += 1;
    response.end(JSON.stringify({ RequestId: 'R', SslVpnClientCertId: 'vsc-1', Name: 'n' }));
  });
  server.on('connection', () => {
    seen.connections += 1;
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  seen.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { seen, server };
}

/** By its second answer, the process has seen what had become of its sockets before the first question. */
async function settled({ client }: Session): Promise<void> {
  await client.ping();
  await client.ping();
}

const create = { region_id: REGION, ssl_vpn_server_id: SERVER };

describe('the connection to the default region', () => {
  it('is there before the first call, without a request, and the call uses it', async () => {
    const { seen } = await counting();
    const session = await startBin(['--region', REGION], { ...KEYS, ALIBABA_CLOUD_VPC_ENDPOINT: seen.url });
    while (seen.connections === 0) await sleep(20);
    expect(seen).toMatchObject({ connections: 1, requests: 0 });
    await settled(session);
    await session.call('create_ssl_vpn_client_cert', create);
    await session.call('create_ssl_vpn_client_cert', create);
    expect(seen).toMatchObject({ connections: 1, requests: 2 });
  });

  it('is not made without a default region', async () => {
    const { seen } = await counting();
    const session = await startBin([], { ...KEYS, ALIBABA_CLOUD_VPC_ENDPOINT: seen.url });
    await sleep(700);
    expect(seen.connections).toBe(0);
    await session.call('create_ssl_vpn_client_cert', create);
    expect(seen.connections).toBe(1);
  });

  it('that ends before it is used costs the call nothing', async () => {
    const { seen, server } = await counting();
    const session = await startBin(['--region', REGION], { ...KEYS, ALIBABA_CLOUD_VPC_ENDPOINT: seen.url });
    while (seen.connections === 0) await sleep(20);
    server.closeAllConnections();
    await sleep(100);
    await settled(session);
    const answer = await session.call('create_ssl_vpn_client_cert', create);
    expect(answer.certificate).toBeDefined();
    // One attempt is not worth a word.
    expect(answer).not.toHaveProperty('attempts');
  });

  it('that cannot be made fails nothing and keeps nothing alive', async () => {
    const session = await startBin(['--region', REGION, '--endpoint', 'http://127.0.0.1:9'], KEYS);
    await sleep(600);
    expect((await session.client.listTools()).tools.length).toBeGreaterThan(5);
    await session.close();
    expect(session.child.exitCode).toBe(0);
    expect(session.stderr()).not.toContain('"error"');
  });
});
