/** Who may import whom, as CONTRIBUTING.md says, and lists that stand in two places. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { TOOLS } from '../src/tools/index.js';
import { LISTING } from '../src/tools/listing.js';
import { TOOL_NAMES } from '../src/tools/names.js';
import MUTATIONS from './mutations.json' with { type: 'json' };

const SRC = fileURLToPath(new URL('../src', import.meta.url));
const TESTS = fileURLToPath(new URL('.', import.meta.url));
const FILES = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));

type Import = { from: string; to: string };

const IMPORTS: Import[] = FILES.flatMap((from) =>
  [...readFileSync(join(SRC, from), 'utf8').matchAll(/(?:from|import\(|^import)\s*'([^']+)'/gm)].map(([, to = '']) => ({
    from,
    to: to.startsWith('.') ? relative(SRC, resolve(SRC, dirname(from), to)) : to,
  })),
);

/** A file's room: its folder, or its own name where it stands at the top. */
const roomOf = (file: string): string => file.split('/')[0]?.replace(/\.(tsx?|js)$/, '') ?? '';

/** The rooms that each room may import from, besides itself; packages are held below. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  main: ['cli', 'commands', 'errors', 'mcp', 'secrets', 'settings', 'stderr', 'tools', 'version'],
  stderr: ['errors', 'log', 'secrets'],
  cli: ['settings'],
  settings: ['log', 'tools', 'vpc'],
  log: [],
  version: [],
  concurrency: [],
  'map-texts': [],
  nearest: [],
  person: [],
  progress: [],
  shell: [],
  errors: ['map-texts'],
  metrics: ['log', 'tools'],
  store: ['errors', 'log'],
  budget: ['errors'],
  secrets: ['map-texts', 'vpc'],
  vpc: ['budget', 'errors', 'log', 'secrets'],
  openvpn: ['errors', 'vpc'],
  files: ['errors', 'shell'],
  access: ['errors', 'log', 'policy', 'tools', 'vpc'],
  policy: ['budget', 'errors', 'vpc'],
  tools: ['budget', 'concurrency', 'errors', 'files', 'log', 'nearest', 'openvpn', 'secrets', 'shell', 'store', 'vpc'],
  diagnose: ['budget', 'concurrency', 'errors', 'nearest', 'secrets', 'tools', 'vpc'],
  audit: ['budget', 'errors', 'files', 'log', 'person'],
  audited: ['audit', 'budget', 'errors', 'secrets', 'tools', 'vpc'],
  runtime: ['errors', 'files', 'log', 'secrets', 'settings', 'store', 'tools', 'vpc'],
  call: [
    'audit',
    'audited',
    'budget',
    'diagnose',
    'errors',
    'log',
    'nearest',
    'person',
    'policy',
    'progress',
    'runtime',
    'secrets',
    'tools',
    'vpc',
  ],
  choices: ['budget', 'call', 'concurrency', 'errors', 'log', 'policy', 'runtime', 'vpc'],
  mcp: [
    'access',
    'call',
    'choices',
    'errors',
    'files',
    'log',
    'person',
    'policy',
    'secrets',
    'store',
    'tools',
    'version',
    'vpc',
  ],
  doctor: [
    'access',
    'audit',
    'budget',
    'diagnose',
    'errors',
    'files',
    'nearest',
    'policy',
    'runtime',
    'secrets',
    'settings',
    'tools',
    'vpc',
  ],
  commands: [
    'access',
    'audit',
    'call',
    'choices',
    'doctor',
    'errors',
    'log',
    'mcp',
    'metrics',
    'policy',
    'runtime',
    'sandbox',
    'secrets',
    'settings',
    'stderr',
    'store',
    'tools',
    'version',
    'vpc',
  ],
  sandbox: [],
  // It runs in a browser, and reaches the process over HTTP alone.
  explorer: [],
};

describe('the layout', () => {
  it('is held against imports that were found at all', () => expect(IMPORTS.length).toBeGreaterThan(150));

  it.each([...new Set(FILES.map(roomOf))])('%s imports from the rooms that it may', (room) => {
    const allowed = MAY_IMPORT[room];
    expect(allowed, `${room} stands in no rule`).toBeDefined();
    const outside = IMPORTS.filter(
      ({ from, to }) =>
        roomOf(from) === room &&
        !to.startsWith('@') &&
        to.endsWith('.js') &&
        roomOf(to) !== room &&
        !allowed?.includes(roomOf(to)),
    );
    expect(outside.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
  });

  it('only mcp and the demo import the SDK', () => {
    const users = IMPORTS.filter(({ to }) => to.startsWith('@modelcontextprotocol')).map(({ from }) => from);
    expect([...new Set(users.filter((from) => roomOf(from) !== 'mcp'))]).toEqual(['commands/demo.ts']);
  });

  it('what is loaded at the start reads no package', () => {
    const reached = new Set<string>();
    const visit = (file: string): void => {
      if (reached.has(file)) return;
      reached.add(file);
      const text = readFileSync(join(SRC, file), 'utf8');
      // Neither types nor import() are loaded.
      for (const [, to = ''] of text.matchAll(/^import (?!type)[^;]*?from '([^']+)'/gm))
        if (to.startsWith('.') && to.endsWith('.js')) visit(join(dirname(file), to.replace(/\.js$/, '.ts')));
        else if (!to.startsWith('.') && !to.startsWith('node:')) reached.add(to);
    };
    visit('main.ts');
    expect([...reached].filter((file) => !file.endsWith('.ts'))).toEqual([]);
  });

  it('only main.ts reads the environment', () => {
    const readers = FILES.filter((file) => readFileSync(join(SRC, file), 'utf8').includes('process.env'));
    // The examples of code that users are shown read it too, when the users run them.
    expect(readers.sort()).toEqual(['main.ts', 'tools/code-examples.ts']);
  });
});

describe('lists that stand in two places', () => {
  it('each file of tests has a mutation that must fail it', () => {
    const tests = readdirSync(TESTS, { recursive: true, encoding: 'utf8' }).filter(
      // Published clients are no part of what npm ci installs.
      (file) => file.endsWith('.test.ts') && !/^(clients|conformance)\//.test(file),
    );
    expect(MUTATIONS.map(({ test }) => test).sort()).toEqual(tests.map((file) => `test/${file}`).sort());
  });

  it('each mutation names one place', () => {
    const places = ({ file, find }: (typeof MUTATIONS)[number]): number =>
      readFileSync(join(SRC, '..', file), 'utf8').split(find).length - 1;
    expect(MUTATIONS.filter((mutation) => places(mutation) !== 1)).toEqual([]);
  });

  it('the names of the tools are those of the tools', () => {
    expect([...TOOL_NAMES].sort()).toEqual(TOOLS.map(({ name }) => name).sort());
    expect(LISTING.map(({ name }) => name)).toEqual(TOOLS.map(({ name }) => name));
  });

  it('a file is named as its tool', () => {
    const files = FILES.filter((file) => file.startsWith('tools/')).map((file) => file.slice('tools/'.length, -3));
    for (const { name } of TOOLS) expect(files).toContain(name.replaceAll('_', '-'));
  });
});
