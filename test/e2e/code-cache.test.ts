/** The compiled code that is kept beside the bin: written, used, and no trouble where it cannot be or is not whole. */

import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BIN, INITIALIZE } from '../support/bin.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'code-cache-'));
  cpSync(dirname(BIN), folder, { recursive: true, filter: (path) => !path.endsWith('.cache') });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const bin = (): string => join(folder, 'bin.cjs');
const caches = (): string[] => readdirSync(folder).filter((file) => file.includes('.cache'));

function start(): string {
  const { status, stdout } = spawnSync(process.execPath, [bin()], {
    input: `${JSON.stringify(INITIALIZE)}\n`,
    encoding: 'utf8',
  });
  expect(status).toBe(0);
  return JSON.parse(stdout).result.serverInfo.name;
}

async function startUntilQuiet(): Promise<void> {
  const child = spawn(process.execPath, [bin()], { stdio: ['pipe', 'ignore', 'ignore'] });
  child.stdin.write(`${JSON.stringify(INITIALIZE)}\n`);
  for (let waited = 0; waited < 10_000 && caches().length === 0; waited += 50) await sleep(50);
  child.stdin.end();
  await new Promise((resolve) => child.on('exit', resolve));
}

describe('the cache of compiled code', () => {
  it('is written once the client has gone quiet, by this Node and for this build, and then used', async () => {
    await startUntilQuiet();
    expect(caches()).toEqual([
      expect.stringMatching(
        new RegExp(`^[0-9a-f]{12}-${process.version}-${process.platform}-${process.arch}\\.cache$`),
      ),
    ]);
    expect(start()).toBe('alicloud-ssl-vpn-mcp');
  });

  it.each<[string, (path: string) => void]>([
    ['empty', (path) => truncateSync(path, 0)],
    ['cut off', (path) => truncateSync(path, 100_003)],
    ['damaged', (path) => writeFileSync(path, readFileSync(path).fill(0xff, 40_000, 44_096))],
    ['of another Node', (path) => writeFileSync(path, readFileSync(path).fill(0, 0, 64))],
  ])('that is %s breaks nothing', async (_how, spoil) => {
    await startUntilQuiet();
    spoil(join(folder, caches()[0] ?? ''));
    expect(start()).toBe('alicloud-ssl-vpn-mcp');
  });

  it('that cannot be written breaks nothing', async () => {
    // A folder where the cache should be: not even root can write that.
    await startUntilQuiet();
    const [name = ''] = caches();
    rmSync(join(folder, name));
    cpSync(join(folder, 'vendor'), join(folder, name), { recursive: true });
    expect(start()).toBe('alicloud-ssl-vpn-mcp');
    expect(existsSync(join(folder, name, 'undici.cjs'))).toBe(true);
  });
});
