/**
 * Mutual exclusion between processes, on any file system. The lock is a folder with one file in it, named for its
 * holder. Whoever wants it prepares such a folder and renames it into place: that fails while the one there is not
 * empty. Taking over removes the very file of the holder that was found dead, so never the lock of a later one.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemCode } from '../errors/system-code.js';
import { fileKind, lstatIfExists, obstacle } from './obstacle.js';

type Signal = AbortSignal | undefined;

/** A holder needs milliseconds; one that is seen for so long is stuck. */
const STUCK_MS = 10_000;
/** A process that is not found may live in another container: a holder that lives is gone long before this. */
const DEAD_MS = 500;
const RETRY_MS = { min: 5, max: 25 };

const HOST = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
const BUSY: ReadonlySet<string | undefined> = new Set([
  'ENOTEMPTY',
  'EEXIST',
  // What Windows says of a folder in the way.
  ...(process.platform === 'win32' ? ['EPERM', 'EACCES'] : []),
]);

/**
 * Runs `work` while no other process does. A holder that was stuck or asleep can lose the lock: it asks `held()` right
 * before what it does for good.
 * @throws signal.reason while it waits, FileWriteError where something else stands at the path
 */
export async function withLock<T>(
  path: string,
  work: (held: () => Promise<boolean>) => Promise<T>,
  signal?: Signal,
  stuckMs = STUCK_MS,
): Promise<T> {
  const holder = `${process.pid}.${HOST}.${randomUUID()}`;
  const prepared = join(dirname(path), `.${randomUUID()}.tmp`);
  try {
    await mkdir(prepared, { mode: 0o700 });
    await writeFile(join(prepared, holder), '', { flag: 'wx', mode: 0o600 });
    await acquire(prepared, path, signal, stuckMs);
  } catch (error) {
    await rm(prepared, { recursive: true, force: true }).catch(() => {});
    throw error;
  }
  try {
    return await work(async () => (await lstatIfExists(join(path, holder))) !== undefined);
  } finally {
    await remove(path, holder).catch(() => {});
  }
}

async function acquire(prepared: string, path: string, signal: Signal, stuckMs: number): Promise<void> {
  let seen = { holder: '', since: 0 };
  for (;;) {
    signal?.throwIfAborted();
    if (await renamed(prepared, path)) return;
    const holder = await holderOf(path);
    if (holder !== seen.holder) seen = { holder, since: performance.now() };
    const patience = isDead(holder) ? Math.min(DEAD_MS, stuckMs) : stuckMs;
    if (holder === '' || performance.now() - seen.since >= patience) await remove(path, holder);
    const pause = RETRY_MS.min + Math.random() * (RETRY_MS.max - RETRY_MS.min);
    await sleep(pause, undefined, signal && { signal }).catch(() => signal?.throwIfAborted());
  }
}

async function renamed(prepared: string, path: string): Promise<boolean> {
  try {
    await rename(prepared, path);
    return true;
  } catch (error) {
    if (BUSY.has(systemCode(error))) return false;
    const there = await lstatIfExists(path);
    if (there !== undefined && !there.isDirectory()) throw obstacle(path, path, fileKind(there), 'folder');
    throw error;
  }
}

/** @returns '' where nobody holds it */
async function holderOf(path: string): Promise<string> {
  const [holder = ''] = await readdir(path).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  });
  return holder;
}

function isDead(holder: string): boolean {
  const [pid, host] = holder.split('.');
  if (host !== HOST) return false;
  try {
    return !process.kill(Number(pid), 0);
  } catch (error) {
    return systemCode(error) === 'ESRCH';
  }
}

/** Takes the lock from this holder and from no other: the folder goes only if nobody else has moved in. */
async function remove(path: string, holder: string): Promise<void> {
  if (holder !== '') {
    await unlink(join(path, holder)).catch((error: unknown) => {
      if (systemCode(error) !== 'ENOENT') throw error;
    });
  }
  await rmdir(path).catch(() => {});
}
