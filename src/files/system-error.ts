/** What the system refuses, as an error that names the path and says why. */
import { FileWriteError } from '../errors/errors.js';
import { systemCode } from '../errors/system-code.js';

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'this server has no permission to read or write there',
  EPERM: 'this server has no permission to read or write there',
  EROFS: 'the disk is read-only',
  ENOTDIR: 'a part of the path is a file, not a folder',
  ELOOP: 'a part of the path is a symbolic link that leads nowhere',
  ENAMETOOLONG: 'the path is longer than the file system allows',
};

/** What the system refuses becomes a FileWriteError for the path; everything else passes. */
export async function namingPath<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    const code = systemCode(error) ?? 'unknown';
    throw new FileWriteError(path, code, REASONS[code] ?? `it could not be written (${code})`);
  }
}
