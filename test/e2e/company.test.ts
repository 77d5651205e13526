/** Two people with different rights, clients of both eras, TLS in front, and a file that a real OpenVPN connects with. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, fetch as fetchWith } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/http.js';
import { closeAll, REGION, SERVER, sandboxWith } from '../support/client.js';
import { closeHttp, connect, serveHttp } from '../support/http.js';
import { closeIssuers, type Issuer, openIssuer } from '../support/issuer.js';
import { type OpenVpn, openVpnIn, openvpnInstalled } from '../support/openvpn.js';

const RULES = {
  rules: [
    { who: { groups: 'vpn-admins' }, tools: 'all' },
    {
      who: { groups: 'staff' },
      tools: ['create_ssl_vpn_client_cert', 'save_ssl_vpn_client_config', 'list_ssl_vpn_client_certs'],
      names: ['{email:local}', '{email:local}--*'],
    },
  ],
};
/** As a company's proxy: ends TLS and takes the prefix off. */
const PREFIX = '/vpn';

let folder: string;
let proxy: Server;
let url: string;
let port = 0;
let issuer: Issuer;
let sandbox: Sandbox;
let openvpn: OpenVpn;
let trusting: typeof fetch;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'company-'));
  openvpn = openVpnIn(folder);
  writeFileSync(join(folder, 'access.json'), JSON.stringify(RULES));
  const [key, cert] = [join(folder, 'tls.key'), join(folder, 'tls.crt')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', '-x509', ...ec, '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' });
  proxy = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (incoming, outgoing) => {
    const path = incoming.url?.replace(PREFIX, '');
    const passed = request({ port, path, method: incoming.method, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    outgoing.on('close', () => passed.destroy());
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  url = `https://localhost:${(proxy.address() as AddressInfo).port}${PREFIX}`;
  const dispatcher = new Agent({ connect: { ca: readFileSync(cert) } });
  trusting = ((address: string, init: object) => fetchWith(address, { ...init, dispatcher })) as typeof fetch;
  [issuer, sandbox] = await Promise.all([openIssuer(), sandboxWith()]);
  const access = ['--access-file', join(folder, 'access.json'), '--public-url', url, '--oauth-issuer', issuer.url];
  const server = await serveHttp(access, {
    ALIBABA_CLOUD_VPC_ENDPOINT: sandbox.url,
    ALIBABA_CLOUD_ACCESS_KEY_ID: sandbox.credentials.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: sandbox.credentials.accessKeySecret,
  });
  port = Number(new URL(server.url).port);
});
afterAll(async () => {
  await openvpn.stop();
  await closeHttp();
  proxy.closeAllConnections();
  proxy.close();
  await Promise.all([closeAll(), closeIssuers()]);
  rmSync(folder, { recursive: true, force: true });
});

it('two people, each with a client of another era, and a file that connects', async () => {
  const aud = `${url}/mcp`;
  const asAnna = await issuer.token({ aud, sub: 'anna', email: 'anna@example.com', groups: ['staff'] });
  const asBoss = await issuer.token({ aud, sub: 'boss', groups: ['vpn-admins'] });
  const anna = await connect('2026-07-28', { url }, { token: asAnna, fetch: trusting });
  const boss = await connect('sdk 1', { url }, { token: asBoss, fetch: trusting });
  const where = { region_id: REGION, ssl_vpn_server_id: SERVER };

  expect((await anna.call('create_ssl_vpn_client_cert', { ...where, name: 'boss' })).error.code).toBe('Client.Refused');
  const { link } = await anna.call('create_ssl_vpn_client_cert', { ...where, name: 'anna--laptop', save_config: true });
  await boss.call('create_ssl_vpn_client_cert', { ...where, name: 'boss' });
  const seen = async (client: typeof anna): Promise<string[]> =>
    (await client.call('list_ssl_vpn_client_certs', { ...where, limit: 200 })).certificates.map(
      ({ name }: { name: string }) => name,
    );
  expect(await seen(anna)).toEqual(['anna--laptop']);
  expect(await seen(boss)).toEqual(expect.arrayContaining(['anna--laptop', 'boss']));

  expect(link.url.startsWith(`${url}/links/`)).toBe(true);
  const page = await (await trusting(link.url)).text();
  const [, action = ''] = /action="([^"]+\/file)"/.exec(page) ?? [];
  const file = await trusting(new URL(action, link.url).href, {
    method: 'POST',
    headers: { origin: new URL(url).origin, 'content-type': 'application/x-www-form-urlencoded' },
  });
  expect(file.status).toBe(200);
  const saved = await file.text();
  if (!openvpnInstalled) return;
  const vpn = await openvpn.startServer(sandbox.cloud.authority);
  expect(await openvpn.connect(saved, vpn)).toContain('Initialization Sequence Completed');
});
