/** The one folder that files with keys are written to, and the only way to write there. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdir, realpath, rename } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { FileExistsError } from '../errors/errors.js';
import { isSafeFileName } from './file-name.js';
import { checkFolder, checkParents, type FolderWarning } from './folder-safety.js';
import { withLock } from './lock.js';
import { existingFolder, lstatIfExists, unusable } from './obstacle.js';
import { placeNew, readRegular, standing, writeWhole } from './private-file.js';
import { createQueue, type Queue } from './queue.js';
import { namingPath } from './system-error.js';

/** The SHA-256 is in hex. */
export type WrittenFile = { path: string; sha256: string; status: 'written' | 'unchanged' };

/** Every function rejects with signal.reason where a signal fires before anything is put in place. */
export type PrivateFolder = {
  /**
   * Writes a file whole or not at all, with mode 0600. One that holds this very text counts as done.
   * @throws FileExistsError where another file or a link has the name, unless it may be overwritten; FileWriteError
   */
  write(fileName: string, text: string, options: { overwrite: boolean; signal?: AbortSignal }): Promise<WrittenFile>;
  /**
   * Replaces the text of a file (empty where there is none) by what `change` makes of it. Updates by several processes
   * all count; `change` may be called again, with a newer text.
   * @throws FileWriteError, and what `change` throws
   */
  update(
    fileName: string,
    change: (before: string, path: string) => string,
    options?: { signal?: AbortSignal },
  ): Promise<{ path: string }>;
  /** The path of a file that stands there; makes nothing. */
  find(fileName: string): Promise<string | undefined>;
  /**
   * Makes nothing. `path` is what the folder resolves to, or will be made at.
   * @throws FileWriteError where files could not, or may not, be written there
   */
  check(): Promise<{ path: string; exists: boolean; warning?: FolderWarning }>;
};

/** Bounds what is read of a file that is updated; an index of this size has some 20,000 rows. */
const MAX_UPDATE_BYTES = 4 * 1024 * 1024;

/** Looks at nothing yet. The first use makes the folder with mode 0700 and resolves links in its path, once for all. */
export function openFolder(path: string): PrivateFolder {
  const given = resolve(path);
  const queues = new Map<string, Queue>();
  let real: string | undefined;

  /** @returns the path of a file in the folder, which exists and was found safe just now */
  async function ready(fileName: string): Promise<string> {
    if (!isSafeFileName(fileName)) throw new TypeError(`${JSON.stringify(fileName)} is not a safe file name.`);
    try {
      await mkdir(real ?? given, { recursive: true, mode: 0o700 });
    } catch (error) {
      await existingFolder(real ?? given);
      throw error;
    }
    const folder = await resolvedOnce();
    await checkFolder(folder);
    return join(folder, fileName);
  }

  async function resolvedOnce(): Promise<string> {
    if (real !== undefined) return real;
    const found = await realpath(given);
    real ??= found;
    return real;
  }

  async function write(
    fileName: string,
    text: string,
    { overwrite, signal }: { overwrite: boolean; signal?: AbortSignal },
  ): Promise<WrittenFile> {
    const bytes = Buffer.from(text);
    const path = await ready(fileName);
    const file = { path, sha256: createHash('sha256').update(bytes).digest('hex') };
    for (;;) {
      const there = await standing(path, bytes);
      if (there === 'same') return { ...file, status: 'unchanged' };
      if (!overwrite && there === 'different') throw new FileExistsError(path, 'file');
      if (!overwrite && there === 'symbolic link') throw new FileExistsError(path, 'symbolic link');
      const placed = await writeWhole(path, bytes, async (temporary) => {
        signal?.throwIfAborted();
        if (there === 'nothing' && !overwrite) return placeNew(temporary, path);
        await rename(temporary, path);
        return true;
      });
      if (placed) return { ...file, status: 'written' };
    }
  }

  async function update(
    fileName: string,
    change: (before: string, path: string) => string,
    signal: AbortSignal | undefined,
  ): Promise<{ path: string }> {
    const path = await ready(fileName);
    const attempt = async (held: () => Promise<boolean>): Promise<boolean> => {
      const bytes = Buffer.from(change(await readText(path), path));
      return writeWhole(path, bytes, async (temporary) => {
        signal?.throwIfAborted();
        if (!(await held())) return false;
        await rename(temporary, path);
        return true;
      });
    };
    const lock = join(dirname(path), `.${fileName}.lock`);
    while (!(await withLock(lock, attempt, signal))) signal?.throwIfAborted();
    return { path };
  }

  async function find(fileName: string): Promise<string | undefined> {
    const path = join(real ?? given, fileName);
    return (await lstatIfExists(path))?.isFile() ? path : undefined;
  }

  async function check(): Promise<{ path: string; exists: boolean; warning?: FolderWarning }> {
    const wanted = real ?? given;
    const existing = await existingFolder(wanted);
    if (existing !== wanted) {
      const parent = await realpath(existing);
      const path = join(parent, wanted.slice(existing.length));
      await checkParents(path, parent);
      await access(parent, constants.W_OK);
      return { path, exists: false };
    }
    const folder = await resolvedOnce();
    const warning = await checkFolder(folder);
    await access(folder, constants.W_OK);
    return { path: folder, exists: true, ...(warning && { warning }) };
  }

  return {
    async write(fileName, text, options) {
      options.signal?.throwIfAborted();
      return namingPath(join(given, fileName), write(fileName, text, options));
    },
    async update(fileName, change, { signal } = {}) {
      const queue = queues.get(fileName) ?? createQueue();
      queues.set(fileName, queue);
      return queue(() => namingPath(join(given, fileName), update(fileName, change, signal)), signal);
    },
    find,
    check: () => namingPath(given, check()),
  };
}

async function readText(path: string): Promise<string> {
  const bytes = await readRegular(path, MAX_UPDATE_BYTES + 1);
  if (bytes === undefined) return '';
  if (bytes.length > MAX_UPDATE_BYTES) throw unusable(path, `it is larger than ${MAX_UPDATE_BYTES} bytes`);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw unusable(path, 'it is not UTF-8 text');
  }
}
