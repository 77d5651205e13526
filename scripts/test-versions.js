/** Runs all tests on each Node that the package supports; the npm package `node` brings the binaries. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { ROOT } from './evaluate.js';

/** 20 is the oldest one, latest the current one; or those of the first argument, with commas. */
const VERSIONS = (process.argv[2] ?? '20,22,24,latest').split(',');

let failed = false;
for (const version of VERSIONS) {
  const folder = `${ROOT}/node_modules/.cache/node-${version}`;
  mkdirSync(folder, { recursive: true });
  const installed = spawnSync(
    'npm',
    ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', `node@${version}`],
    { stdio: 'inherit' },
  );
  if (installed.status !== 0) throw new Error(`node@${version} could not be installed`);
  const node = `${folder}/node_modules/node/bin/node`;
  process.stdout.write(`\nNode ${spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout}`);
  const { status } = spawnSync(node, ['node_modules/vitest/vitest.mjs', 'run'], { cwd: ROOT, stdio: 'inherit' });
  failed ||= status !== 0;
}
process.exitCode = failed ? 1 : 0;
