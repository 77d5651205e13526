/** Three replicas behind a balancer, which share a store: what one of them began, another goes on with. */
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { request } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/http.js';
import { feed, type Result } from '../support/bin.js';
import { closeAll, REGION, SERVER, sandboxWith } from '../support/client.js';
import { closeHttp, logged, TOKEN } from '../support/http.js';
import { closeIssuers, openIssuer } from '../support/issuer.js';
import {
  type Company,
  callTool,
  closeReplicas,
  openCompany,
  openStore,
  replicasInstalled,
  type Store,
} from '../support/replicas.js';

afterEach(async () => {
  await closeHttp();
  await closeReplicas();
  await closeIssuers();
  await closeAll();
});

const where = { region_id: REGION, ssl_vpn_server_id: SERVER };
const BATCH = 'issue_ssl_vpn_client_certs';
const DELETE = 'DeleteSslVpnClientCert';
const joiners = (count: number, prefix = 'joiner') => Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function begin(
  options: SandboxOptions = {},
  args: readonly string[] = [],
): Promise<{ sandbox: Sandbox; store: Store; company: Company }> {
  const sandbox = await sandboxWith(options);
  const store = await openStore();
  const company = await openCompany(['--store', store.url, ...args], {
    ALIBABA_CLOUD_VPC_ENDPOINT: sandbox.url,
    ALIBABA_CLOUD_ACCESS_KEY_ID: sandbox.credentials.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: sandbox.credentials.accessKeySecret,
  });
  return { sandbox, store, company };
}

const urlOf = ({ replicas }: Company, index: number): string => replicas[index]?.url ?? '';

/** How many certificates each name has. */
function perName(sandbox: Sandbox): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { Name } of sandbox.cloud.certificates()) counts.set(Name, (counts.get(Name) ?? 0) + 1);
  return counts;
}

function expectEachOnce(sandbox: Sandbox, names: readonly string[]): void {
  const counts = perName(sandbox);
  expect(names.filter((name) => counts.get(name) !== 1)).toEqual([]);
}

/** A link to a new certificate, at the balancer's address. */
async function linkBy(url: string, name: string): Promise<URL> {
  const { link } = await callTool(url, 'create_ssl_vpn_client_cert', { ...where, name, save_config: true });
  return new URL(link.url);
}

/** A client whose person says yes, and how often they were asked. @param next where the next request goes */
async function agreeing(next: () => string) {
  const transport = new StreamableHTTPClientTransport(new URL(`${next()}/mcp`), {
    requestInit: { headers: { authorization: `Bearer ${TOKEN}` } },
    fetch: (_url, init) => fetch(`${next()}/mcp`, init),
  });
  const client = new Client(
    { name: 'client', version: '1' },
    { capabilities: { elicitation: {} }, versionNegotiation: { mode: { pin: '2026-07-28' } } },
  );
  let questions = 0;
  client.setRequestHandler('elicitation/create', () => {
    questions += 1;
    return { action: 'accept' as const, content: { confirm: true } };
  });
  await client.connect(transport);
  return {
    questions: () => questions,
    close: () => client.close(),
    async revoke(ssl_vpn_client_cert_ids: string[]): Promise<Result> {
      const args = { region_id: REGION, ssl_vpn_client_cert_ids };
      return (await client.callTool({ name: 'revoke_ssl_vpn_client_certs', arguments: args })).structuredContent;
    },
  };
}

async function idsOf(url: string, count: number): Promise<string[]> {
  const { created } = await callTool(url, BATCH, { ...where, names: joiners(count) });
  return created.map((row: Record<string, string>) => row.ssl_vpn_client_cert_id);
}

describe.skipIf(!replicasInstalled)('three replicas', () => {
  it('end a batch of 300 through the balancer, each name once, while they are killed and started', async () => {
    let killed = 0;
    const { sandbox, company } = await begin({
      latencyMs: 30,
      // There is work left for as long as there are kills to come.
      fault: ({ parameters }) => (parameters.Name === 'joiner-299' && killed < 3 ? 'unavailable' : undefined),
    });
    const names = joiners(300);
    let complete = false;
    const broken: string[] = [];
    const client = (async () => {
      while (!complete) {
        // Without a batch_id: the client that gets no answer has none.
        const answer = await callTool(company.url, BATCH, { ...where, names }, company).catch(({ message }) => {
          broken.push(message);
        });
        complete = answer?.complete ?? false;
      }
    })();
    for (const replica of company.replicas) {
      await sleep(500);
      await replica.stop('SIGKILL');
      killed += 1;
      await replica.start();
    }
    await client;
    expect(broken.length).toBeGreaterThan(0);
    for (const message of broken) expect(message).toMatch(/^502 \{"jsonrpc".*Repeat a batch/);
    expectEachOnce(sandbox, names);
  });

  it('make each certificate of a batch once when all get it at the same time', async () => {
    const { sandbox, company } = await begin({ latencyMs: 20 });
    const names = joiners(60);
    const answers = await Promise.all(company.replicas.map(({ url }) => callTool(url, BATCH, { ...where, names })));
    expect(answers.map(({ complete }) => complete)).toEqual([true, true, true]);
    expect(new Set(answers.map(({ batch_id }) => batch_id)).size).toBe(1);
    expectEachOnce(sandbox, names);
  });

  it('find their shares of what the service permits', async () => {
    const { sandbox, company } = await begin({ latencyMs: 30, rateLimit: { kind: 'bucket', perSecond: 60 } });
    const batches = [joiners(100, 'one'), joiners(100, 'other')];
    const answers = await Promise.all(
      batches.map((names, index) => callTool(urlOf(company, index), BATCH, { ...where, names })),
    );
    expect(answers.map(({ complete }) => complete)).toEqual([true, true]);
    expectEachOnce(sandbox, batches.flat());
    const refused = sandbox.requests.filter(({ code }) => code === 'Throttling.User').length;
    expect(refused).toBeGreaterThan(0);
    expect(refused / sandbox.requests.length).toBeLessThan(0.1);
  });

  it('let a link that one of them made be used at another, once, and keep nothing of it that could be used', async () => {
    const { company, store } = await begin({ latencyMs: 20 });
    const { href, pathname } = await linkBy(urlOf(company, 0), 'anna');
    expect(href).toContain(`${company.url}/links/`);
    expect(await store.dump()).not.toContain(pathname.slice(-43));
    const press = async () => {
      const { statusCode, body } = await request(`${href}/file`, { method: 'POST', dispatcher: company.agent });
      return { statusCode, text: await body.text() };
    };
    const answers = await Promise.all(Array.from({ length: 50 }, press));
    const [first, ...others] = answers.sort((a, b) => a.statusCode - b.statusCode);
    expect(first?.text).toMatch(/<key>\n-----BEGIN/);
    expect(new Set(others.map(({ statusCode }) => statusCode))).toEqual(new Set([404]));
    expect(company.balancerLog()).toContain('/links/...');
    expect(company.balancerLog()).not.toContain(pathname.slice(-43));
  });

  it('take an answer to the question of another, and a yes for several for as long as the work takes', async () => {
    const { company } = await begin({ changeMs: 4_000 }, ['--deadline', '6000']);
    let turn = 0;
    // Each request to the next.
    const next = (): string => urlOf(company, turn++ % 3);
    const client = await agreeing(next);
    const ids = await idsOf(next(), 3);
    let answer = await client.revoke(ids);
    expect(answer).toMatchObject({ complete: false, asked: true });
    while (!answer.complete) {
      answer = await client.revoke(ids);
      expect(answer.asked).toBe(false);
    }
    expect(client.questions()).toBe(1);
    await client.close();
  });

  it('revoke all that one yes was for, each once, though the one at work is killed twice', async () => {
    let deletions = 0;
    let atWork = 0;
    const { sandbox, company } = await begin({
      fault({ action, earlier }) {
        if (action === DELETE && earlier === 0) deletions += 1;
        if (deletions > 8 * (atWork + 1) && atWork < 2) {
          company.replicas[atWork]?.server().child.kill('SIGKILL');
          atWork += 1;
        }
        return undefined;
      },
    });
    const client = await agreeing(() => urlOf(company, atWork));
    const ids = await idsOf(urlOf(company, 0), 30);
    await expect(client.revoke(ids)).rejects.toThrow();
    await expect(client.revoke(ids)).rejects.toThrow();
    expect(await client.revoke(ids)).toMatchObject({ complete: true, asked: false, failed: [] });
    expect(client.questions()).toBe(1);
    const accepted = sandbox.requests.filter(({ action, status }) => action === DELETE && status === 200);
    const tokens = new Set(
      accepted.map(({ parameters }) => `${parameters.SslVpnClientCertId} ${parameters.ClientToken}`),
    );
    expect(tokens.size).toBe(30);
    expect(sandbox.cloud.certificates().filter(({ SslVpnClientCertId: id }) => ids.includes(id))).toEqual([]);
    await client.close();
  });

  it('refuse without their store what needs it, do all else, and are themselves again when it is back', async () => {
    const { sandbox, company, store } = await begin({}, ['--deadline', '8000']);
    const [url] = [urlOf(company, 0)];
    const ready = async () => (await fetch(`${url}/health/ready`)).status;
    const link = await linkBy(url, 'early');
    for (const signal of ['SIGKILL', 'SIGSTOP'] as const) {
      await store.stop(signal);
      while ((await ready()) === 200) await sleep(20);
      const before = sandbox.cloud.certificates().length;
      for (const [tool, args] of [
        ['create_ssl_vpn_client_cert', { ...where, name: 'anna', save_config: true }],
        [BATCH, { ...where, names: ['anna'] }],
        [BATCH, { ...where, names: ['anna'], batch_id: 'mine', save_configs: 'new' }],
      ] as const) {
        const { error } = await callTool(url, tool, args);
        expect(error).toMatchObject({ code: 'Client.Refused', effect: 'none', retryable: true });
        expect(error.message).toContain('store');
      }
      expect(sandbox.cloud.certificates()).toHaveLength(before);
      const press = await fetch(`${url}${link.pathname}/file`, { method: 'POST' });
      expect(press.status).toBe(503);
      expect(press.headers.get('retry-after')).not.toBeNull();
      const names = joiners(5, signal);
      expect((await callTool(url, BATCH, { ...where, names, batch_id: signal })).complete).toBe(true);
      expect((await callTool(url, 'list_regions', {})).regions.length).toBeGreaterThan(0);
      if (signal === 'SIGSTOP') await store.stop('SIGKILL');
      await store.start();
      while ((await ready()) !== 200) await sleep(20);
      expect((await callTool(url, BATCH, { ...where, names })).created).toEqual([]);
      expectEachOnce(sandbox, names);
    }
    expect((await fetch(`${url}${link.pathname}/file`, { method: 'POST' })).status).toBe(200);
    const said = company.replicas[0]?.server();
    expect(logged(said ?? { stderr: () => '' }).map(({ message }) => message)).toContain('store reached again');
    expect(said?.stderr()).not.toContain('password-of-the-store');
  });

  it('serve people who sign in, each with their rights, as the page in deploy/ sets them up', async () => {
    const issuer = await openIssuer();
    const { company } = await begin({}, [
      ...[
        '--oauth-issuer',
        issuer.url,
        '--access-file',
        fileURLToPath(new URL('../../deploy/access/access.json', import.meta.url)),
      ],
    ]);
    const { statusCode, headers, body } = await request(`${company.url}/mcp`, {
      method: 'POST',
      dispatcher: company.agent,
    });
    await body.dump();
    expect(statusCode).toBe(401);
    const [, metadataUrl = ''] = /resource_metadata="([^"]+)"/.exec(String(headers['www-authenticate'])) ?? [];
    const metadata = (await (await request(metadataUrl, { dispatcher: company.agent })).body.json()) as Result;
    expect(metadata).toMatchObject({ resource: `${company.url}/mcp`, authorization_servers: [issuer.url] });
    const token = await issuer.token({ aud: metadata.resource, groups: ['staff'], preferred_username: 'anna' });
    const by = (name: string) =>
      callTool(company.url, 'create_ssl_vpn_client_cert', { ...where, name, save_config: true }, { ...company, token });
    expect((await by('clara')).error.code).toBe('Client.Refused');
    const { link } = await by('anna--laptop');
    const file = await request(`${link.url}/file`, { method: 'POST', dispatcher: company.agent });
    expect(await file.body.text()).toMatch(/<key>\n-----BEGIN/);
  });

  it('leave without losing a call: what is under way is answered, what comes goes to another', async () => {
    let arrived = 0;
    const { company } = await begin({
      latencyMs: 2_000,
      fault() {
        arrived += 1;
        return undefined;
      },
    });
    const [first] = company.replicas;
    const call = callTool(urlOf(company, 0), 'create_ssl_vpn_client_cert', { ...where, name: 'anna' });
    const again = callTool(urlOf(company, 0), 'create_ssl_vpn_client_cert', { ...where, name: 'clara' });
    while (arrived < 2) await sleep(20);
    const ended = once(first?.server().child ?? process, 'exit');
    first?.server().child.kill('SIGTERM');
    const through = joiners(12).map((name) => callTool(company.url, 'list_regions', { name }, company).catch(String));
    expect((await call).certificate.name).toBe('anna');
    expect((await again).certificate.name).toBe('clara');
    for (const answer of await Promise.all(through))
      expect(answer).toHaveProperty('error.code', 'Client.InvalidArguments');
    expect((await ended)[0]).toBe(0);
  });
});

describe.skipIf(!replicasInstalled)('a store that cannot be used at the start', () => {
  it.each([
    ['nobody listens', 'redis://:password-of-the-store@127.0.0.1:1', 'ECONNREFUSED'],
    ['the password is wrong', undefined, 'WRONGPASS'],
  ])('ends the process with one line: %s', async (_case, given, why) => {
    const url = given ?? (await openStore()).url.replace('password-of-the-store', 'another-password');
    const { code, stderr } = await feed(['http', '--sandbox', '--port', '0', '--store', url], '', {
      SSL_VPN_MCP_TOKEN: TOKEN,
    });
    expect(code).toBe(2);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toContain('--store');
    expect(stderr).toContain(why);
    expect(stderr).not.toMatch(/password-of-the-store|another-password/);
  });
});
