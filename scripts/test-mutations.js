/**
 * Breaks the code in one place at a time and sees the test fail that is there to notice: test/mutations.json names one
 * place for each file of tests. Works on a copy. `--count N` tries N of them, chosen by `--seed S`, which is printed.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from './evaluate.js';

/** @typedef {{ test: string, file: string, find: string, replace: string }} Mutation */

const { values } = parseArgs({
  options: { count: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' } },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000);
/** @type {Mutation[]} */
const all = JSON.parse(readFileSync(join(ROOT, 'test/mutations.json'), 'utf8'));
const wanted = all.filter(({ test }) => test.includes(values.only ?? ''));
const chosen = shuffled(wanted).slice(0, Number(values.count ?? wanted.length));

const folder = mkdtempSync(join(tmpdir(), 'mutations-'));
let survivors = 0;
try {
  for (const part of [
    'src',
    'test',
    'scripts',
    'bench',
    'docs',
    'package.json',
    'tsconfig.json',
    'vitest.config.ts',
    'README.md',
    'README.zh-CN.md',
    'mcp.json.example',
    'server.json',
    'Dockerfile',
    'LICENSE',
    'deploy',
  ])
    cpSync(join(ROOT, part), join(folder, part), {
      recursive: true,
      filter: (source) => !['test/clients', 'test/conformance'].some((own) => source === join(ROOT, own)),
    });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  if (chosen.length < all.length) process.stdout.write(`${chosen.length} of ${all.length} mutations, seed ${seed}\n`);
  for (const mutation of chosen) {
    const caught = tryOut(mutation);
    if (!caught) survivors += 1;
    process.stdout.write(`${caught ? 'caught  ' : 'SURVIVED'}  ${mutation.test}  ${mutation.file}: ${mutation.find}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = survivors === 0 ? 0 : 1;

/** @param {Mutation} mutation @returns whether its test failed */
function tryOut({ test, file, find, replace }) {
  const path = join(folder, file);
  const before = readFileSync(path, 'utf8');
  if (before.split(find).length !== 2) throw new Error(`${file} does not have exactly once: ${find}`);
  writeFileSync(
    path,
    before.replace(find, () => replace),
  );
  try {
    const node = (/** @type {string[]} */ ...args) =>
      spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env: { ...process.env, CI: 'true' } });
    const built = node('scripts/build.js');
    if (built.status !== 0) throw new Error(`${file} cannot be built with: ${replace}\n${built.stderr}`);
    const { status, stdout } = node('node_modules/vitest/vitest.mjs', 'run', '--reporter=dot', test);
    // A run without tests ends with 1 too.
    return status !== 0 && /Tests .*failed|Test Files .*failed/.test(stdout);
  } finally {
    writeFileSync(path, before);
  }
}

/** @template T @param {readonly T[]} items @returns {T[]} in an order that the seed decides */
function shuffled(items) {
  let state = seed >>> 0;
  const random = () => {
    // A linear congruential generator, constants of Numerical Recipes.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
