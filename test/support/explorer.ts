/** The built bin with its page, and a headless Chromium that looks at it, where this machine has one. */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { spawnBin } from './bin.js';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
export const chromiumInstalled = CHROMIUM !== undefined;
if (!chromiumInstalled) {
  console.warn('the tests of the page are skipped: there is no Chromium on this machine (apt-get install chromium)');
}

export type Explorer = {
  /** With the secret in its fragment. */
  address: string;
  origin: string;
  secret: string;
  /** Where configurations are saved. */
  folder: string;
  child: ChildProcessWithoutNullStreams;
  stdout(): string;
  stderr(): string;
  stop(): Promise<number | null>;
};

const open: Explorer[] = [];
const contexts: BrowserContext[] = [];
let browser: Browser | undefined;

/** For afterEach. */
export async function closeExplorers(): Promise<void> {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
  await Promise.all(open.splice(0).map((explorer) => explorer.stop()));
}

/** For afterAll. */
export async function closeBrowser(): Promise<void> {
  await browser?.close();
  // Another file may follow in this process.
  browser = undefined;
}

/** Starts `explore` on a free port and waits for its address. */
export async function explore(args: readonly string[], env: Record<string, string> = {}): Promise<Explorer> {
  const folder = mkdtempSync(join(tmpdir(), 'explorer-'));
  const child = spawnBin(['explore', '--output-dir', folder, ...args], env);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'exit');
  const explorer = {
    address: '',
    origin: '',
    secret: '',
    folder,
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
      return child.exitCode;
    },
  };
  open.push(explorer);
  while (!stdout.includes('\n')) {
    await Promise.race([once(child.stdout, 'data'), ended]);
    if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${stderr}`);
  }
  const [address = ''] = stdout.split('\n');
  const { origin, hash } = new URL(address);
  return Object.assign(explorer, { address, origin, secret: hash.replace('#secret=', '') });
}

export type Visit = Page & {
  /** What the page complained about, and what it asked of anybody but its process. */
  complaints: string[];
};

/** An empty page. */
export async function openPage(options: BrowserContextOptions = {}): Promise<Page> {
  browser ??= await chromium.launch({ executablePath: CHROMIUM ?? '', args: ['--no-sandbox', '--disable-lcd-text'] });
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    permissions: ['clipboard-read', 'clipboard-write'],
    ...options,
  });
  contexts.push(context);
  const page = await context.newPage();
  // Nothing is waited for that long but by a machine that has no time.
  page.setDefaultTimeout(30_000);
  return page;
}

/** Opens the page as a person does who was given the address. */
export async function visit(explorer: Explorer, options: BrowserContextOptions = {}): Promise<Visit> {
  const page = await openPage(options);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // A process without a sandbox has no switches for one, which the browser notes.
    const isAskedForSandbox = message.location().url.endsWith('/sandbox');
    if (message.type() === 'error' && !isAskedForSandbox) complaints.push(message.text());
  });
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== 'data:' && protocol !== 'blob:' && origin !== explorer.origin) complaints.push(request.url());
  });
  await page.goto(explorer.address);
  await page.locator('h1').first().waitFor();
  return Object.assign(page, { complaints });
}

/** A field by its label, however much stands beside it. */
export function field(page: Page, name: string) {
  return page
    .locator('.field', { has: page.locator(`label code:text-is("${name}")`) })
    .locator('input, select, textarea');
}

/** Goes to a view by its place in the navigation, and waits until it is shown and has the focus. */
export async function goTo(page: Page, view: 'try' | 'certificates' | 'calls' | 'sandbox'): Promise<void> {
  const link = page.locator('header nav a').nth(['try', 'certificates', 'calls', 'sandbox'].indexOf(view));
  await link.click();
  await link.and(page.locator('[aria-current=page]')).waitFor();
  await page.locator('h1:focus').waitFor();
}
