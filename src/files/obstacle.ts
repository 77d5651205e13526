/** What stands where a file or folder should be, as errors that name it and the command that moves it away. */
import type { Stats } from 'node:fs';
import { lstat, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type FileKind, FileWriteError } from '../errors/errors.js';
import { systemCode } from '../errors/system-code.js';
import { shellQuoted } from '../shell.js';

export function fileKind(stats: Stats): FileKind {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  if (stats.isSymbolicLink()) return 'symbolic link';
  if (stats.isFIFO()) return 'named pipe';
  if (stats.isSocket()) return 'socket';
  return 'device';
}

/** Without following a link. @returns undefined where nothing stands */
export async function lstatIfExists(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** @param wanted what could not be read or written; @param path what stands in its way: itself or a parent */
export function obstacle(wanted: string, path: string, kind: FileKind, needed: 'file' | 'folder'): FileWriteError {
  const where = path === wanted ? '' : ` at ${path}`;
  return new FileWriteError(wanted, undefined, `a ${kind} stands${where} where a ${needed} is needed`, {
    obstacle: { path, kind },
    remedy: moveAway(path),
  });
}

/**
 * The part of a path that exists, for a folder that is to be made there.
 * @throws FileWriteError where that part is not a folder, nor a link to one
 */
export async function existingFolder(path: string): Promise<string> {
  for (let part = path; ; part = dirname(part)) {
    const there = await lstatIfExists(part);
    if (there === undefined && part !== dirname(part)) continue;
    const target = there?.isSymbolicLink() ? await stat(part).catch(() => there) : there;
    if (target !== undefined && !target.isDirectory()) throw obstacle(path, part, fileKind(target), 'folder');
    return part;
  }
}

/** For a file that would be destroyed if it were replaced. */
export function unusable(path: string, why: string): FileWriteError {
  return new FileWriteError(path, undefined, `${why}, so it was left alone`, {
    obstacle: { path, kind: 'file' },
    remedy: moveAway(path),
  });
}

function moveAway(path: string): string {
  return process.platform === 'win32'
    ? `Move ${path} away, then repeat the call.`
    : `Move it away, for example with \`mv ${shellQuoted(path)} ${shellQuoted(`${path}.old`)}\`, then repeat the call.`;
}
