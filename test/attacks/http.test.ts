/** Attacks over HTTP: each is a row of the table, and a row without its test fails. None gets in, and nothing is in the log. */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/http.js';
import { closeAll, REGION, SERVER, sandboxWith } from '../support/client.js';
import {
  closeHttp,
  connect,
  type HttpClient,
  type HttpServer,
  type Message,
  post,
  rawPost,
  serveHttp,
} from '../support/http.js';
import { ALL_SCOPES, AUDIENCE, closeIssuers, type Issuer, openIssuer } from '../support/issuer.js';

const TABLE = [
  'no token',
  'an expired token',
  'a token that is not valid yet',
  'a token without an end',
  'a token for another audience',
  'a token for this server and of another issuer',
  'a token that another issuer signed in the name of ours',
  'alg none',
  'HS256, signed with the public key',
  'a swapped key id',
  'a changed claim',
  'a token that is bound to a key',
  'a token of another kind',
  'two tokens',
  'a token in the query',
  'a scope that was not given',
  'a forged Host',
  'two Hosts',
  'an absolute request target',
  'a forged Origin',
  'forged X-Forwarded headers',
  'an array of messages',
  'a body that is too large',
  'the state of another person',
  'the state of another call',
  'a state that was made up',
  'an answer without a state',
  'the session of another person',
  'a claim that tries to be a pattern',
  'a claim that holds two hyphens',
  'a name that begins with an allowed one',
  'names of other Unicode forms',
  'a certificate without a name',
  'a rename away from an allowed name',
  'a rename to a name that is not allowed',
  'the certificate of another person, by its id',
  'a list of all',
  'connections of other people',
  'a comparison with the names of other people',
  'facts of an error about other people',
  'a tool that no rule gives',
  'a region that no rule gives',
  'two rules that allow a half each',
  'a person whom no rule knows',
  'a link that was made up',
  'a link that was used',
  'a body that never ends',
  'headers that never end',
] as const;
type Attack = (typeof TABLE)[number];

const EU_SERVER = 'vss-sandbox-frankfurt';
const RULES = {
  rules: [
    { who: { groups: 'vpn-admins' }, tools: 'all' },
    {
      who: { groups: 'staff' },
      tools: [
        'create_ssl_vpn_client_cert',
        'issue_ssl_vpn_client_certs',
        'save_ssl_vpn_client_config',
        'list_ssl_vpn_client_certs',
        'get_ssl_vpn_client_cert',
        'modify_ssl_vpn_client_cert',
        'delete_ssl_vpn_client_cert',
      ],
      regions: [REGION],
      names: ['{preferred_username}', '{email:local}--*'],
    },
    {
      who: { groups: 'watchers' },
      tools: ['list_ssl_vpn_connections', 'compare_ssl_vpn_client_certs'],
      names: ['{preferred_username}'],
    },
    {
      who: { groups: 'two-halves' },
      tools: ['create_ssl_vpn_client_cert', 'delete_ssl_vpn_client_cert'],
      regions: [REGION],
      names: ['halves'],
    },
    {
      who: { groups: 'two-halves' },
      tools: ['create_ssl_vpn_client_cert'],
      regions: ['eu-central-1'],
      names: ['other'],
    },
    { who: { groups: 'two-halves' }, tools: ['save_ssl_vpn_client_config'], names: ['other'] },
  ],
};

let folder: string;
let issuer: Issuer;
let stranger: Issuer;
let sandbox: Sandbox;
let server: HttpServer;
let audit: string;
const shown = new Set<string>();
/** They take as long as the server waits, so they begin before all others. */
let slow: { body: Promise<string>; headers: Promise<string> };

const ANNA = { sub: 'anna-1', preferred_username: 'anna', email: 'anna@example.com', groups: ['staff'] };
const BOSS = { sub: 'boss-1', preferred_username: 'boss', groups: 'vpn-admins' };
type Claims = Readonly<Record<string, unknown>>;
const LIST: Message = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
const where = { region_id: REGION, ssl_vpn_server_id: SERVER };
const CREATE = 'create_ssl_vpn_client_cert';
const REVOKE = 'delete_ssl_vpn_client_cert';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'attacks-'));
  audit = join(folder, 'audit.jsonl');
  writeFileSync(join(folder, 'access.json'), JSON.stringify(RULES));
  [issuer, stranger, sandbox] = await Promise.all([openIssuer(), openIssuer(), sandboxWith()]);
  server = await serveHttp(
    [
      ...['--oauth-issuer', issuer.url, '--oauth-audience', AUDIENCE],
      ...['--access-file', join(folder, 'access.json'), '--audit-log', audit, '--log-level', 'debug'],
    ],
    {
      ALIBABA_CLOUD_VPC_ENDPOINT: sandbox.url,
      ALIBABA_CLOUD_ACCESS_KEY_ID: sandbox.credentials.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: sandbox.credentials.accessKeySecret,
    },
  );
  const head = `POST /mcp HTTP/1.1\r\nhost: ${new URL(server.url).host}\r\n`;
  const token = await issuer.token(BOSS);
  slow = {
    body: rawText(`${head}authorization: Bearer ${token}\r\ncontent-length: 100\r\n\r\n{`),
    headers: rawText(`${head}x-slow: `),
  };
});
afterEach(() => {
  const written = server.stderr() + readFileSync(audit, { encoding: 'utf8', flag: 'a+' });
  expect([...shown].filter((secret) => written.includes(secret))).toEqual([]);
  expect(server.child.exitCode).toBeNull();
});
afterAll(async () => {
  await closeHttp();
  await Promise.all([closeAll(), closeIssuers()]);
  rmSync(folder, { recursive: true, force: true });
});

/** @returns the header, and remembers the token as what must be nowhere */
function bearer(token: string): { authorization: string } {
  shown.add(token);
  const [, , signature = ''] = token.split('.');
  if (signature.length > 20) shown.add(signature);
  return { authorization: `Bearer ${token}` };
}

async function asPerson(claims: Claims, options: Parameters<typeof connect>[2] = {}) {
  const { authorization } = bearer(await issuer.token(claims));
  return connect('2026-07-28', server, { ...options, token: authorization.slice(7) });
}

/** A message with that token is refused, and asks nothing of the cloud. */
async function isRefused(token: string, status = 401, message: Message = LIST): Promise<void> {
  const before = sandbox.requests.length;
  const answer = await post(server, message, bearer(token));
  expect(answer.status).toBe(status);
  expect(answer.headers['www-authenticate']).toContain(status === 403 ? 'insufficient_scope' : 'invalid_token');
  expect(answer.headers['www-authenticate']).toContain('resource_metadata="http://127.0.0.1:');
  expect(sandbox.requests).toHaveLength(before);
}

async function isTurnedAway(headers: Record<string, string | string[]>, path = '/mcp'): Promise<void> {
  const good = bearer(await issuer.token(BOSS));
  const status = await rawPost(server, JSON.stringify(LIST), { ...good, ...headers }, path);
  expect([400, 403]).toContain(status);
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

async function certificateOf(
  boss: HttpClient,
  name?: string,
): Promise<{ region_id: string; ssl_vpn_client_cert_id: string }> {
  const { certificate } = await boss.call(CREATE, { ...where, ...(name !== undefined && { name }) });
  return { region_id: REGION, ssl_vpn_client_cert_id: certificate.ssl_vpn_client_cert_id };
}

async function cannotMake(claims: Claims, names: readonly (string | undefined)[]): Promise<void> {
  const client = await asPerson({ ...ANNA, ...claims });
  const before = sandbox.requests.filter(({ action }) => action.startsWith('Create')).length;
  for (const name of names) {
    const { error } = await client.call(CREATE, { ...where, ...(name !== undefined && { name }) });
    expect(error?.code, String(name)).toMatch(/^Client\.(Refused|InvalidArguments)$/);
  }
  expect(sandbox.requests.filter(({ action }) => action.startsWith('Create'))).toHaveLength(before);
}

/** A revocation in 2026-07-28, as it stands on the wire. */
async function revocation(claims: Claims, args: object, more: object = {}) {
  const params = {
    name: REVOKE,
    arguments: args,
    _meta: {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': { elicitation: {} },
    },
    ...more,
  };
  const answer = await post(
    server,
    { jsonrpc: '2.0', id: 1, method: 'tools/call', params },
    {
      ...bearer(await issuer.token(claims)),
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': REVOKE,
    },
  );
  return JSON.parse(answer.body).result;
}

const YES = { inputResponses: { confirm: { action: 'accept', content: { confirm: true } } } };

/** The answer is not taken: the person is asked anew. */
async function isAskedAgain(claims: Claims, args: object, requestState: string | undefined): Promise<void> {
  const again = await revocation(claims, args, { ...YES, ...(requestState !== undefined && { requestState }) });
  expect(again.resultType).toBe('input_required');
}

const TESTS: Readonly<Record<Attack, () => Promise<void>>> = {
  async 'no token'() {
    const { status, headers } = await post(server, LIST, { authorization: '' });
    expect(status).toBe(401);
    expect(headers['www-authenticate']).not.toContain('error');
    expect(headers['www-authenticate']).toContain('scope="ssl-vpn:read"');
  },
  'an expired token': async () => isRefused(await issuer.token(BOSS, { ageS: 400, lifeS: 300 })),
  'a token that is not valid yet': async () => isRefused(await issuer.token(BOSS, { notBeforeS: 120 })),
  'a token without an end': async () => isRefused(await issuer.token({ ...BOSS, exp: undefined })),
  'a token for another audience': async () => isRefused(await issuer.token({ ...BOSS, aud: `${server.url}/mcp` })),
  'a token for this server and of another issuer': async () => isRefused(await stranger.token(BOSS)),
  'a token that another issuer signed in the name of ours': async () =>
    isRefused(await stranger.token({ ...BOSS, iss: issuer.url })),
  async 'alg none'() {
    const [, payload] = (await issuer.token(BOSS)).split('.');
    await isRefused(`${encode({ alg: 'none', typ: 'at+jwt' })}.${payload}.`);
    await isRefused(`${encode({ alg: 'none', kid: 'key-1' })}.${payload}.AAAA`);
  },
  async 'HS256, signed with the public key'() {
    const [, payload] = (await issuer.token(BOSS)).split('.');
    const signed = `${encode({ alg: 'HS256', kid: 'key-1', typ: 'at+jwt' })}.${payload}`;
    for (const key of [issuer.publicPem, issuer.publicPem.trim()])
      await isRefused(`${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`);
  },
  async 'a swapped key id'() {
    await isRefused(await stranger.token({ ...BOSS, iss: issuer.url }, { header: { kid: 'key-1' } }));
    await isRefused(await issuer.token(BOSS, { header: { kid: '../../key-1' } }));
    const jwk = { kty: 'oct', k: 'AAAA' };
    await isRefused(await stranger.token({ ...BOSS, iss: issuer.url }, { header: { kid: 'x', jwk: jwk as never } }));
  },
  async 'a changed claim'() {
    const [header, payload = '', signature] = (await issuer.token(ANNA)).split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    await isRefused(`${header}.${encode({ ...claims, groups: 'vpn-admins' })}.${signature}`);
  },
  'a token that is bound to a key': async () => isRefused(await issuer.token({ ...BOSS, cnf: { jkt: 'x' } })),
  'a token of another kind': async () => isRefused(await issuer.token(BOSS, { header: { typ: 'logout+jwt' } })),
  async 'two tokens'() {
    const [one, two] = [await issuer.token(ANNA), await issuer.token(BOSS)];
    await isTurnedAway({ authorization: [`Bearer ${one}`, `Bearer ${two}`] });
    expect((await post(server, LIST, { authorization: `Bearer ${one}, Bearer ${two}` })).status).toBe(401);
  },
  async 'a token in the query'() {
    const token = await issuer.token(BOSS);
    shown.add(token);
    expect(await rawPost(server, JSON.stringify(LIST), {}, `/mcp?access_token=${token}`)).toBe(401);
  },
  async 'a scope that was not given'() {
    const call = (name: string): Message => ({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name, arguments: {} },
    });
    await isRefused(await issuer.token({ ...BOSS, scope: 'openid profile' }), 403);
    await isRefused(await issuer.token({ ...BOSS, scope: 'ssl-vpn:read' }), 403, call(CREATE));
    await isRefused(await issuer.token({ ...BOSS, scope: 'ssl-vpn:read ssl-vpn:issue' }), 403, call(REVOKE));
    await isRefused(await issuer.token({ ...BOSS, scope: 'ssl-vpn:issue' }), 403, call('list_regions'));
    await isRefused(await issuer.token({ ...BOSS, scope: undefined, scp: ['ssl-vpn:read'] }), 403, call(REVOKE));
    const given = bearer(await issuer.token({ ...BOSS, scope: undefined, scp: ALL_SCOPES.split(' ') }));
    expect((await post(server, call('list_regions'), given)).status).toBe(200);
  },
  async 'a forged Host'() {
    for (const host of ['evil.example', `127.0.0.1.evil.example:${new URL(server.url).port}`, '[::ffff:127.0.0.1]'])
      await isTurnedAway({ host });
  },
  async 'two Hosts'() {
    const { host } = new URL(server.url);
    expect(
      await rawText(`POST /mcp HTTP/1.1\r\nhost: ${host}\r\nhost: evil.example\r\ncontent-length: 0\r\n\r\n`),
    ).toMatch(/^HTTP\/1.1 400/);
  },
  async 'an absolute request target'() {
    const { host } = new URL(server.url);
    const text = await rawText(`POST http://evil.example/mcp HTTP/1.1\r\nhost: ${host}\r\ncontent-length: 0\r\n\r\n`);
    expect(text).toMatch(/^HTTP\/1.1 400/);
  },
  async 'a forged Origin'() {
    for (const origin of ['https://evil.example', 'null', `${server.url}.evil.example`, 'file://'])
      await isTurnedAway({ origin });
  },
  async 'forged X-Forwarded headers'() {
    const forged = {
      'x-forwarded-host': new URL(server.url).host,
      'x-forwarded-for': '127.0.0.1',
      forwarded: `host=${new URL(server.url).host}`,
    };
    await isTurnedAway({ host: 'evil.example', ...forged });
    expect(await rawPost(server, JSON.stringify(LIST), { ...forged, 'x-forwarded-user': 'boss' })).toBe(401);
  },
  async 'an array of messages'() {
    expect((await post(server, [LIST, LIST], bearer(await issuer.token(BOSS)))).status).toBe(400);
  },
  async 'a body that is too large'() {
    const long = { ...LIST, params: { text: 'x'.repeat(5_000_000) } };
    expect((await post(server, long, bearer(await issuer.token(BOSS)))).status).toBe(413);
    expect((await post(server, long, bearer(await stranger.token(BOSS)))).status).toBe(401);
  },
  'a body that never ends': async () => expect(await slow.body).toMatch(/^(HTTP\/1.1 408.*)?$/s),
  'headers that never end': async () => expect(await slow.headers).toMatch(/^(HTTP\/1.1 408.*)?$/s),
  async 'the state of another person'() {
    const one = await certificateOf(await asPerson(BOSS), 'state-person');
    const { requestState } = await revocation(BOSS, one);
    await isAskedAgain({ ...BOSS, sub: 'boss-2' }, one, requestState);
    expect((await revocation(BOSS, one, { ...YES, requestState })).structuredContent.outcome).toBe('revoked');
  },
  async 'the state of another call'() {
    const boss = await asPerson(BOSS);
    const [one, other] = [await certificateOf(boss, 'state-one'), await certificateOf(boss, 'state-two')];
    const { requestState } = await revocation(BOSS, one);
    await isAskedAgain(BOSS, other, requestState);
    await boss.call('modify_ssl_vpn_client_cert', { ...one, name: 'state-renamed' });
    await isAskedAgain(BOSS, one, requestState);
  },
  async 'a state that was made up'() {
    const one = await certificateOf(await asPerson(BOSS), 'state-made-up');
    const { requestState } = await revocation(BOSS, one);
    const [expires, mac] = requestState.split('.');
    for (const state of ['', 'x', `${Number(expires) + 1}.${mac}`, `${expires}.${'A'.repeat(43)}`, `1.${mac}`])
      await isAskedAgain(BOSS, one, state);
  },
  async 'an answer without a state'() {
    await isAskedAgain(BOSS, await certificateOf(await asPerson(BOSS), 'state-less'), undefined);
  },
  async 'the session of another person'() {
    const initialize = {
      jsonrpc: '2.0',
      id: 0,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } },
    };
    const { headers } = await post(server, initialize, bearer(await issuer.token(BOSS)));
    const session = { 'mcp-session-id': headers['mcp-session-id'] ?? '' };
    expect(session['mcp-session-id']).toMatch(/^[\w-]{36}\.[\w-]{43}$/);
    expect((await post(server, LIST, { ...session, authorization: '' })).status).toBe(401);
    const call = {
      jsonrpc: '2.0',
      id: 7,
      method: 'tools/call',
      params: { name: 'list_ssl_vpn_servers', arguments: { region_id: 'all' } },
    };
    const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 7 } };
    const running = post(server, call, { ...session, ...bearer(await issuer.token(BOSS)) });
    for (let each = 0; each < 20; each += 1)
      await post(server, cancel, { ...session, ...bearer(await issuer.token(ANNA)) });
    expect((await running).body).toContain('"servers"');
  },
  async 'a claim that tries to be a pattern'() {
    await cannotMake({ preferred_username: '*', email: '*@x' }, ['bob', 'anna', '--ab']);
    await cannotMake({ preferred_username: '.*', email: '[a-z]+@x' }, ['bob', 'anna', 'anna--ab']);
    await cannotMake({ preferred_username: '{groups}', email: '{sub}@x' }, ['staff', 'anna', 'anna-1--ab']);
    await cannotMake({ preferred_username: ['bob'], email: undefined }, ['bob', 'anna', 'anna--ab']);
  },
  async 'a claim that holds two hyphens'() {
    await cannotMake({ preferred_username: 'bob--laptop', email: 'bob--x@x' }, ['bob--laptop', 'bob--x', 'bob--x--ab']);
  },
  'a name that begins with an allowed one': () =>
    cannotMake({}, [
      'anna-maria',
      'anna--',
      'anna--a-b',
      'anna--a.b',
      `anna--${'a'.repeat(21)}`,
      'annab',
      'Anna',
      'anna---a',
    ]),
  'names of other Unicode forms': () =>
    cannotMake({}, [
      '\uff41nna',
      'ann\u0430',
      'anna\u200b',
      'anna\u0301',
      '\u1d43nna',
      'anna\ufe0f',
      'anna--\uff10\u200d',
    ]),
  'a certificate without a name': () => cannotMake({}, [undefined]),
  async 'a rename away from an allowed name'() {
    const bobs = await certificateOf(await asPerson(BOSS), 'bob.rename');
    const { error } = await (await asPerson(ANNA)).call('modify_ssl_vpn_client_cert', { ...bobs, name: 'anna' });
    expect(error.code).toBe('Client.Refused');
    expect(JSON.stringify(error)).not.toContain('bob.rename');
  },
  async 'a rename to a name that is not allowed'() {
    const anna = await asPerson(ANNA);
    const own = await certificateOf(anna, 'anna');
    expect((await anna.call('modify_ssl_vpn_client_cert', { ...own, name: 'bob' })).error.code).toBe('Client.Refused');
    expect((await anna.call('modify_ssl_vpn_client_cert', { ...own, name: 'anna--laptop' })).certificate.name).toBe(
      'anna--laptop',
    );
  },
  async 'the certificate of another person, by its id'() {
    const bobs = await certificateOf(await asPerson(BOSS), 'bob.secret');
    const anna = await asPerson(ANNA);
    for (const [tool, more] of [
      ['get_ssl_vpn_client_cert', {}],
      ['save_ssl_vpn_client_config', {}],
      [REVOKE, { confirm_name: 'bob.secret' }],
    ] as const) {
      const answer = await anna.call(tool, { ...bobs, ...more });
      expect(answer.error?.code ?? answer.outcome).toMatch(/^(Client\.Refused|gone)$/);
      expect(JSON.stringify(answer)).not.toContain('bob.secret');
    }
    expect((await (await asPerson(BOSS)).call('get_ssl_vpn_client_cert', bobs)).certificate.name).toBe('bob.secret');
  },
  async 'a list of all'() {
    await certificateOf(await asPerson(BOSS), 'bob.listed');
    const answer = await (
      await asPerson({ ...ANNA, sub: 'anna-9', preferred_username: 'annabel', email: undefined })
    ).call('list_ssl_vpn_client_certs', { region_id: 'all' });
    expect(answer).toMatchObject({ certificates: [], total_count: 0 });
  },
  async 'connections of other people'() {
    const alice = await asPerson({ sub: 'alice-1', preferred_username: 'alice', groups: ['watchers'] });
    const answer = await alice.call('list_ssl_vpn_connections', { region_id: 'all' });
    expect(answer.connections.map(({ name }: { name: string }) => name)).toEqual(['alice', 'alice']);
    // Users of a server with two-factor authentication, whose connections name no certificate.
    expect(JSON.stringify(answer)).not.toMatch(/bob|greta|hans/);
    // Also not to somebody who is called as such a user is.
    const greta = await asPerson({ sub: 'greta-1', preferred_username: 'greta', groups: ['watchers'] });
    expect((await greta.call('list_ssl_vpn_connections', { region_id: 'all' })).connections).toEqual([]);
    expect(
      (await (await asPerson(BOSS)).call('list_ssl_vpn_connections', { region_id: 'all' })).connections.length,
    ).toBeGreaterThan(4);
  },
  async 'a comparison with the names of other people'() {
    const alice = await asPerson({ sub: 'alice-1', preferred_username: 'alice', groups: ['watchers'] });
    const answer = await alice.call('compare_ssl_vpn_client_certs', { ...where, names: ['carol', 'nobody-at-all'] });
    // What exists and what does not look alike.
    expect(answer.missing).toEqual(['carol', 'nobody-at-all']);
    expect(answer.extra.map(({ name }: { name: string }) => name)).toEqual(['alice']);
  },
  async 'facts of an error about other people'() {
    const anna = await asPerson(ANNA);
    const bobs = await certificateOf(await asPerson(BOSS), 'bob.facts');
    const id: string = bobs.ssl_vpn_client_cert_id;
    const near = `${id.slice(0, -1)}${id.endsWith('x') ? 'y' : 'x'}`;
    const { error } = await anna.call('get_ssl_vpn_client_cert', { region_id: REGION, ssl_vpn_client_cert_id: near });
    expect(error.code).toBe('InvalidSslVpnClientCertId.NotFound');
    expect(JSON.stringify(error)).not.toContain(bobs.ssl_vpn_client_cert_id);
    expect(JSON.stringify(error)).not.toContain('bob.facts');
  },
  async 'a tool that no rule gives'() {
    const anna = await asPerson(ANNA);
    expect(await anna.tools()).not.toContain('list_ssl_vpn_connections');
    expect((await anna.call('list_ssl_vpn_connections', { region_id: REGION })).error.code).toBe('Client.Refused');
  },
  async 'a region that no rule gives'() {
    const { error } = await (await asPerson(ANNA)).call(CREATE, {
      region_id: 'eu-central-1',
      ssl_vpn_server_id: EU_SERVER,
      name: 'anna',
    });
    expect(error.code).toBe('Client.Refused');
  },
  async 'two rules that allow a half each'() {
    const halves = await asPerson({ sub: 'halves-1', groups: ['two-halves'] });
    expect((await halves.call(CREATE, { ...where, name: 'other' })).error.code).toBe('Client.Refused');
    expect((await halves.call(CREATE, { ...where, name: 'halves' })).certificate.name).toBe('halves');
    // Saving is another tool, whose rule gives another name.
    const saving = await halves.call(CREATE, { ...where, name: 'halves', save_config: true });
    expect(saving.file_error).toContain('Client.Refused');
    expect(saving).not.toHaveProperty('link');
  },
  async 'a person whom no rule knows'() {
    const nobody = await asPerson({ sub: 'nobody', groups: ['guests', 'vpn-admins-not'] });
    expect(await nobody.tools()).toEqual([]);
    expect((await nobody.call('list_regions')).error.code).toBe('Client.Refused');
  },
  async 'a link that was made up'() {
    for (const path of [`/links/${'A'.repeat(43)}/file`, '/links/../links/x', '/links/%2e%2e/file'])
      expect((await fetch(`${server.url}${path}`, { method: 'POST' })).status).toBe(404);
  },
  async 'a link that was used'() {
    const { link } = await (await asPerson(ANNA)).call(CREATE, { ...where, name: 'anna--link', save_config: true });
    shown.add(link.url.slice(-43));
    const press = () => fetch(`${link.url}/file`, { method: 'POST' });
    expect((await press()).status).toBe(200);
    expect((await press()).status).toBe(404);
  },
};

it.each(TABLE)('%s', async (attack) => TESTS[attack]());

it('the audit log and the questions name the person', async () => {
  const one = await certificateOf(await asPerson(ANNA), 'anna--audit');
  const { inputRequests } = await revocation(ANNA, one);
  expect(inputRequests.confirm.params.message).toContain('Asked for by: "anna"');
  const lines = readFileSync(audit, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const made = lines.filter(({ parameters }) => parameters.Name === 'anna--audit');
  expect(made.map(({ outcome }) => outcome)).toEqual(['intent', 'ok']);
  for (const { who } of made) expect(who.person).toEqual({ issuer: issuer.url, subject: 'anna-1', label: 'anna' });
});

it('keys that change are found, and a flood of unknown ones does not reach the issuer', async () => {
  const before = issuer.asked();
  for (let each = 0; each < 20; each += 1)
    await isRefused(await issuer.token(BOSS, { header: { kid: `flood-${each}` } }));
  expect(issuer.asked() - before).toBeLessThanOrEqual(1);
});

/** @returns all that came until the server closed */
async function rawText(text: string): Promise<string> {
  const socket = connectSocket(Number(new URL(server.url).port), '127.0.0.1');
  let received = '';
  socket.setEncoding('utf8').on('data', (part: string) => {
    received += part;
    if (/\r\n\r\n/.test(received)) socket.end();
  });
  socket.on('error', () => {});
  socket.write(text);
  await once(socket, 'close');
  return received;
}
