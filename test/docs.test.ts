/** What the documents say is so: generated tables, and every snippet run or parsed. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { openAccessFile } from '../src/access/access-file.js';
import { readCommand } from '../src/cli.js';
import { createLog } from '../src/log.js';
import { createMetrics } from '../src/metrics/metrics.js';
import { TOOLS } from '../src/tools/index.js';
import { ramPolicy } from '../src/vpc/ram-policy.js';
import { closeSessions, startBin } from './support/bin.js';
import { withTables } from './support/readme-tables.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const READMES = ['README.md', 'README.zh-CN.md'] as const;
const read = (file: string): string => readFileSync(`${ROOT}/${file}`, 'utf8');

type Snippet = { language: string; text: string };
const snippets = (file: string): Snippet[] =>
  [...read(file).matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map((match) => ({
    language: match[1] ?? '',
    text: match[2] ?? '',
  }));

afterEach(closeSessions);

/** An entry starts this very package, by the name that it is published under, with settings that it takes. */
function checkEntry(entry: { command: string; args: string[]; env?: Record<string, string> }): void {
  expect(entry.command).toBe('npx');
  expect(entry.args.slice(0, 2)).toEqual(['-y', manifest.name]);
  expect(readCommand(entry.args.slice(2), entry.env ?? {}).name).toBe('serve');
}

describe.each(READMES)('the tables of %s', (readme) => {
  it('are what the sources say (npm run docs writes them anew)', async () => {
    await expect(withTables(readme, read(readme))).toMatchFileSnapshot(`${ROOT}/${readme}`);
  });
});

describe('mcp.json.example', () => {
  it('starts the server once the keys are filled in, and holds none', async () => {
    const { mcpServers } = JSON.parse(read('mcp.json.example'));
    const [entry] = Object.values<{ command: string; args: string[]; env: Record<string, string> }>(mcpServers);
    if (entry === undefined) throw new Error('no entry');
    checkEntry(entry);
    expect(Object.values(entry.env).filter((value) => !/^<.*>$/.test(value))).toEqual(['ap-southeast-1']);
    const filled = { ...entry.env, ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAI-id', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'secret' };
    const session = await startBin(entry.args.slice(2), filled);
    expect((await session.client.listTools()).tools.length).toBeGreaterThan(5);
    for (const readme of READMES) expect(snippets(readme).map(({ text }) => text)).toContain(read('mcp.json.example'));
  });
});

describe('deploy/', () => {
  it('asks for the rights that the tools need, and no other', () => {
    const actions = [...new Set(TOOLS.flatMap((tool) => tool.actions))].sort();
    expect(JSON.parse(read('deploy/ram-policy.json'))).toEqual(ramPolicy(actions, { regionId: '*' }));
  });

  it('has an access file that is taken, and gives people what its page says', async () => {
    const file = await openAccessFile(
      `${ROOT}/deploy/access/access.json`,
      createLog('error', () => {}),
    );
    const may = (groups: string[], tool: string): boolean =>
      file.rightsOf({ groups, preferred_username: 'anna' }).grantsFor(tool).length > 0;
    expect(may(['staff'], 'create_ssl_vpn_client_cert')).toBe(true);
    expect(may(['staff'], 'delete_ssl_vpn_client_cert')).toBe(false);
    expect(may(['vpn-admins'], 'delete_ssl_vpn_client_cert')).toBe(true);
    expect(may(['guests'], 'list_ssl_vpn_client_certs')).toBe(false);
  });

  it('names the metrics that there are', async () => {
    const text = await (await fetch(await createMetrics().listen(0))).text();
    const names = [...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name);
    const named = [...read('deploy/README.md').matchAll(/`((?:ssl_vpn_mcp|mcp_server|process)_\w+)`/g)].map(
      ([, name]) => name,
    );
    expect(named.sort()).toEqual(names.sort());
  });

  it('has commands that the server takes', () => {
    const [, command = ''] = /^ {2}command: \[(.*)\]$/m.exec(read('deploy/compose.yaml')) ?? [];
    const argv = command.split(', ').map((word) => word.replaceAll('"', ''));
    const variables = (text: string) =>
      [...text.matchAll(/\b((?:SSL_VPN_MCP|ALIBABA_CLOUD)_\w+)[:=]/g)].map(([, name]) => name);
    const values: Record<string, string> = {
      SSL_VPN_MCP_PUBLIC_URL: 'https://vpn.example.com',
      SSL_VPN_MCP_OAUTH_ISSUER: 'https://id.example.com',
      SSL_VPN_MCP_STORE: 'redis://:password@127.0.0.1:6379',
    };
    expect(readCommand(argv, values)).toMatchObject({ name: 'http', http: { port: 8080, metricsPort: 9464 } });
    const known = read('README.md');
    for (const file of ['compose.yaml', 'README.md', 'alicloud-ssl-vpn-mcp@.service'])
      for (const name of variables(read(`deploy/${file}`))) expect(known, `${file}: ${name}`).toContain(name);
  });
});

describe.each(READMES)('%s', (readme) => {
  it('has snippets that parse, and entries that start this package', () => {
    const json = snippets(readme)
      .filter(({ language }) => language === 'json')
      .map(({ text }) => JSON.parse(text));
    const entries = json.flatMap((parsed) =>
      Object.values<Parameters<typeof checkEntry>[0]>(
        parsed.mcpServers ?? parsed.servers ?? parsed.context_servers ?? {},
      ),
    );
    expect(entries).toHaveLength(3);
    for (const entry of entries) checkEntry(entry);
    const [vscode] = json.filter((parsed) => parsed.inputs !== undefined);
    const asked = vscode.inputs.map(({ id }: { id: string }) => `\${input:${id}}`);
    expect(Object.values(vscode.servers['alicloud-ssl-vpn'].env)).toEqual(asked);
  });

  it('has links that carry the same entries', () => {
    const links = [...read(readme).matchAll(/\]\((https:\/\/[^)]*(?:mcp)[^)]*config=[^)]*)\)/g)].map(
      (match) => new URL(match[1] ?? ''),
    );
    expect(links).toHaveLength(2);
    for (const link of links) {
      const config = link.searchParams.get('config') ?? '';
      checkEntry(JSON.parse(config.startsWith('{') ? config : Buffer.from(config, 'base64').toString('utf8')));
    }
  });

  it('has commands of the shell that parse, and npm scripts that exist', () => {
    for (const { text } of snippets(readme).filter(({ language }) => language === 'sh')) {
      execFileSync('sh', ['-n'], { input: text.replace(/<[^>]*>/g, 'placeholder') });
      for (const [, command] of text.matchAll(/npx -y (\S+)/g)) expect(command).toBe(manifest.name);
    }
    const scripts: Record<string, string> = manifest.scripts;
    for (const [, script = ''] of read(readme).matchAll(/npm run ([\w:]+)/g))
      expect(Object.keys(scripts)).toContain(script);
  });

  it('has commands that register for every folder', () => {
    const commands = snippets(readme).flatMap(({ text }) => text.match(/^(claude|gemini|codex) mcp add .*$/gm) ?? []);
    expect(commands.map((command) => command.split(' ')[0])).toEqual(['claude', 'gemini', 'codex']);
    for (const command of commands) {
      expect(command).toMatch(/ npx -y alicloud-ssl-vpn-mcp$/);
      // Codex knows no other scope.
      if (!command.startsWith('codex')) expect(command).toContain(' --scope user ');
    }
  });

  it('says beside each way by npx how to do without the npm registry, which does not have the package yet', () => {
    const blocks = read(readme)
      .replace(/^```[\s\S]*?^```$/gm, (fence) => fence.replaceAll('\n\n', '\n'))
      .split('\n\n');
    const byNpx = blocks.flatMap((block, index) => (/\bnpx\b|"-y", /.test(block) ? [index] : []));
    expect(byNpx.length).toBeGreaterThan(6);
    for (const index of byNpx)
      expect(blocks.slice(index - 1, index + 2).join('\n'), blocks[index]).toContain('dist/main.cjs');
    for (const [, tarball] of read(readme).matchAll(/npx -y file:<clone>\/(\S+\.tgz)/g))
      expect(tarball).toBe(`${manifest.name}-${manifest.version}.tgz`);
  });

  it('has a TOML table with the same entry', () => {
    const [toml] = snippets(readme).filter(({ language }) => language === 'toml');
    expect(toml?.text).toMatch(
      /^\[mcp_servers\.alicloud-ssl-vpn\]\ncommand = "npx"\nargs = \["-y", "alicloud-ssl-vpn-mcp"\]\n/,
    );
    for (const line of toml?.text.split('\n') ?? [])
      expect(line).toMatch(/^(\[[\w.-]+\]|[A-Za-z_]+ = ("[^"]*"|\["[^"]*"(, "[^"]*")*\])|)$/);
  });

  it('links to files that exist', () => {
    for (const [, target = ''] of read(readme).matchAll(/\]\(([\w./-]+)\)/g))
      expect(existsSync(`${ROOT}/${target}`), target).toBe(true);
  });
});

describe('the two READMEs', () => {
  it('have the same structure and the same snippets', () => {
    const structure = (file: string): string[] =>
      [
        ...read(file)
          .replace(/^```[\s\S]*?^```$/gm, '```')
          .matchAll(/^(#+ |- |\| |```|<!-- )/gm),
      ].map((match) => match[1] ?? '');
    expect(structure('README.zh-CN.md')).toEqual(structure('README.md'));
    // The form of an error holds prose, which is translated.
    const same = ({ language, text }: Snippet): boolean => !(language === 'json' && text.includes('"explanation"'));
    expect(snippets('README.zh-CN.md').filter(same)).toEqual(snippets('README.md').filter(same));
  });
});
