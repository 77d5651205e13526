/** Whether keys may be kept in a folder: who owns it, and who else could put files or links into it. */
import type { Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FileWriteError } from '../errors/errors.js';
import { shellQuoted } from '../shell.js';
import { fileKind, obstacle } from './obstacle.js';

export type FolderWarning = { why: string; remedy: string };

const GROUP_WRITE = 0o020;
const OTHERS_WRITE = 0o002;
const STICKY = 0o1000;
const ROOT = 0;

/**
 * @param path a real path: a link in its place is refused
 * @returns a warning where the group may write; undefined also on Windows, which has no modes
 * @throws FileWriteError where it is refused, what the system throws where it cannot be looked at
 */
export async function checkFolder(path: string): Promise<FolderWarning | undefined> {
  const folder = await lstat(path);
  if (!folder.isDirectory()) throw obstacle(path, path, fileKind(folder), 'folder');
  const me = process.getuid?.();
  if (me === undefined) return undefined;
  if (folder.uid !== me && folder.uid !== ROOT) {
    throw refused(path, `the folder belongs to another user (uid ${folder.uid})`, `sudo chown ${me}`, path);
  }
  if ((folder.mode & OTHERS_WRITE) !== 0) {
    throw refused(path, 'every user of this machine may write to the folder', 'chmod 700', path);
  }
  await checkParents(path, dirname(path));
  return (folder.mode & GROUP_WRITE) === 0
    ? undefined
    : { why: `the group of the folder ${path} may write to it`, remedy: command('chmod 700', path) };
}

/**
 * Whoever may write to a parent can put another folder in the place of this one, unless the sticky bit forbids it.
 * @param nearest the nearest parent that exists, as a real path
 */
export async function checkParents(path: string, nearest: string): Promise<void> {
  if (process.getuid === undefined) return;
  for (let parent = nearest; ; parent = dirname(parent)) {
    if (openToAll(await lstat(parent))) {
      throw refused(path, `every user of this machine may replace what is in ${parent}`, 'chmod o-w', parent);
    }
    if (parent === dirname(parent)) return;
  }
}

function openToAll({ mode }: Stats): boolean {
  return (mode & OTHERS_WRITE) !== 0 && (mode & STICKY) === 0;
}

function refused(path: string, why: string, mend: string, target: string): FileWriteError {
  return new FileWriteError(path, undefined, `${why}, so no keys are written there`, { remedy: command(mend, target) });
}

function command(mend: string, path: string): string {
  return `Run \`${mend} ${shellQuoted(path)}\`, or set another --output-dir, then repeat the call.`;
}
