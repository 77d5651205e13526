import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { FileExistsError } from '../../src/errors/errors.js';
import { openFolder, type PrivateFolder } from '../../src/files/private-folder.js';
import { explained, hasModes, isRoot, temporaryFolder } from './support.js';

let path: string;
let folder: PrivateFolder;

beforeEach(() => {
  path = temporaryFolder();
  folder = openFolder(path);
});

const keep = { overwrite: false };
const replace = { overwrite: true };

describe('writing a file', () => {
  it('says where it is, its SHA-256, and that it was written', async () => {
    const written = await folder.write('a.ovpn', 'text', keep);
    const sha256 = createHash('sha256').update('text').digest('hex');
    expect(written).toEqual({ path: join(path, 'a.ovpn'), sha256, status: 'written' });
    expect(readFileSync(written.path, 'utf8')).toBe('text');
  });

  it.runIf(hasModes)('makes the folder for its owner alone, and the file too, whatever the umask', async () => {
    const umask = process.umask(0);
    try {
      const written = await openFolder(join(path, 'new', 'deep')).write('a.ovpn', 'text', keep);
      expect(statSync(written.path).mode & 0o777).toBe(0o600);
      expect(statSync(join(path, 'new', 'deep')).mode & 0o777).toBe(0o700);
      expect(statSync(join(path, 'new')).mode & 0o777).toBe(0o700);
    } finally {
      process.umask(umask);
    }
  });

  it('keeps one that differs unless told otherwise, says so, and leaves nothing else behind', async () => {
    await folder.write('a.ovpn', 'first', keep);
    const refused = () => folder.write('a.ovpn', 'other', keep);
    await expect(refused()).rejects.toMatchObject({ path: join(path, 'a.ovpn'), kind: 'file', differs: true });
    expect(await explained(refused)).toMatchObject({
      code: 'Client.FileExists',
      message: `The file ${join(path, 'a.ovpn')} exists already, and it differs from what would be written now.`,
    });
    expect(readFileSync(join(path, 'a.ovpn'), 'utf8')).toBe('first');
    expect(await folder.write('a.ovpn', 'third', replace)).toMatchObject({ status: 'written' });
    expect(readFileSync(join(path, 'a.ovpn'), 'utf8')).toBe('third');
    expect(readdirSync(path)).toEqual(['a.ovpn']);
  });

  it.each([keep, replace])('counts one that holds this very text as done with %j', async (options) => {
    await folder.write('a.ovpn', 'text', keep);
    const { ino, mtimeMs } = statSync(join(path, 'a.ovpn'));
    expect(await folder.write('a.ovpn', 'text', options)).toMatchObject({ status: 'unchanged' });
    expect(statSync(join(path, 'a.ovpn'))).toMatchObject({ ino, mtimeMs });
  });

  it.runIf(hasModes)('does not leave a key where others can read it, though its text is right', async () => {
    writeFileSync(join(path, 'a.ovpn'), 'text');
    chmodSync(join(path, 'a.ovpn'), 0o644);
    expect(await folder.write('a.ovpn', 'text', keep)).toMatchObject({ status: 'written' });
    expect(statSync(join(path, 'a.ovpn')).mode & 0o777).toBe(0o600);
  });

  it.runIf(isRoot)('does not leave a key in a file of another user, though its text is right', async () => {
    writeFileSync(join(path, 'a.ovpn'), 'text', { mode: 0o600 });
    chownSync(join(path, 'a.ovpn'), 12_345, 12_345);
    await folder.write('a.ovpn', 'text', keep);
    expect(statSync(join(path, 'a.ovpn')).uid).toBe(0);
  });

  it('gives a file a new identity, so that an old hard link to it does not see the new key', async () => {
    await folder.write('a.ovpn', 'old', keep);
    linkSync(join(path, 'a.ovpn'), join(path, 'copy'));
    await folder.write('a.ovpn', 'new', replace);
    expect(readFileSync(join(path, 'copy'), 'utf8')).toBe('old');
  });

  it('never writes through a link planted in the folder, and replaces the link itself when it may', async () => {
    const outside = join(temporaryFolder(), 'outside');
    writeFileSync(outside, 'precious');
    symlinkSync(outside, join(path, 'a.ovpn'));
    symlinkSync(join(path, 'nowhere'), join(path, 'b.ovpn'));
    for (const name of ['a.ovpn', 'b.ovpn']) {
      const refused = () => folder.write(name, 'precious', keep);
      await expect(refused()).rejects.toMatchObject({ kind: 'symbolic link', differs: true });
      expect((await explained(refused)).message).toContain('symbolic link');
      await folder.write(name, 'mine', replace);
      expect(lstatSync(join(path, name)).isSymbolicLink()).toBe(false);
    }
    expect(readFileSync(outside, 'utf8')).toBe('precious');
    expect(readdirSync(path).sort()).toEqual(['a.ovpn', 'b.ovpn']);
  });

  it('of many different ones at once under one name exactly one wins', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => folder.write('a.ovpn', String(index), keep)),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(FileExistsError);
    }
    expect(readdirSync(path)).toEqual(['a.ovpn']);
  });

  it('of the same one many times at once, one is written and the others find it done', async () => {
    const results = await Promise.all(Array.from({ length: 20 }, () => folder.write('a.ovpn', 'text', keep)));
    expect(results.filter(({ status }) => status === 'written')).toHaveLength(1);
    expect(results.filter(({ status }) => status === 'unchanged')).toHaveLength(19);
  });

  it('does not begin for a call that was cancelled', async () => {
    const reason = new Error('cancelled');
    await expect(folder.write('a.ovpn', 'x', { ...keep, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(readdirSync(path)).toEqual([]);
  });

  it.each(['../x', 'a/b', '..', '.ssh', 'a\u200Bb'])('refuses the name %j', async (name) => {
    await expect(folder.write(name, 'x', keep)).rejects.toThrow('not a safe file name');
    await expect(folder.update(name, () => 'x')).rejects.toThrow('not a safe file name');
    expect(readdirSync(path)).toEqual([]);
  });

  it.skipIf(!canMount())('on a full disk names the path and leaves nothing half-written', async () => {
    const full = join(path, 'full');
    mkdirSync(full);
    mountSmallDisk(full);
    try {
      const small = openFolder(full);
      for (const work of [
        () => small.write('a.ovpn', 'x'.repeat(100_000), keep),
        () => small.update('index.csv', () => 'x'.repeat(100_000)),
      ]) {
        const error = await explained(work);
        expect(error.code).toBe('Client.Internal');
        expect(error.message).toMatch(/full\/(a\.ovpn|index\.csv): the disk is full$/);
        expect(error.next_steps).toEqual(['Free space on the disk and repeat the call.']);
        expect(readdirSync(full)).toEqual([]);
      }
    } finally {
      execFileSync('umount', [full]);
    }
  });
});

function mountSmallDisk(at: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k,mode=700', 'tmpfs', at], { stdio: 'ignore' });
}

/** Only root may, and not in every container. */
function canMount(): boolean {
  const at = mkdtempSync(join(tmpdir(), 'can-mount-'));
  try {
    mountSmallDisk(at);
    execFileSync('umount', [at]);
    return true;
  } catch {
    console.warn('the test of a full disk is skipped: this machine does not let it mount a small one');
    return false;
  } finally {
    rmSync(at, { recursive: true });
  }
}
