/** Proxies, TLS and names: from outside, all on loopback. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { closeSessions, startBin } from '../support/bin.js';
import { REGION, SERVER } from '../support/client.js';

const KEYS = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAI-sandbox-key-id',
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'sandbox-key-secret-good-for-nothing-else',
};
let folder: string;
const servers: (Server | HttpServer)[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'network-'));
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=DNS:localhost',
      '-keyout',
      join(folder, 'key.pem'),
      '-out',
      join(folder, 'cert.pem'),
    ],
    { stdio: 'ignore' },
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(async () => {
  await closeSessions();
  for (const server of servers.splice(0)) {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  }
});

async function listen(server: Server | HttpServer): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A proxy that tunnels, and notes where to. */
async function proxy(): Promise<{ url: string; tunnels: string[] }> {
  const tunnels: string[] = [];
  const server = createHttpServer((_request, response) => {
    tunnels.push('not a tunnel');
    response.writeHead(501).end();
  });
  server.on('connect', (request, client) => {
    tunnels.push(request.url ?? '');
    const [host = '', port = ''] = (request.url ?? '').split(':');
    const upstream = connect(Number(port), host === 'localhost' ? '127.0.0.1' : host, () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(client);
      client.pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
    client.on('error', () => upstream.destroy());
  });
  return { url: `http://127.0.0.1:${await listen(server)}`, tunnels };
}

/** An endpoint with a certificate that no machine trusts by itself. */
async function tlsEcho(): Promise<number> {
  const server = createHttpsServer(
    { key: readFileSync(join(folder, 'key.pem')), cert: readFileSync(join(folder, 'cert.pem')) },
    (_request, response) => {
      response.end(JSON.stringify({ RequestId: 'R', SslVpnClientCertId: 'vsc-over-tls', Name: 'joiner' }));
    },
  );
  return listen(server);
}

const create = { region_id: REGION, ssl_vpn_server_id: SERVER, name: 'joiner' };
const CREATE = 'create_ssl_vpn_client_cert';

describe('a proxy', () => {
  it.each([['HTTPS_PROXY'], ['https_proxy'], ['HTTP_PROXY']])('from %s is used for the calls', async (variable) => {
    const through = await proxy();
    const port = await tlsEcho();
    const session = await startBin([], {
      ...KEYS,
      ALIBABA_CLOUD_VPC_ENDPOINT: `https://localhost:${port}`,
      NODE_EXTRA_CA_CERTS: join(folder, 'cert.pem'),
      [variable]: through.url,
    });
    for (const _ of [1, 2, 3])
      expect((await session.call(CREATE, create)).certificate.ssl_vpn_client_cert_id).toBe('vsc-over-tls');
    // One connection, kept alive, for all three.
    expect(through.tunnels).toEqual([`localhost:${port}`]);
  });

  it('is passed by for hosts of NO_PROXY', async () => {
    const through = await proxy();
    const port = await tlsEcho();
    const session = await startBin([], {
      ...KEYS,
      ALIBABA_CLOUD_VPC_ENDPOINT: `https://localhost:${port}`,
      NODE_EXTRA_CA_CERTS: join(folder, 'cert.pem'),
      HTTPS_PROXY: through.url,
      NO_PROXY: 'localhost',
    });
    expect((await session.call(CREATE, create)).certificate).toBeDefined();
    expect(through.tunnels).toEqual([]);
  });

  it('that is not there is told apart from a service that is not', async () => {
    const session = await startBin(['--deadline', '3000'], {
      ...KEYS,
      ALIBABA_CLOUD_VPC_ENDPOINT: 'https://localhost:9',
      HTTPS_PROXY: 'http://127.0.0.1:9',
    });
    // Once all is loaded, there is time for an attempt, however slow the machine is.
    await session.call(CREATE, create);
    const { error } = await session.call(CREATE, create);
    expect(error).toMatchObject({ code: 'Client.Network', effect: 'none', facts: { problem: 'proxy' } });
    expect(error.next_steps[0]).toContain('HTTPS_PROXY');
  });
});

describe('TLS', () => {
  it('of a certificate that nobody vouches for: nothing is sent, and it is told as such', async () => {
    const port = await tlsEcho();
    const session = await startBin([], { ...KEYS, ALIBABA_CLOUD_VPC_ENDPOINT: `https://localhost:${port}` });
    const { error } = await session.call(CREATE, create);
    expect(error).toMatchObject({
      code: 'Client.Network',
      effect: 'none',
      facts: { problem: 'tls', host: `localhost:${port}` },
    });
    expect(error.next_steps[0]).toContain('NODE_EXTRA_CA_CERTS');
  });

  it('of a CA in NODE_EXTRA_CA_CERTS is trusted', async () => {
    const port = await tlsEcho();
    const session = await startBin([], {
      ...KEYS,
      ALIBABA_CLOUD_VPC_ENDPOINT: `https://localhost:${port}`,
      NODE_EXTRA_CA_CERTS: join(folder, 'cert.pem'),
    });
    expect((await session.call(CREATE, create)).certificate.ssl_vpn_client_cert_id).toBe('vsc-over-tls');
  });

  it('for another name is refused', async () => {
    const port = await tlsEcho();
    const session = await startBin([], {
      ...KEYS,
      ALIBABA_CLOUD_VPC_ENDPOINT: `https://127.0.0.1:${port}`,
      NODE_EXTRA_CA_CERTS: join(folder, 'cert.pem'),
    });
    expect((await session.call(CREATE, create)).error).toMatchObject({
      code: 'Client.Network',
      effect: 'none',
      facts: { problem: 'tls' },
    });
  });
});

describe('a name that does not exist', () => {
  it('is told as such', async () => {
    const session = await startBin(['--deadline', '6000'], {
      ...KEYS,
      ALIBABA_CLOUD_VPC_ENDPOINT: 'https://vpc.invalid',
    });
    await session.call(CREATE, create);
    const { error } = await session.call(CREATE, create);
    expect(error).toMatchObject({
      effect: 'none',
      facts: { host: 'vpc.invalid', problem: expect.stringMatching(/^name_/) },
    });
  });
});
