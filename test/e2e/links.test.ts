/** Files that are handed over by links, from outside. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/http.js';
import { closeAll, REGION, SERVER, sandboxWith } from '../support/client.js';
import { closeHttp, connect, type HttpClient, serveHttp } from '../support/http.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'links-'));
});
afterEach(async () => {
  await closeHttp();
  await closeAll();
  rmSync(folder, { recursive: true, force: true });
});

const where = { region_id: REGION, ssl_vpn_server_id: SERVER };
const DOES_NOT_WORK = 'This link does not work';

async function begin(options: Parameters<typeof sandboxWith>[0] = {}, args: readonly string[] = []) {
  const sandbox = await sandboxWith(options);
  const audit = join(folder, 'audit.jsonl');
  const server = await serveHttp(['--audit-log', audit, ...args], {
    ALIBABA_CLOUD_VPC_ENDPOINT: sandbox.url,
    ALIBABA_CLOUD_ACCESS_KEY_ID: sandbox.credentials.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: sandbox.credentials.accessKeySecret,
  });
  const client = await connect('2026-07-28', server);
  const audited = () =>
    readFileSync(audit, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  return { sandbox, server, client, audited };
}

async function linkFor(client: HttpClient, name: string) {
  const answer = await client.call('create_ssl_vpn_client_cert', { ...where, name, save_config: true });
  expect(answer).not.toHaveProperty('file');
  return { ...answer.link, id: answer.certificate.ssl_vpn_client_cert_id as string };
}

const use = (url: string, button: 'file' | 'import') =>
  fetch(`${url}/${button}`, { method: 'POST', redirect: 'manual' });

async function endsWith(response: Response): Promise<string> {
  expect(response.status).toBe(404);
  const text = await response.text();
  expect(text).toContain(DOES_NOT_WORK);
  return text;
}

const fetches = (sandbox: Sandbox): number =>
  sandbox.requests.filter(({ action }) => action === 'DescribeSslVpnClientCert').length;

describe('a link', () => {
  it('shows a page as often as one likes, and delivers the file once', async () => {
    const { server, client, sandbox, audited } = await begin();
    const { url, file_name, expires_at, id } = await linkFor(client, 'anna');
    expect(url).toMatch(new RegExp(`^${server.url}/links/[\\w-]{43}$`));
    expect(file_name).toBe(`anna-${id}.ovpn`);
    expect(Date.parse(expires_at)).toBeGreaterThan(Date.now());
    const before = fetches(sandbox);
    for (const method of ['GET', 'HEAD', 'GET']) {
      const page = await fetch(url, { method });
      expect(page.status).toBe(200);
      expect(page.headers.get('cache-control')).toBe('no-store');
      expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      if (method === 'GET') expect(await page.text()).toContain(`anna (${id})`);
    }
    expect(fetches(sandbox)).toBe(before);
    const file = await use(url, 'file');
    expect(file.status).toBe(200);
    expect(file.headers.get('content-disposition')).toContain(file_name);
    expect(await file.text()).toMatch(/<key>\n-----BEGIN/);
    await endsWith(await use(url, 'file'));
    await endsWith(await use(url, 'import'));
    await endsWith(await fetch(url));
    const uses = audited().filter(({ who }) => who.client.startsWith('link'));
    expect(uses.map(({ outcome }) => outcome)).toEqual(['intent', 'ok']);
    expect(uses[0].parameters.SslVpnClientCertId).toBe(id);
    const secret = url.slice(-43);
    expect(server.stderr() + JSON.stringify(audited())).not.toContain(secret);
  });

  it('opens OpenVPN Connect with an address that is good for one GET', async () => {
    const { client } = await begin();
    const { url } = await linkFor(client, 'anna');
    const sent = await use(url, 'import');
    expect(sent.status).toBe(303);
    const [, address = ''] = /^openvpn:\/\/import-profile\/(http.+)$/.exec(sent.headers.get('location') ?? '') ?? [];
    await endsWith(await use(url, 'file'));
    await endsWith(await fetch(address, { method: 'HEAD' }).then(async (head) => new Response(DOES_NOT_WORK, head)));
    expect(await (await fetch(address)).text()).toMatch(/<key>\n-----BEGIN/);
    await endsWith(await fetch(address));
  });

  it('works again where the file could not be fetched', async () => {
    let down = false;
    const refused = { status: 403, body: JSON.stringify({ RequestId: 'R', Code: 'Forbidden.RAM', Message: 'no' }) };
    const { client } = await begin({
      fault: ({ action }) => (down && action === 'DescribeSslVpnClientCert' ? refused : undefined),
    });
    const { url } = await linkFor(client, 'anna');
    down = true;
    expect((await use(url, 'file')).status).toBe(503);
    down = false;
    expect((await use(url, 'file')).status).toBe(200);
  });

  it('answers alike when it was used, has expired, never was, or its certificate was revoked', async () => {
    const { client, server } = await begin({}, ['--link-ttl', '2']);
    const [used, expired, revoked] = [
      await linkFor(client, 'used'),
      await linkFor(client, 'expired'),
      await linkFor(client, 'revoked'),
    ];
    await use(used.url, 'file');
    await client.call('delete_ssl_vpn_client_cert', {
      region_id: REGION,
      ssl_vpn_client_cert_id: revoked.id,
      confirm_name: 'revoked',
    });
    const unknown = `${server.url}/links/${'A'.repeat(43)}`;
    const texts = [await endsWith(await use(revoked.url, 'file')), await endsWith(await use(used.url, 'file'))];
    while ((await fetch(expired.url)).status === 200) await new Promise((resolve) => setTimeout(resolve, 100));
    for (const url of [expired.url, unknown, `${server.url}/links/short`])
      texts.push(await endsWith(await use(url, 'file')));
    expect(new Set(texts).size).toBe(1);
  });

  it('gives one of many who press at once the file', async () => {
    const { client } = await begin({ latencyMs: 100 });
    const { url } = await linkFor(client, 'anna');
    const answers = await Promise.all(Array.from({ length: 8 }, () => use(url, 'file')));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(404)]);
  });

  it('is not used where the use cannot be recorded', async () => {
    const { client } = await begin();
    const { url } = await linkFor(client, 'anna');
    rmSync(folder, { recursive: true, force: true });
    expect((await use(url, 'file')).status).toBe(503);
  });

  it('is each row of a batch its own', async () => {
    const { client } = await begin();
    const { created } = await client.call('issue_ssl_vpn_client_certs', {
      ...where,
      names: ['anna', 'clara'],
      save_configs: 'new',
    });
    const urls = created.map(({ link }: { link: { url: string } }) => link.url);
    expect(new Set(urls).size).toBe(2);
    for (const url of urls) expect((await use(url, 'file')).status).toBe(200);
    const { links } = await client.call('save_ssl_vpn_client_config', {
      region_id: REGION,
      ssl_vpn_client_cert_id: created[0].ssl_vpn_client_cert_id,
    });
    expect(links).toHaveLength(1);
  });
});
