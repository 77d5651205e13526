/** What is published: the tarball, the bundle for Claude Desktop, the registry's entry, the image's recipe. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod/v3';
import manifest from '../package.json' with { type: 'json' };
import registryEntry from '../server.json' with { type: 'json' };
import { readCommand } from '../src/cli.js';
import { TOOL_NAMES } from '../src/tools/names.js';
import { INITIALIZE } from './support/bin.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'package-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function serverNameOf(bin: string, env: Record<string, string> = {}): string {
  const { stdout, status } = spawnSync(process.execPath, [bin], {
    input: `${JSON.stringify(INITIALIZE)}\n`,
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', HOME: folder, ...env },
  });
  expect(status).toBe(0);
  return JSON.parse(stdout).result.serverInfo.name;
}

describe('the tarball', () => {
  it('is under 1 MB, brings no packages, no source maps and nothing of the workshop, and runs where it is installed', () => {
    const npm = (args: string[], cwd: string): string =>
      execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const [packed] = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], ROOT));
    expect(packed.size).toBeLessThan(1_000_000);
    const files: string[] = packed.files.map(({ path }: { path: string }) => path);
    for (const needed of [
      'dist/main.cjs',
      'dist/commands/serve.js',
      'dist/commands/doctor.js',
      'dist/commands/sandbox.js',
      'dist/THIRD-PARTY-NOTICES.txt',
      'README.md',
      'LICENSE',
      'mcp.json.example',
    ])
      expect(files).toContain(needed);
    expect(files.filter((file) => /\.map$|metafile|demo|^src|^test|node_modules/.test(file))).toEqual([]);
    npm(['install', '--offline', '--no-audit', '--no-fund', join(folder, packed.filename)], folder);
    // As the README has it until the package is published.
    const tarball = `file:${join(folder, packed.filename)}`;
    const byNpx = ['exec', '--offline', '--yes', `--cache=${join(folder, 'cache')}`, '--', tarball, '--version'];
    expect(npm(byNpx, folder).trim()).toBe(manifest.version);
    const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
    expect(Object.keys(packages)).toEqual(['', 'node_modules/alicloud-ssl-vpn-mcp']);
    expect(serverNameOf(join(folder, 'node_modules/.bin/alicloud-ssl-vpn-mcp'))).toBe(manifest.name);
  });

  it('names the licence of every package that it bundles', () => {
    const notices = readFileSync(join(ROOT, 'dist/THIRD-PARTY-NOTICES.txt'), 'utf8');
    for (const name of [
      '@modelcontextprotocol/sdk',
      'zod',
      'undici',
      'ajv',
      'fast-xml-parser',
      '@peculiar/x509',
      '@alicloud/credentials',
      'fastest-levenshtein',
    ]) {
      expect(notices).toMatch(
        new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\((MIT|Apache-2\\.0|BSD[^)]*|ISC|0BSD)\\)$`, 'm'),
      );
    }
    expect(notices).not.toContain('(undefined)');
  });
});

describe('the .mcpb bundle', () => {
  it('is valid, keeps secrets as sensitive settings, and starts', () => {
    const file = join(folder, 'bundle.mcpb');
    execFileSync(process.execPath, ['scripts/pack-mcpb.js', file], { cwd: ROOT, stdio: 'ignore' });
    execFileSync(join(ROOT, 'node_modules/.bin/mcpb'), ['unpack', file, join(folder, 'unpacked')], { stdio: 'ignore' });
    const bundle = JSON.parse(readFileSync(join(folder, 'unpacked/manifest.json'), 'utf8'));
    expect(bundle.version).toBe(manifest.version);
    expect(bundle.tools.map(({ name }: { name: string }) => name)).toEqual(TOOL_NAMES);
    for (const setting of ['access_key_id', 'access_key_secret'])
      expect(bundle.user_config[setting].sensitive).toBe(true);
    // As the host fills it in when the person left everything out but the folder.
    const env: Record<string, string> = Object.fromEntries(
      Object.keys(bundle.server.mcp_config.env).map((name) => [name, '']),
    );
    expect(readCommand([], { ...env, SSL_VPN_MCP_READ_ONLY: 'false' }).name).toBe('serve');
    expect(
      serverNameOf(join(folder, 'unpacked', bundle.server.entry_point), { ...env, SSL_VPN_MCP_READ_ONLY: 'false' }),
    ).toBe(manifest.name);
  });
});

describe('server.json', () => {
  /** What the registry requires of an entry, by its schema of 2025-12-11 and its rules for npm packages. */
  const entry = z.object({
    $schema: z.literal('https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json'),
    name: z
      .string()
      .min(3)
      .max(200)
      .regex(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/),
    title: z.string().min(1).max(100),
    description: z.string().min(1).max(100),
    version: z
      .string()
      .max(255)
      .regex(/^\d+\.\d+\.\d+$/),
    packages: z
      .array(
        z.object({
          registryType: z.literal('npm'),
          identifier: z.string(),
          version: z.string().regex(/^\d+\.\d+\.\d+$/),
          transport: z.object({ type: z.literal('stdio') }),
          environmentVariables: z.array(
            z
              .object({
                name: z.string(),
                description: z.string(),
                isRequired: z.boolean(),
                isSecret: z.boolean().optional(),
              })
              .passthrough(),
          ),
        }),
      )
      .min(1),
  });

  it('is what the MCP registry requires, and of this package', () => {
    const { name, version, packages } = entry.strict().parse(registryEntry);
    expect(name).toBe(manifest.mcpName);
    expect(version).toBe(manifest.version);
    expect(packages[0]).toMatchObject({ identifier: manifest.name, version: manifest.version });
    for (const variable of packages[0]?.environmentVariables ?? []) {
      if (/KEY|TOKEN/.test(variable.name)) expect(variable.isSecret).toBe(true);
    }
  });
});

describe('the Dockerfile', () => {
  const lines = readFileSync(join(ROOT, 'Dockerfile'), 'utf8').split('\n');

  it('ends in a slim image, not as root, and starts the bin', () => {
    const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
    expect(last[0]).toMatch(/^FROM \S+(distroless|slim)\S*/);
    expect(last.find((line) => line.startsWith('USER '))).toBe('USER nonroot');
    expect(last.find((line) => line.startsWith('ENTRYPOINT '))).toBe(
      'ENTRYPOINT ["/nodejs/bin/node", "/app/dist/main.cjs"]',
    );
    expect(last.some((line) => /^RUN /.test(line))).toBe(false);
  });

  it('holds instructions that Docker knows, and no secret', () => {
    for (const line of lines) expect(line).toMatch(/^(#.*|(FROM|WORKDIR|COPY|RUN|ENV|USER|ENTRYPOINT) .+|)$/);
    expect(lines.join('\n')).not.toMatch(/SECRET|TOKEN/);
  });
});
