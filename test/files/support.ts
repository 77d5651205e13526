/** Real folders, real links and pipes, and errors as a caller would read them. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll } from 'vitest';
import { type ErrorAnswer, errorAnswer, explain } from '../../src/errors/explain.js';

export const isRoot = process.getuid?.() === 0;
export const hasModes = process.getuid !== undefined;

const made: string[] = [];
afterAll(() => {
  for (const path of made) rmSync(path, { recursive: true, force: true });
});

/** With mode 0700; removed after the tests of the file. */
export function temporaryFolder(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'files-')));
  made.push(path);
  return path;
}

export async function explained(work: () => Promise<unknown>): Promise<ErrorAnswer> {
  try {
    await work();
  } catch (error) {
    return errorAnswer(explain(error));
  }
  throw new Error('It did not fail.');
}

export function makePipe(path: string): void {
  execFileSync('mkfifo', [path]);
}

export async function makeSocket(path: string): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return server;
}

/** A module of src/files as one file that a child process can import. */
export function bundled(source: string, outfile: string): string {
  buildSync({ entryPoints: [source], bundle: true, platform: 'node', format: 'esm', outfile });
  return outfile;
}
