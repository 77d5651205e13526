/** `http` from outside: clients of both SDKs and of every era, and what stands on the wire. */
import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { feed } from '../support/bin.js';
import { closeAll, REGION, SERVER, sandboxWith } from '../support/client.js';
import { CERT_ID, closeHostile, ENVIRONMENT, hostileCloud } from '../support/hostile-cloud.js';
import {
  closeHttp,
  connect,
  ERAS,
  type HttpClient,
  isModern,
  logged,
  post,
  rawPost,
  serveHttp,
  TOKEN,
} from '../support/http.js';

afterEach(async () => {
  await closeHttp();
  await closeHostile();
  await closeAll();
});

const CREATE = 'create_ssl_vpn_client_cert';
const REVOKE = 'delete_ssl_vpn_client_cert';
const where = { region_id: REGION, ssl_vpn_server_id: SERVER };
const environment = (sandbox: { url: string; credentials: { accessKeyId: string; accessKeySecret: string } }) => ({
  ALIBABA_CLOUD_VPC_ENDPOINT: sandbox.url,
  ALIBABA_CLOUD_ACCESS_KEY_ID: sandbox.credentials.accessKeyId,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: sandbox.credentials.accessKeySecret,
});
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function issued(client: HttpClient, name: string) {
  const { certificate } = await client.call(CREATE, { ...where, name });
  return { region_id: REGION, ssl_vpn_client_cert_id: certificate.ssl_vpn_client_cert_id };
}

describe.each(ERAS)('a client of the era: %s', (era) => {
  it('lists, calls, gets explained errors and reads resources, as over stdio', async () => {
    const server = await serveHttp(['--sandbox']);
    const client = await connect(era, server);
    expect(await client.tools()).toContain(CREATE);
    const one = await issued(client, 'anna');
    expect((await client.call('get_ssl_vpn_client_cert', one)).certificate.name).toBe('anna');
    expect((await client.call('list_regions')).sandbox).toBe(true);
    const { error } = await client.call(CREATE, { region_id: REGION, ssl_vpn_server_id: 'vss-sandbox-nowhere' });
    expect(error).toMatchObject({ code: 'InvalidSslVpnServerId.NotFound', effect: 'none' });
    const { contents } = await client.readResource('ssl-vpn://errors');
    expect(contents[0].text).toContain('Forbbiden.SubUser');
  });

  it('revokes after a yes: asked for where it can be, by the name where it cannot', async () => {
    const server = await serveHttp(['--sandbox']);
    const questions: string[] = [];
    const answers = ['decline', 'accept'] as const;
    const client = await connect(era, server, {
      onQuestion(message) {
        questions.push(message);
        const action = answers[questions.length - 1] ?? 'cancel';
        return { action, ...(action === 'accept' && { content: { confirm: true } }) };
      },
    });
    const one = await issued(client, 'anna');
    if (isModern(era)) {
      expect((await client.call(REVOKE, one)).outcome).toBe('declined');
      expect((await client.call(REVOKE, one)).outcome).toBe('revoked');
      expect(questions).toHaveLength(2);
      expect(questions[0]).toContain('"anna"');
    } else {
      expect((await client.call(REVOKE, one)).error.code).toBe('Client.Refused');
      expect((await client.call(REVOKE, { ...one, confirm_name: 'anna' })).outcome).toBe('revoked');
      expect(questions).toEqual([]);
    }
  });

  it('cancels a call: nothing more is sent', async () => {
    const sandbox = await sandboxWith({
      fault: ({ action }) => (action.startsWith('Create') ? 'unavailable' : undefined),
    });
    const server = await serveHttp([], environment(sandbox));
    const client = await connect(era, server);
    const stop = new AbortController();
    const call = client.call(CREATE, { ...where, name: 'never' }, stop.signal);
    call.catch(() => {});
    while (sandbox.requests.length === 0) await sleep(10);
    stop.abort('no longer wanted');
    await expect(call).rejects.toThrow();
    while (!logged(server).some(({ outcome }) => outcome === 'Client.Cancelled')) await sleep(10);
    const sent = sandbox.requests.length;
    await sleep(1_000);
    expect(sandbox.requests).toHaveLength(sent);
  });
});

const PING = { jsonrpc: '2.0', id: 1, method: 'ping' };

describe('what is let in', () => {
  it('needs the token, and says so without repeating what came', async () => {
    const server = await serveHttp(['--sandbox']);
    for (const authorization of ['', 'Bearer', 'Bearer wrong-token-0123456789', `Basic ${TOKEN}`, `Bearer ${TOKEN}x`]) {
      const { status, headers, body } = await post(server, PING, { authorization });
      expect(status).toBe(401);
      expect(headers['www-authenticate']).toMatch(/^Bearer/);
      expect(body + server.stderr()).not.toContain('wrong-token');
    }
    expect((await post(server, PING)).status).toBe(200);
  });

  it('makes a token where none is set, shows it once on stderr, and takes it', async () => {
    const server = await serveHttp(['--sandbox'], { SSL_VPN_MCP_TOKEN: '' });
    const { token } = logged(server).find((line) => 'token' in line);
    expect(token.length).toBeGreaterThan(40);
    expect((await post(server, PING, { authorization: `Bearer ${token}` })).status).toBe(200);
    expect((await post(server, PING)).status).toBe(401);
    expect(server.stderr().split(token)).toHaveLength(2);
  });

  it('answers to its own hosts and origins alone', async () => {
    const server = await serveHttp(['--sandbox', '--public-url', 'https://vpn.example.com/cert']);
    const { port } = new URL(server.url);
    const authorization = `Bearer ${TOKEN}`;
    const ask = (headers: Record<string, string>, path = '/mcp') =>
      rawPost(server, JSON.stringify(PING), { authorization, ...headers }, path);
    const own = [`127.0.0.1:${port}`, `localhost:${port}`, 'vpn.example.com', 'VPN.example.com'];
    for (const host of own) expect(await ask({ host })).toBe(200);
    expect(await ask({ host: 'vpn.example.com' }, '/cert/mcp')).toBe(200);
    const others = [
      'evil.example',
      `evil.example:${port}`,
      '127.0.0.1',
      `127.0.0.1:${port}.evil.example`,
      `127.0.0.2:${port}`,
    ];
    for (const host of others) expect(await ask({ host, 'x-forwarded-host': 'vpn.example.com' })).toBe(403);
    const host = `127.0.0.1:${port}`;
    for (const origin of ['https://vpn.example.com', `http://127.0.0.1:${port}`])
      expect(await ask({ host, origin })).toBe(200);
    for (const origin of [
      'null',
      'https://evil.example',
      'http://vpn.example.com',
      'https://vpn.example.com.evil.example',
    ])
      expect(await ask({ host, origin })).toBe(403);
    expect(await ask({ host: 'evil.example' }, '/health/live')).toBe(403);
  });

  it('takes one message of a body of at most 4 MB', async () => {
    const server = await serveHttp(['--sandbox']);
    expect((await post(server, [PING])).status).toBe(400);
    expect((await post(server, '{"jsonrpc"')).status).toBe(400);
    const long = { ...PING, params: { text: 'x'.repeat(5_000_000) } };
    expect((await post(server, long)).status).toBe(413);
    expect((await post(server, PING)).status).toBe(200);
  });

  it('outlives bodies that break off, and requests without an end', async () => {
    const server = await serveHttp(['--sandbox']);
    const { port } = new URL(server.url);
    for (let each = 0; each < 20; each += 1) {
      const socket = connectSocket(Number(port), '127.0.0.1');
      socket.on('error', () => {});
      await once(socket, 'connect');
      socket.write(
        `POST /mcp HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: Bearer ${TOKEN}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"jsonrpc"`,
      );
      await sleep(5);
      socket.destroy();
    }
    expect((await post(server, PING)).status).toBe(200);
    await server.stop();
    expect(logged(server).filter(({ level }) => level === 'error')).toEqual([]);
  });
});

describe.each([
  ['an older revision', {}, {}],
  [
    '2026-07-28',
    { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {} },
    { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'issue_ssl_vpn_client_certs' },
  ],
])('a call of %s', (_era, meta, headers) => {
  it('tells of progress while it is at work', async () => {
    const server = await serveHttp(['--sandbox']);
    const params = {
      name: 'issue_ssl_vpn_client_certs',
      arguments: { ...where, names: ['anna'] },
      _meta: { ...meta, progressToken: 'p' },
    };
    const { body } = await post(server, { jsonrpc: '2.0', id: 1, method: 'tools/call', params }, headers);
    expect(body).toContain('"notifications/progress"');
    expect(body.indexOf('"notifications/progress"')).toBeLessThan(body.indexOf('"structuredContent"'));
  });
});

describe('its life', () => {
  it('says that it lives and that it is ready', async () => {
    const server = await serveHttp(['--sandbox']);
    for (const path of ['live', 'ready']) expect((await fetch(`${server.url}/health/${path}`)).status).toBe(200);
    expect((await fetch(`${server.url}/nothing`)).status).toBe(404);
    expect((await fetch(`${server.url}/mcp`)).status).toBe(405);
  });

  it('ends a call that is under way before it leaves', async () => {
    let answer = (): void => {};
    const cloud = await hostileCloud(() => (_request, response) => {
      answer = () => void response.end(JSON.stringify({ RequestId: 'R', SslVpnClientCertId: CERT_ID, Name: 'last' }));
    });
    const server = await serveHttp([], { ...ENVIRONMENT, ALIBABA_CLOUD_VPC_ENDPOINT: cloud.url });
    const client = await connect('2026-07-28', server);
    const call = client.call(CREATE, { ...where, name: 'last' });
    while (cloud.asked.length === 0) await sleep(10);
    const exit = once(server.child, 'exit');
    server.child.kill('SIGTERM');
    while (!server.stderr().includes('leaving')) await sleep(10);
    answer();
    expect((await call).certificate.name).toBe('last');
    expect((await exit)[0]).toBe(0);
  });

  it.each([
    [['--host', '0.0.0.0'], {}, '--oauth-issuer'],
    [['--host', 'example.com'], {}, 'IP address'],
    [['--oauth-audience', 'x'], {}, '--oauth-issuer'],
    [['--public-url', 'http://vpn.example.com'], {}, 'https://'],
    [['--oauth-issuer', 'http://id.example.com'], {}, 'https://'],
    [['--link-ttl', '0'], {}, '86400'],
    [[], { SSL_VPN_MCP_TOKEN: 'short' }, 'SSL_VPN_MCP_TOKEN'],
  ])('%j %j: refused at the start with one line', async (args, env, named) => {
    const { code, stderr } = await feed(['http', '--sandbox', ...args], '', env);
    expect(code).toBe(2);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toContain(named);
  });

  it('its flags go with no other command', async () => {
    for (const flag of ['--host', '--public-url', '--oauth-issuer', '--link-ttl']) {
      const { code, stderr } = await feed([flag, '127.0.0.1'], '');
      expect(code).toBe(2);
      expect(stderr).toContain('http');
    }
  });
});
