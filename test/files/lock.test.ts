import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from '../../src/files/lock.js';
import { openFolder } from '../../src/files/private-folder.js';
import { bundled, explained, temporaryFolder } from './support.js';

const SOURCE = fileURLToPath(new URL('../../src/files/private-folder.ts', import.meta.url));
const children: ChildProcess[] = [];
let program: string;
let path: string;

beforeAll(() => {
  const folder = temporaryFolder();
  const module = bundled(SOURCE, join(folder, 'private-folder.mjs'));
  program = join(folder, 'child.mjs');
  // `append LABEL COUNT` adds that many lines, all asked for at once; `hold` never lets go of the lock.
  writeFileSync(
    program,
    `import { openFolder } from ${JSON.stringify(module)};
    const [path, what, label, count] = process.argv.slice(2);
    const folder = openFolder(path);
    if (what === 'append') {
      const lines = Array.from({ length: Number(count) }, (_, index) => label + index + '\\n');
      await Promise.all(lines.map((line) => folder.update('index.csv', (before) => before + line)));
    } else {
      await folder.update('index.csv', () => {
        process.send('holding', () => {});
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      });
    }
    process.disconnect();`,
  );
});
beforeEach(() => {
  path = temporaryFolder();
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function start(...args: string[]): ChildProcess {
  const child = fork(program, [path, ...args]);
  children.push(child);
  return child;
}

const exitOf = (child: ChildProcess) => new Promise((resolve) => child.once('exit', resolve));
const messageOf = (child: ChildProcess) => new Promise((resolve) => child.once('message', resolve));
const lines = () => readFileSync(join(path, 'index.csv'), 'utf8').trimEnd().split('\n').sort();
const append = (line: string) => openFolder(path).update('index.csv', (before) => `${before}${line}\n`);

describe('updates at the same time', () => {
  it('of 50 writers in one process all count, each with a folder object of its own or with one', async () => {
    const shared = openFolder(path);
    const expected = Array.from({ length: 50 }, (_, index) => `row ${index}`);
    await Promise.all(
      expected.map((line, index) =>
        index % 2 === 0 ? append(line) : shared.update('index.csv', (before) => `${before}${line}\n`),
      ),
    );
    expect(lines()).toEqual(expected.sort());
    expect(readdirSync(path)).toEqual(['index.csv']);
  });

  it('of 4 processes with 50 rows each all count', async () => {
    const labels = ['a', 'b', 'c', 'd'];
    const codes = await Promise.all(labels.map((label) => exitOf(start('append', label, '50'))));
    expect(codes).toEqual([0, 0, 0, 0]);
    const expected = labels.flatMap((label) => Array.from({ length: 50 }, (_, index) => `${label}${index}`));
    expect(lines()).toEqual(expected.sort());
    expect(readdirSync(path)).toEqual(['index.csv']);
  });

  it('go on after a process was killed in the middle of one', async () => {
    await append('before');
    const child = start('hold');
    await messageOf(child);
    expect(readdirSync(join(path, '.index.csv.lock'))).toHaveLength(1);
    child.kill('SIGKILL');
    await exitOf(child);
    await Promise.all([append('one'), append('two'), exitOf(start('append', 'x', '2'))]);
    expect(lines()).toEqual(['before', 'one', 'two', 'x0', 'x1']);
    expect(readdirSync(path)).toEqual(['index.csv']);
  });

  it('wait for a holder that lives, no longer than the caller allows', async () => {
    await messageOf(start('hold'));
    const cancel = new AbortController();
    const reason = new Error('the deadline has passed');
    setTimeout(() => cancel.abort(reason), 700);
    const waiting = openFolder(path).update('index.csv', () => 'x', { signal: cancel.signal });
    await expect(waiting).rejects.toBe(reason);
    expect(readdirSync(path)).toEqual(['.index.csv.lock']);
  });

  it('of one that lost the lock while it was stuck are made again, on the newer text', async () => {
    await append('before');
    let calls = 0;
    await openFolder(path).update('index.csv', (before) => {
      calls += 1;
      if (calls === 1) {
        // What another process does that found this one stuck.
        rmSync(join(path, '.index.csv.lock'), { recursive: true });
        writeFileSync(join(path, 'index.csv'), `${before}other\n`);
      }
      return `${before}mine\n`;
    });
    expect(calls).toBe(2);
    expect(lines()).toEqual(['before', 'mine', 'other']);
  });
});

describe('the lock', () => {
  const lock = () => join(path, '.lock');
  const hold = async (holder: string) => {
    mkdirSync(lock());
    writeFileSync(join(lock(), holder), '');
  };

  it('is taken from a holder that is stuck, and never from the one that came after it', async () => {
    await hold('stuck');
    const order: string[] = [];
    const work = (name: string) => async (held: () => Promise<boolean>) => {
      order.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(await held()).toBe(true);
      order.push(`${name} ends`);
    };
    await Promise.all(['a', 'b', 'c', 'd'].map((name) => withLock(lock(), work(name), undefined, 3_000)));
    expect(order).toHaveLength(8);
    for (let index = 0; index < order.length; index += 2) {
      expect(order[index + 1]).toBe(order[index]?.replace('begins', 'ends'));
    }
    expect(readdirSync(path)).toEqual([]);
  });

  it('is free where only its empty folder was left', async () => {
    mkdirSync(lock());
    expect(await withLock(lock(), async () => 'done', AbortSignal.timeout(100_000))).toBe('done');
    expect(readdirSync(path)).toEqual([]);
  });

  it('is known to be lost', async () => {
    await withLock(lock(), async (held) => {
      expect(await held()).toBe(true);
      renameSync(lock(), join(path, 'taken'));
      await hold('another');
      expect(await held()).toBe(false);
    });
    expect(readdirSync(lock())).toEqual(['another']);
  });

  it('names what stands in its place', async () => {
    writeFileSync(lock(), '');
    const error = await explained(() => withLock(lock(), async () => {}));
    expect(error.message).toBe(`${lock()}: a file stands where a folder is needed`);
    expect(readdirSync(path)).toEqual(['.lock']);
  });

  it('cannot be taken from a holder that is no file', async () => {
    mkdirSync(join(lock(), 'odd'), { recursive: true });
    await expect(withLock(lock(), async () => {}, undefined, 50)).rejects.toThrow(/EISDIR|EPERM/);
  });
});
