/** No secret is in any byte that leaves, in whatever encoding the service sends it back. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { feed, INITIALIZE, type Session, startBin } from '../support/bin.js';
import { REGION } from '../support/client.js';
import {
  against,
  CERT_ID,
  certificate,
  closeHostile,
  ENVIRONMENT,
  hostileCloud,
  KEYS,
  pageOf,
  SERVER_ID,
} from '../support/hostile-cloud.js';
import { closeHttp, post, serveHttp, TOKEN } from '../support/http.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'secrets-'));
});
afterEach(async () => {
  await closeHttp();
  await closeHostile();
  rmSync(folder, { recursive: true, force: true });
});

const CREATE = 'create_ssl_vpn_client_cert';
const create = { region_id: REGION, ssl_vpn_server_id: SERVER_ID, name: 'anna' };
const base64 = (text: string, pad: number): string => Buffer.from(`${'x'.repeat(pad)}${text}`).toString('base64');
const hex = (text: string): string => Buffer.from(text).toString('hex');
const dump = (text: string): string => hex(text).replace(/..(?=.)/g, '$& ');
const ENCODINGS: [string, (text: string) => string][] = [
  ['as it is', (text) => text],
  ['percent-encoded', encodeURIComponent],
  ['percent-encoded in lower case', (text) => encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase())],
  ['JSON-escaped', (text) => JSON.stringify(text).slice(1, -1)],
  ['HTML-escaped', (text) => text.replace(/[&<>"]/g, (mark) => `&#${mark.charCodeAt(0)};`)],
  ...[0, 1, 2].map((pad): [string, (text: string) => string] => [
    `base64, ${pad} bytes in`,
    (text) => base64(text, pad),
  ]),
  ['in hexadecimal', (text) => hex(text)],
  ['in hexadecimal and upper case', (text) => hex(text).toUpperCase()],
  ['as a dump of bytes', (text) => dump(text)],
];

/** Twelve characters of a secret, in every encoding, nowhere in what left the process. */
function expectClean(...texts: string[]): void {
  const seen = texts.join('\n');
  for (const secret of [KEYS.accessKeySecret, KEYS.securityToken]) {
    for (const [, encode] of ENCODINGS.slice(0, 5))
      for (let start = 0; start + 18 <= secret.length; start += 3)
        expect(seen).not.toContain(encode(secret.slice(start, start + 18)));
    for (const code of [hex(secret), hex(secret).toUpperCase(), dump(secret)])
      for (let start = 0; start + 36 <= code.length; start += 6)
        expect(seen).not.toContain(code.slice(start, start + 36));
    for (const pad of [0, 1, 2]) expect(seen).not.toContain(base64(secret, pad).slice(8, 40));
  }
}
const seenOf = (session: Session): string[] => [session.stdout(), session.stderr()];

/** Each encoding in turn, of one process, which is told by the name of the encoding what went wrong. */
async function inEachEncoding(attempt: (encoding: string) => Promise<void>): Promise<void> {
  for (const [encoding, encode] of ENCODINGS) {
    encoded = encode;
    await attempt(encoding);
  }
}
let encoded: (text: string) => string;

describe('credentials that a service sends back, in each encoding', () => {
  it('are nowhere where they stood in every field of an error', async () => {
    const log = join(folder, 'audit');
    const cloud = await hostileCloud(() => {
      const [secret, token] = [encoded(KEYS.accessKeySecret), encoded(KEYS.securityToken)];
      const body = JSON.stringify({
        RequestId: secret,
        HostId: token,
        Code: 'OperationFailed',
        Message: `we got ${secret} and ${token}`,
        Recommend: `https://help.aliyun.com/?${token}`,
      });
      return { status: 400, body, headers: { 'x-acs-request-id': secret } };
    });
    const session = await against(cloud, ['--log-level', 'debug', '--audit-log', log]);
    await inEachEncoding(async (encoding) => {
      expect((await session.call(CREATE, create)).error.code, encoding).toBe('OperationFailed');
      expectClean(...seenOf(session), readFileSync(log, 'utf8'));
    });
  });

  it('are nowhere where they stood as names of a certificate and of a server', async () => {
    const cert = await certificate();
    const cloud = await hostileCloud(({ action }) => {
      const [Name, Status] = [encoded(KEYS.accessKeySecret), encoded(KEYS.securityToken)];
      const server = { SslVpnServerId: SERVER_ID, RegionId: REGION, Name: Status };
      if (action === 'DescribeSslVpnServers') return { TotalCount: 1, SslVpnServers: { SslVpnServer: [server] } };
      const named = { ...cert, Name, Status };
      return action === 'DescribeSslVpnClientCerts' ? pageOf(named) : named;
    });
    const session = await against(cloud, ['--output-dir', join(folder, 'out')]);
    await inEachEncoding(async (encoding) => {
      const { certificates } = await session.call('list_ssl_vpn_client_certs', { region_id: REGION });
      expect(certificates[0], encoding).toHaveProperty('server_name');
      await session.call('get_ssl_vpn_client_cert', { region_id: REGION, ssl_vpn_client_cert_id: CERT_ID });
      expectClean(...seenOf(session));
    });
  });
});

describe('private keys that a service sends in other places, in each encoding', () => {
  it('are nowhere', async () => {
    const { ClientKey } = await certificate();
    const key = String(ClientKey);
    const line = key.split('\n')[2] ?? '';
    expect(line.length).toBeGreaterThan(40);
    const cloud = await hostileCloud(() => {
      const body = JSON.stringify({ RequestId: 'R', Code: 'Client.Internal', Message: `oops ${encoded(key)}` });
      return { status: 400, body };
    });
    const session = await against(cloud, ['--log-level', 'debug']);
    await inEachEncoding(async (encoding) => {
      const { error } = await session.call(CREATE, create);
      expect(error.code, encoding).toBe('Service.Client.Internal');
      for (const seen of seenOf(session)) {
        expect(seen, encoding).not.toContain(line.slice(0, 40));
        expect(seen, encoding).not.toContain(base64(key, 0).slice(80, 120));
      }
    });
  });
});

describe('what libraries print', () => {
  it.each([{ DEBUG: '*' }, { NODE_DEBUG: 'http,https,net,tls,undici,fetch' }])(
    'under %j has no secret',
    async (env) => {
      const cloud = await hostileCloud(({ action }) =>
        action === ''
          ? {
              Code: 'Success',
              AccessKeyId: 'STS.id-of-some-length',
              AccessKeySecret: KEYS.accessKeySecret,
              SecurityToken: KEYS.securityToken,
              Expiration: '2099-01-01T00:00:00Z',
            }
          : { SslVpnClientCertId: CERT_ID },
      );
      const session = await startBin(['--log-level', 'debug'], {
        ...env,
        ALIBABA_CLOUD_VPC_ENDPOINT: cloud.url,
        ALIBABA_CLOUD_CREDENTIALS_URI: `${cloud.url}/role`,
      });
      expect((await session.call(CREATE, create)).certificate.ssl_vpn_client_cert_id).toBe(CERT_ID);
      expectClean(...seenOf(session));
      for (const line of session
        .stderr()
        .split('\n')
        .filter((text) => text !== ''))
        expect(() => JSON.parse(line), line).not.toThrow();
    },
  );
});

describe('credentials with white space around them', () => {
  it('are used without it, and shown nowhere', async () => {
    const cloud = await hostileCloud(() => ({ SslVpnClientCertId: CERT_ID }));
    const env = Object.fromEntries(Object.entries(ENVIRONMENT).map(([name, value]) => [name, ` ${value}\r`]));
    const session = await against(cloud, [], env);
    expect((await session.call(CREATE, create)).certificate).toBeDefined();
    const preview = { tool: CREATE, arguments: create, signature: true };
    expect((await session.call('preview_api_call', preview)).canonical_request).toContain('x-acs-security-token');
    expectClean(...seenOf(session));
  });
});

describe('a secret in the wrong variable', () => {
  it.each([
    'ALIBABA_CLOUD_REGION_ID',
    'ALIBABA_CLOUD_VPC_ENDPOINT',
    'SSL_VPN_MCP_TIMEOUT_MS',
    'HTTPS_PROXY',
    'SSL_VPN_MCP_LOG_LEVEL',
  ])('%s is not printed back', async (variable) => {
    const { code, stdout, stderr } = await feed([], '', { [variable]: KEYS.accessKeySecret });
    expect(code).toBe(2);
    expect(stderr).toContain(variable);
    expectClean(stdout, stderr);
  });
});

describe('a secret that a client sends, before any call of the cloud', () => {
  const secret = KEYS.accessKeySecret;
  const META = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const asked = (_meta?: object): Record<string, unknown>[] =>
    [
      { method: 'prompts/get', params: { name: secret } },
      { method: 'prompts/get', params: { name: 'offboard', arguments: { names: secret } } },
      { method: 'prompts/get', params: { name: 'renew_expiring', arguments: { days: secret, [secret]: '' } } },
      { method: 'resources/read', params: { uri: secret } },
      { method: 'resources/read', params: { uri: `ssl-vpn://errors/${encodeURIComponent(secret)}` } },
      { method: 'completion/complete', params: { ref: { type: secret }, argument: { name: 'x', value: '' } } },
      { method: 'tools/call', params: { name: secret, arguments: {} } },
      { method: 'tools/call', params: { name: 'list_regions', arguments: { [secret]: secret } } },
      { method: secret, params: {} },
    ].map(({ method, params }, index) => ({
      jsonrpc: '2.0',
      id: index + 1,
      method,
      params: { ...params, ...(_meta && { _meta }) },
    }));
  const other = { ...META, 'io.modelcontextprotocol/protocolVersion': secret };

  it.each([
    ['2025-11-25', [INITIALIZE, ...asked()]],
    ['2026-07-28', [...asked(META), { jsonrpc: '2.0', id: 99, method: 'prompts/list', params: { _meta: other } }]],
  ])('does not come back in any answer of %s', async (_revision, messages) => {
    const input = messages.map((message) => `${JSON.stringify(message)}\n`).join('');
    const { stdout, stderr } = await feed([], input, ENVIRONMENT, messages.length);
    expect(stdout.trim().split('\n')).toHaveLength(messages.length);
    expect(stdout).toContain('[removed]');
    expectClean(stdout, stderr);
  });

  it('is not in the log, though it is what the client calls itself', async () => {
    const hello = { ...INITIALIZE, params: { ...INITIALIZE.params, clientInfo: { name: secret, version: '1' } } };
    const messages = [hello, { jsonrpc: '2.0', method: 'notifications/initialized' }];
    const { stderr } = await feed(
      [],
      messages.map((message) => `${JSON.stringify(message)}\n`).join(''),
      ENVIRONMENT,
      1,
    );
    expect(stderr).toContain('"ready"');
    expectClean(stderr);
  });

  it('does not come back over HTTP', async () => {
    const server = await serveHttp([], ENVIRONMENT);
    for (const message of asked()) expectClean((await post(server, message)).body);
    const modern = { 'mcp-protocol-version': '2026-07-28' };
    for (const message of asked(META)) {
      const { name, uri } = message.params as Record<string, string>;
      const headers = { ...modern, 'mcp-method': String(message.method), 'mcp-name': name ?? uri ?? '' };
      expectClean((await post(server, message, headers)).body);
    }
    const unknown = { jsonrpc: '2.0', id: 99, method: 'prompts/list', params: { _meta: other } };
    const headers = { 'mcp-protocol-version': secret, 'mcp-method': 'prompts/list' };
    const refused = await post(server, unknown, headers);
    expect(refused.body).toContain('[removed]');
    expectClean(refused.body);
    expectClean(server.stderr());
    const named = { jsonrpc: '2.0', id: 1, method: 'prompts/get', params: { name: TOKEN } };
    expect((await post(server, named)).body).not.toContain(TOKEN);
  });
});

describe('the password of a proxy', () => {
  it('is in no answer and no log', async () => {
    const session = await startBin(
      ['--log-level', 'debug', '--deadline', '3000', '--endpoint', 'https://vpc.invalid'],
      {
        ...ENVIRONMENT,
        HTTPS_PROXY: 'http://user:p%40ssw0rd-of-proxy@127.0.0.1:9',
      },
    );
    // Once all is loaded, there is time for an attempt, however slow the machine is.
    await session.call(CREATE, create);
    const { error } = await session.call(CREATE, create);
    expect(error.facts.problem).toBe('proxy');
    for (const seen of seenOf(session)) expect(seen).not.toMatch(/p(@|%40)ssw0rd/);
  });
});
