/**
 * Packs the package, installs the tarball into an empty folder, and runs tests of each mode against what lies there: what
 * a tarball can lack is a file, not a behaviour.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './evaluate.js';

const MODES = [
  ...['command-line', 'doctor', 'http', 'links', 'lifecycle', 'stdio', 'stdio-2026'].map(
    (name) => `test/e2e/${name}.test.ts`,
  ),
  'test/explorer/try.slow.test.ts',
  'test/tools/listing.test.ts',
];

const folder = mkdtempSync(join(tmpdir(), 'package-'));
try {
  const npm = (/** @type {string[]} */ args, /** @type {string} */ cwd) =>
    execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  const [packed] = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], ROOT));
  npm(['install', '--no-audit', '--no-fund', join(folder, packed.filename)], folder);
  const bin = join(folder, 'node_modules/alicloud-ssl-vpn-mcp/dist/main.cjs');
  const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...MODES], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, SSL_VPN_MCP_TEST_BIN: bin },
  });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
