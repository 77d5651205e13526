/** What is loaded when, seen from the running process; and what is shipped, seen from the bundler's own account. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BIN, feed, INITIALIZE } from './support/bin.js';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
/** What a client waits for at every start. A package that slips in costs more than this leaves. */
const MAX_MAIN_BYTES = 54_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loading-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
const call = (name: string, args: object) => ({
  jsonrpc: '2.0',
  id: 2,
  method: 'tools/call',
  params: { name, arguments: args },
});

/** The files of ours that V8 saw run until the process left, less the hashes that the bundler gives them. */
async function loadedBy(messages: readonly object[], args: readonly string[] = []): Promise<string[]> {
  const input = messages.map((message) => `${JSON.stringify(message)}\n`).join('');
  const { messages: answers } = await feed(args, input, { NODE_V8_COVERAGE: folder }, messages.length);
  expect(answers()).toHaveLength(messages.length);
  const urls = readdirSync(folder).flatMap((file): string[] =>
    JSON.parse(readFileSync(join(folder, file), 'utf8')).result.map(({ url }: { url: string }) => url),
  );
  const ours = urls.filter((url) => url.startsWith('file:') && !url.includes('node_modules/.bin'));
  return ours.map((url) => basename(fileURLToPath(url)).replace(/-[A-Z0-9]{8}\.js$/, ''));
}

describe('a running process', () => {
  it('has loaded one small file when the first questions are answered', async () => {
    const others = ['prompts/list', 'resources/list', 'resources/templates/list', 'ping'].map((method, index) => ({
      jsonrpc: '2.0',
      id: index + 2,
      method,
    }));
    expect(await loadedBy([INITIALIZE, LIST, ...others])).toEqual(['main.cjs']);
    expect(statSync(BIN).size).toBeLessThan(MAX_MAIN_BYTES);
  });

  it('loads neither HTTP nor credentials nor a cloud for a call that needs none', async () => {
    const loaded = await loadedBy([INITIALIZE, LIST, call('explain_error', { code: 'Forbidden' })]);
    expect(loaded).toContain('serve.js');
    for (const late of ['undici', 'alicloud-credentials', 'fxp', 'x509', 'http']) expect(loaded).not.toContain(late);
  });

  it('loads HTTP for a call of the API, and what makes keys for a key only', async () => {
    const read = await loadedBy([INITIALIZE, call('list_regions', {})], ['--sandbox']);
    expect(read).toContain('undici');
    for (const late of ['alicloud-credentials', 'fxp', 'x509']) expect(read).not.toContain(late);
  });
});

type Output = {
  inputs: Record<string, { bytesInOutput: number }>;
  imports: { path: string; kind: string }[];
};
type Metafile = { outputs: Record<string, Output> };

describe('what is shipped', () => {
  const { main, loaded, page }: { main: Metafile; loaded: Metafile; page: Metafile } = JSON.parse(
    readFileSync(`${DIST}metafile.json`, 'utf8'),
  );
  const inputsOf = ({ outputs }: Metafile): string[] =>
    Object.values(outputs).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
    );

  it('starts without any package', () => {
    expect(inputsOf(main).filter((path) => path.includes('node_modules'))).toEqual([]);
  });

  /** What comes with a file without an import() in between. */
  function inputsWith(entry: string): string[] {
    const reached = new Set<string>();
    const visit = (file: string): void => {
      if (reached.has(file)) return;
      reached.add(file);
      for (const { path, kind } of loaded.outputs[file]?.imports ?? [])
        if (kind === 'import-statement' && path in loaded.outputs) visit(path);
    };
    visit(entry);
    return [...reached].flatMap((file) => Object.keys(loaded.outputs[file]?.inputs ?? {}));
  }

  it('keeps a store of replicas and metrics out of what HTTP loads without them', () => {
    const late = /node_modules\/ioredis\/|src\/metrics\/|src\/store\/redis/;
    expect(inputsOf(loaded).filter((path) => late.test(path)).length).toBeGreaterThan(3);
    const inputs = inputsWith('dist/commands/http.js');
    expect(inputs).toContain('src/mcp/http/app.ts');
    expect(inputs.filter((path) => late.test(path))).toEqual([]);
  });

  it('keeps what HTTP needs out of what stdio loads', () => {
    const inputs = inputsWith('dist/commands/serve.js');
    expect(inputs).toContain('src/mcp/engine-2025.ts');
    expect(inputs.filter((path) => /modelcontextprotocol\/(server|core)\/|src\/mcp\/http\//.test(path))).toEqual([]);
  });

  it("has the explorer's page in a file of its own, with one package", () => {
    expect([...inputsOf(main), ...inputsOf(loaded)].filter((path) => path.startsWith('src/explorer/'))).toEqual([]);
    const packages = inputsOf(page).flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
    expect([...new Set(packages)]).toEqual(['preact']);
  });

  it('has nothing twice: each file of a package, and one zod', () => {
    const paths = inputsOf(loaded).filter((path) => path.includes('node_modules'));
    expect(paths.filter((path, index) => paths.indexOf(path) !== index)).toEqual([]);
    const folders = paths.flatMap((path) => /^.*node_modules\/zod\//.exec(path)?.[0] ?? []);
    expect([...new Set(folders)]).toEqual(['node_modules/zod/']);
    const modules = paths.filter((path) => path.includes('/zod/')).map((path) => path.replace(/\.(cjs|js)$/, ''));
    expect(modules.filter((path, index) => modules.indexOf(path) !== index)).toEqual([]);
  });
});
