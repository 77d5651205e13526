/** What `explore` serves, to whom, and how it ends. */
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { feed } from '../support/bin.js';
import { closeExplorers, type Explorer, explore } from '../support/explorer.js';

afterEach(closeExplorers);

const MAX_PAGE_BYTES = 150_000;
const LIST = {
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/list',
  params: {
    _meta: {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
      'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
    },
  },
};

/** With headers that fetch() does not let anybody choose. */
async function ask({ origin }: Explorer, path: string, method: string, headers: Record<string, string>, body = '') {
  const { port } = new URL(origin);
  const sent = request({ host: '127.0.0.1', port, path, method, headers });
  sent.end(body);
  const [response] = await once(sent, 'response');
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return { status: response.statusCode as number, headers: response.headers, text };
}

const POST = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  'mcp-protocol-version': '2026-07-28',
  'mcp-method': 'tools/list',
};

describe('the page', () => {
  it('is one small file that names no other address, under a policy that lets it reach nobody else', async () => {
    const explorer = await explore(['--sandbox', '--no-open']);
    const { status, headers, text } = await ask(explorer, '/', 'GET', {});
    expect(status).toBe(200);
    expect(gzipSync(text).length).toBeLessThan(MAX_PAGE_BYTES);
    const policy = String(headers['content-security-policy']);
    expect(policy).toMatch(/^default-src 'none';/);
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(policy).toContain("connect-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
    expect(text).not.toMatch(/<(?:script|link|img|iframe)[^>]*(?:src|href)="(?!data:)/);
    expect(text).not.toContain(explorer.secret);
  });

  it('says nothing to another origin, another host or a wrong secret', async () => {
    const explorer = await explore(['--sandbox', '--no-open']);
    const { host } = new URL(explorer.origin);
    const own = { ...POST, host, authorization: `Bearer ${explorer.secret}` };
    const body = JSON.stringify(LIST);
    const conditions = JSON.stringify({ fault: 'empty', action: null, latency_ms: 0, per_second: null });
    expect((await ask(explorer, '/mcp', 'POST', own, body)).text).toContain('create_ssl_vpn_client_cert');
    expect((await ask(explorer, '/sandbox', 'GET', own)).text).toContain('"requests"');
    for (const wrong of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { host: 'evil.example' },
      { host: `evil.example:${new URL(explorer.origin).port}` },
      { authorization: '' },
      { authorization: `Bearer ${explorer.secret.slice(1)}` },
    ]) {
      for (const [path, method, sent] of [
        ['/mcp', 'POST', body],
        ['/sandbox', 'GET', ''],
        ['/sandbox', 'POST', conditions],
      ] as const) {
        const answer = await ask(explorer, path, method, { ...own, ...wrong }, sent);
        expect([401, 403]).toContain(answer.status);
        expect(answer.text).not.toMatch(/create_ssl|requests"|faults"/);
      }
      if (!('authorization' in wrong)) expect((await ask(explorer, '/', 'GET', { ...own, ...wrong })).status).toBe(403);
    }
    // Nothing of that has set a fault.
    expect((await ask(explorer, '/sandbox', 'GET', own)).text).toContain('"fault":null');
  });

  it('has the switches of a sandbox only where one runs, and takes only what they have', async () => {
    const real = await explore(['--no-open']);
    const headers = (of: Explorer) => ({ ...POST, authorization: `Bearer ${of.secret}` });
    expect((await ask(real, '/sandbox', 'GET', headers(real))).status).toBe(404);
    const explorer = await explore(['--sandbox', '--no-open']);
    for (const wrong of [
      '{',
      '[]',
      '{"fault":"none"}',
      '{"fault":null,"action":null,"latency_ms":-1,"per_second":null}',
    ])
      expect((await ask(explorer, '/sandbox', 'POST', headers(explorer), wrong)).status).toBe(400);
  });
});

describe('the process', () => {
  it('prints an address on loopback with the secret in its fragment, and that alone', async () => {
    const explorer = await explore(['--sandbox', '--no-open']);
    expect(explorer.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#secret=[\w-]{43}$/);
    expect(explorer.stderr()).toBe('');
  });

  it('ends with Ctrl-C, also while a call is at work', async () => {
    const explorer = await explore(['--sandbox', '--no-open']);
    const headers = { ...POST, authorization: `Bearer ${explorer.secret}` };
    await ask(
      explorer,
      '/sandbox',
      'POST',
      headers,
      JSON.stringify({ fault: 'hang-before', action: null, latency_ms: 0, per_second: null }),
    );
    const params = { ...LIST.params, name: 'list_regions', arguments: {} };
    const call = { ...headers, 'mcp-method': 'tools/call', 'mcp-name': 'list_regions' };
    const under = ask(explorer, '/mcp', 'POST', call, JSON.stringify({ ...LIST, method: 'tools/call', params }));
    under.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await explorer.stop()).toBe(0);
    await expect(fetch(explorer.origin)).rejects.toThrow();
  });

  it('refuses a port that is taken with one line', async () => {
    const explorer = await explore(['--sandbox', '--no-open']);
    const { port } = new URL(explorer.origin);
    const { code, stderr } = await feed(['explore', '--sandbox', '--no-open', '--port', port], '');
    expect(code).toBe(2);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain('--port');
  });
});

describe.skipIf(process.platform === 'win32' || process.platform === 'darwin')('the browser', () => {
  it('is led to the address by a private file, since anybody can read the arguments of a process', async () => {
    const home = mkdtempSync(join(tmpdir(), 'home-'));
    const bin = join(home, 'bin');
    mkdirSync(bin);
    const opener = join(bin, 'xdg-open');
    writeFileSync(
      opener,
      `#!/bin/sh\nls -l "$1" >"${home}/mode"; cp "$1" "${home}/seen.html"; echo "$@" >"${home}/arguments"\n`,
    );
    chmodSync(opener, 0o755);
    try {
      const explorer = await explore(['--sandbox'], { HOME: home, PATH: `${bin}:${process.env.PATH}` });
      while (!readdirSync(home).includes('arguments')) await new Promise((resolve) => setTimeout(resolve, 20));
      expect(readFileSync(join(home, 'arguments'), 'utf8')).not.toContain(explorer.secret);
      expect(readFileSync(join(home, 'mode'), 'utf8')).toMatch(/^-rw-------/);
      expect(readFileSync(join(home, 'seen.html'), 'utf8')).toContain(`url=${explorer.address}"`);
      await explorer.stop();
      expect(readdirSync(home).filter((name) => name.startsWith('ssl-vpn'))).toEqual([]);
    } finally {
      rmSync(home, { recursive: true });
    }
  });
});
