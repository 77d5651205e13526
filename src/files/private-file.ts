/** Files that hold keys: whole or not at all, for their owner alone, in one folder and nowhere else. */
import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { link, lstat, mkdir, open, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { FileExistsError, FileWriteError } from '../errors/errors.js';

/**
 * Writes the file whole or not at all; the folder is made with mode 0700, the file with 0600.
 * @returns path and SHA-256 in hex
 * @throws FileExistsError, FileWriteError
 */
export async function writeConfig(
  folder: string,
  fileName: string,
  text: string,
  overwrite: boolean,
): Promise<{ path: string; sha256: string }> {
  const path = join(folder, fileName);
  const temporary = join(folder, `.${randomUUID()}.tmp`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (!(await stat(folder)).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR' });
    if (!overwrite && (await exists(path))) throw new FileExistsError(path);
    // A name that nobody can guess, made new and never through a link: what stands in the folder cannot lead it astray.
    const file = await open(
      temporary,
      constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0),
      0o600,
    );
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await putInPlace(temporary, path, overwrite);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    if (error instanceof FileExistsError) throw error;
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
    throw new FileWriteError(path, code, IN_WORDS[code ?? ''] ?? `it could not be written (${code ?? 'unknown'})`);
  }
  return { path, sha256: createHash('sha256').update(text).digest('hex') };
}

/**
 * A name that every file system takes and that cannot lead out of the folder: `<name>-<certificate id>.ovpn`.
 * Certificates may bear the same name, so the id is part of it.
 */
export function configFileName(name: string, certificateId: string): string {
  const plain = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '_')
    .replace(/^[.-]+/, '');
  // Windows takes "con.anything" for the console, whatever stands after the dot.
  const free = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(plain) ? `_${plain}` : plain;
  return `${[shortened(free, MOST_NAME_BYTES), certificateId].filter((part) => part !== '').join('-')}.ovpn`;
}

/** File systems take 255 bytes; the id and the ending need up to 70. */
const MOST_NAME_BYTES = 160;

const IN_WORDS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'this server has no right to write there',
  EPERM: 'this server has no right to write there',
  EROFS: 'the disk is read-only',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'a part of the path is a file, not a folder',
  EISDIR: 'a folder of this name stands there',
  ELOOP: 'a part of the path is a symbolic link that leads nowhere',
  ENOENT: 'a part of the path is a symbolic link that leads nowhere',
};

/** A name in the place of another: atomic, and without `overwrite` only where nothing stands, a link counting as something. */
async function putInPlace(temporary: string, path: string, overwrite: boolean): Promise<void> {
  if (overwrite) return rename(temporary, path);
  try {
    await link(temporary, path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') throw new FileExistsError(path);
    // File systems without hard links: the gap between looking and renaming is the best that they offer.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS') throw error;
    if (await exists(path)) throw new FileExistsError(path);
    return rename(temporary, path);
  }
  await unlink(temporary);
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

function shortened(text: string, mostBytes: number): string {
  let kept = '';
  let bytes = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > mostBytes) break;
    kept += character;
  }
  return kept;
}
