import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openFolder } from '../../src/files/private-folder.js';
import { explained, hasModes, isRoot, temporaryFolder } from './support.js';

let path: string;

beforeEach(() => {
  path = temporaryFolder();
});

const write = (folder: string) => openFolder(folder).write('a.ovpn', 'x', { overwrite: false });

describe('the folder', () => {
  it('is not made before it is needed', async () => {
    const folder = openFolder(join(path, 'new'));
    expect(await folder.check()).toEqual({ path: join(path, 'new'), exists: false });
    expect(readdirSync(path)).toEqual([]);
    await folder.write('a.ovpn', 'x', { overwrite: false });
    expect(await folder.check()).toEqual({ path: join(path, 'new'), exists: true });
  });

  it('is made again when somebody removed it', async () => {
    const folder = openFolder(join(path, 'new'));
    await folder.write('a.ovpn', 'x', { overwrite: false });
    renameSync(join(path, 'new'), join(path, 'away'));
    await folder.write('a.ovpn', 'x', { overwrite: false });
    expect(readFileSync(join(path, 'new', 'a.ovpn'), 'utf8')).toBe('x');
  });

  it("may be the user's own link, which is resolved once and never again", async () => {
    const [first, second, link] = [join(path, 'first'), join(path, 'second'), join(path, 'link')];
    mkdirSync(first, { mode: 0o700 });
    mkdirSync(second, { mode: 0o700 });
    symlinkSync(first, link);
    const folder = openFolder(link);
    expect(await folder.check()).toEqual({ path: first, exists: true });
    unlinkSync(link);
    symlinkSync(second, link);
    expect(await folder.write('a.ovpn', 'x', { overwrite: false })).toMatchObject({ path: join(first, 'a.ovpn') });
    await folder.update('index.csv', () => 'x');
    unlinkSync(link);
    expect(await folder.write('b.ovpn', 'x', { overwrite: false })).toMatchObject({ path: join(first, 'b.ovpn') });
    expect(readdirSync(second)).toEqual([]);
  });

  it('is not followed to where a link leads that took its place', async () => {
    const [mine, victim] = [join(path, 'mine'), temporaryFolder()];
    const folder = openFolder(mine);
    await folder.write('a.ovpn', 'x', { overwrite: false });
    renameSync(mine, join(path, 'moved'));
    symlinkSync(victim, mine);
    for (const work of [
      () => folder.write('b.ovpn', 'x', { overwrite: false }),
      () => folder.update('index.csv', () => 'x'),
    ]) {
      expect((await explained(work)).message).toContain('a symbolic link stands');
    }
    await expect(folder.check()).rejects.toThrow('a symbolic link stands');
    expect(readdirSync(victim)).toEqual([]);
  });

  it('is named, and what stands in its way, where it cannot be made', async () => {
    writeFileSync(join(path, 'file'), '');
    symlinkSync(join(path, 'nowhere'), join(path, 'dangling'));
    for (const [obstacle, kind] of [
      ['file', 'file'],
      ['dangling', 'symbolic link'],
    ] as const) {
      for (const bad of [join(path, obstacle), join(path, obstacle, 'sub', 'deeper')]) {
        for (const work of [() => write(bad), () => openFolder(bad).check()]) {
          const error = await explained(work);
          expect(error.code).toBe('Client.FileExists');
          expect(error.message).toContain(bad);
          expect(error.message).toContain(`a ${kind} stands`);
          expect(error.message).toContain('where a folder is needed');
          expect(error.next_steps).toEqual([expect.stringContaining(join(path, obstacle))]);
        }
      }
    }
    expect(readdirSync(path).sort()).toEqual(['dangling', 'file']);
  });

  it.skipIf(!hasModes || isRoot)('is refused where this process may not write', async () => {
    chmodSync(path, 0o500);
    await expect(openFolder(path).check()).rejects.toMatchObject({ systemCode: 'EACCES' });
    await expect(openFolder(join(path, 'new')).check()).rejects.toMatchObject({ systemCode: 'EACCES' });
    await expect(write(path)).rejects.toMatchObject({ systemCode: 'EACCES' });
  });
});

describe.runIf(hasModes)('the rights of the folder', () => {
  it('let others read it: the files in it are private all the same', async () => {
    chmodSync(path, 0o755);
    expect(await openFolder(path).check()).toEqual({ path, exists: true });
    expect(statSync((await write(path)).path).mode & 0o777).toBe(0o600);
  });

  it('let its group write to it: a warning with the command that mends it, and it is used', async () => {
    chmodSync(path, 0o770);
    expect(await openFolder(path).check()).toMatchObject({
      warning: { why: expect.stringContaining(path), remedy: expect.stringContaining(`\`chmod 700 '${path}'\``) },
    });
    expect(await write(path)).toMatchObject({ status: 'written' });
  });
});

describe('updating a file', () => {
  it('gives its text, empty where there is none, and replaces it with what comes back', async () => {
    const folder = openFolder(path);
    const seen: string[] = [];
    const append = (line: string) => (before: string) => {
      seen.push(before);
      return `${before}${line}\n`;
    };
    expect(await folder.update('index.csv', append('one'))).toEqual({ path: join(path, 'index.csv') });
    await folder.update('index.csv', append('two'));
    expect(seen).toEqual(['', 'one\n']);
    expect(readFileSync(join(path, 'index.csv'), 'utf8')).toBe('one\ntwo\n');
    expect(readdirSync(path)).toEqual(['index.csv']);
    if (hasModes) expect(statSync(join(path, 'index.csv')).mode & 0o777).toBe(0o600);
  });

  it('leaves the file and nothing else when the change fails, and the next update works', async () => {
    const folder = openFolder(path);
    await folder.update('index.csv', () => 'one');
    const failure = new Error('no');
    const failing = folder.update('index.csv', () => {
      throw failure;
    });
    const next = folder.update('index.csv', (before) => `${before} two`);
    await expect(failing).rejects.toBe(failure);
    await next;
    expect(readFileSync(join(path, 'index.csv'), 'utf8')).toBe('one two');
    expect(readdirSync(path)).toEqual(['index.csv']);
  });

  it.each([
    ['is not UTF-8', Buffer.from([0x61, 0xff, 0x62])],
    ['is larger than an index can be', Buffer.alloc(4 * 1024 * 1024 + 1, 'a')],
  ])('leaves one alone that %s', async (_what, bytes) => {
    writeFileSync(join(path, 'index.csv'), bytes);
    const error = await explained(() => openFolder(path).update('index.csv', () => 'x'));
    expect(error.code).toBe('Client.FileExists');
    expect(error.message).toContain('left alone');
    expect(readFileSync(join(path, 'index.csv')).equals(bytes)).toBe(true);
  });

  it('ends for a call that was cancelled while it waits for its turn, and lets the next have its turn', async () => {
    const folder = openFolder(path);
    const cancel = new AbortController();
    const reason = new Error('cancelled');
    // Another process has the lock, so that not even the first gets on.
    const lock = join(path, '.index.csv.lock');
    mkdirSync(lock);
    writeFileSync(join(lock, 'another'), '');
    const first = folder.update('index.csv', (before) => `${before}1`);
    const second = folder.update('index.csv', (before) => `${before}2`, { signal: cancel.signal });
    const third = folder.update('index.csv', (before) => `${before}3`);
    cancel.abort(reason);
    await expect(second).rejects.toBe(reason);
    expect(readdirSync(path)).not.toContain('index.csv');
    rmSync(lock, { recursive: true });
    await Promise.all([first, third]);
    expect(readFileSync(join(path, 'index.csv'), 'utf8')).toBe('13');
  });
});
