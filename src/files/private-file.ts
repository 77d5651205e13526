/** Single files that hold keys: read without following or waiting for anything, written whole or not at all, 0600. */
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, open, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemCode } from '../errors/system-code.js';
import { fileKind, lstatIfExists, obstacle } from './obstacle.js';

/** What stands at a path, compared with what would be written there; `exposed` has that text, but others may read it. */
export type Standing = 'nothing' | 'same' | 'exposed' | 'different' | 'symbolic link';

/** Windows has neither flag; there, the look at the path before it is opened has to do. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
/** A pipe that was put there since that look would hold the process up for ever. */
const NO_WAIT = constants.O_NONBLOCK ?? 0;
/** What link() answers on file systems that have no hard links, FAT and some network shares among them. */
const NO_HARD_LINKS: ReadonlySet<string | undefined> = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  ...(process.platform === 'win32' ? ['EISDIR'] : []),
]);

/** @throws FileWriteError where neither a file nor a link stands, and what the system throws */
export async function standing(path: string, bytes: Buffer): Promise<Standing> {
  if ((await lstatIfExists(path))?.isSymbolicLink()) return 'symbolic link';
  const file = await openRegular(path);
  if (file === undefined) return 'nothing';
  try {
    const { size, mode, uid } = await file.stat();
    if (size !== bytes.length || !(await readUpTo(file, size)).equals(bytes)) return 'different';
    const me = process.getuid?.();
    return me === undefined || ((mode & 0o077) === 0 && uid === me) ? 'same' : 'exposed';
  } finally {
    await file.close();
  }
}

/**
 * The first bytes of a file, `maxBytes` at most.
 * @returns undefined where nothing stands
 * @throws FileWriteError where anything but a file stands, and what the system throws
 */
export async function readRegular(path: string, maxBytes: number): Promise<Buffer | undefined> {
  const file = await openRegular(path);
  try {
    return file && (await readUpTo(file, maxBytes));
  } finally {
    await file?.close();
  }
}

/**
 * Writes a temporary file beside `path`, lets `place` give it its name, and flushes both to the disk.
 * Nothing else is left, whatever `place` answers or throws; a crash may leave the temporary file, with mode 0600.
 */
export async function writeWhole(
  path: string,
  bytes: Buffer,
  place: (temporary: string) => Promise<boolean>,
): Promise<boolean> {
  const folder = dirname(path);
  const temporary = join(folder, `.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | NO_FOLLOW, 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    const placed = await place(temporary);
    if (placed) await flushFolder(folder);
    return placed;
  } finally {
    await unlink(temporary).catch(() => {});
  }
}

/** Gives the file its name where nothing stands. @returns false where something does, a link included */
export async function placeNew(temporary: string, path: string): Promise<boolean> {
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    if (!NO_HARD_LINKS.has(systemCode(error))) throw error;
  }
  // The gap between this look and the renaming is the best that such file systems offer.
  if ((await lstatIfExists(path)) !== undefined) return false;
  await rename(temporary, path);
  return true;
}

async function openRegular(path: string): Promise<FileHandle | undefined> {
  // Opening alone does something to some devices, so the look comes first.
  const there = await lstatIfExists(path);
  if (there === undefined) return undefined;
  if (!there.isFile()) throw obstacle(path, path, fileKind(there), 'file');
  const file = await open(path, constants.O_RDONLY | NO_FOLLOW | NO_WAIT);
  try {
    const opened = await file.stat();
    if (!opened.isFile()) throw obstacle(path, path, fileKind(opened), 'file');
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readUpTo(file: FileHandle, maxBytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(maxBytes);
  let length = 0;
  while (length < maxBytes) {
    const { bytesRead } = await file.read(buffer, length, maxBytes - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}

/** So that the name survives a power cut too; systems that cannot, Windows among them, say so by an error. */
async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY).catch(() => undefined);
  await folder?.sync().catch(() => {});
  await folder?.close();
}
