/** Appends to a file and flushes it, keeping no handle. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const NEWLINE = 0x0a;
/** Writing a line takes microseconds. */
const SETTLE_MS = 20;
/** In place of a system's code. */
const NOT_REGULAR = 'it is no regular file';

/**
 * In one write where the system takes it so; a torn last line, as after a full disk, is closed first. Only regular files
 * are written to (through a link too): anything else could hang, or keep nothing.
 * @param text whole lines, or none to see whether the file can be written
 * @throws with the system's code, e.g. ENOSPC; or NOT_REGULAR
 */
export async function appendDurably(path: string, text: string): Promise<void> {
  // A pipe without a reader would be waited for without O_NONBLOCK.
  const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | (constants.O_NONBLOCK ?? 0);
  const file = await open(path, flags, 0o600);
  try {
    const { size } = await regular(file);
    if (text === '') return;
    const torn = await endsTorn(file, size);
    const bytes = Buffer.from(torn ? `\n${text}` : text);
    for (let written = 0; written < bytes.length; ) {
      written += (await file.write(bytes, written)).bytesWritten;
    }
    await file.datasync();
  } finally {
    await file.close();
  }
}

async function regular(file: FileHandle): Promise<{ size: number }> {
  const found = await file.stat();
  if (found.isFile()) return found;
  throw Object.assign(new Error(), { code: NOT_REGULAR });
}

/** Another process may be within its write: a line that it finishes is not torn. */
async function endsTorn(file: FileHandle, size: number): Promise<boolean> {
  if (size === 0 || (await endsWithNewline(file, size))) return false;
  await sleep(SETTLE_MS);
  return !(await endsWithNewline(file, (await file.stat()).size));
}

async function endsWithNewline(file: FileHandle, size: number): Promise<boolean> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return bytesRead === 0 || buffer[0] === NEWLINE;
}
