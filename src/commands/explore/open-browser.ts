/**
 * Opens the page in the person's browser. Other users of the machine can read the arguments of processes, so the opener is
 * given the path of a private file that leads to the address. It lies in the home folder, for browsers that may read
 * nothing else.
 */
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Of each platform: the program, and what comes before the path. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};
const ELSEWHERE = ['xdg-open'] as const;

/** A browser that has to be started first takes some seconds. */
const MAX_OPEN_MS = 30_000;

/** @returns what takes the file away; it is gone after a while in any case */
export async function openBrowser(address: string): Promise<() => void> {
  const [opener, ...before] = OPENERS[process.platform] ?? ELSEWHERE;
  let folder: string;
  try {
    folder = await mkdtemp(join(homedir(), 'ssl-vpn-explorer-'));
  } catch {
    return () => {};
  }
  const forget = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const file = join(folder, 'open.html');
    const html = `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0; url=${address}">\n`;
    await writeFile(file, html, { mode: 0o600 });
    // Where there is no browser, the address is printed all the same.
    execFile(opener, [...before, file], () => {});
    setTimeout(forget, MAX_OPEN_MS).unref();
  } catch {
    forget();
  }
  return forget;
}
