/** The page for people on a loopback port: it is an MCP client of this process, and ends with it. */
import { randomBytes } from 'node:crypto';
import { visible } from '../errors/external-text.js';
import { sharedSecret } from '../mcp/http/access.js';
import { createLinks } from '../mcp/http/links.js';
import type { PromptListing } from '../mcp/prompt-filter.js';
import { createSecrets } from '../secrets.js';
import type { Settings } from '../settings.js';
import { takeStderr } from '../stderr.js';
import { memoryStore } from '../store/memory.js';
import type { ListedTool } from '../tools/listing.js';
import { openCalls } from './calls.js';
import { openBrowser } from './explore/open-browser.js';
import { pageRoute } from './explore/page.js';
import { sandboxRoute } from './explore/sandbox-route.js';
import { leaveOnSignal } from './leave.js';
import { openMcp } from './open-mcp.js';

export type ExploreParts = {
  settings: Settings;
  sandbox: boolean;
  /** 0 takes any free one. */
  port: number;
  /** Whether to open a browser. */
  open: boolean;
  /** The tools that the settings let through, as they are listed. */
  tools: readonly ListedTool[];
  prompts: readonly PromptListing[];
};

/** Of a configuration that is to be downloaded: the page does so at once, or when the person presses its button. */
const LINK_TTL_MS = 15 * 60_000;
/** What a call under way gets once the person has pressed Ctrl-C. */
const MAX_LEAVE_MS = 2_000;

export async function runExplore({ settings, sandbox, port, open, tools, prompts }: ExploreParts): Promise<void> {
  const secrets = createSecrets(settings.credentials);
  const token = randomBytes(32).toString('base64url');
  secrets.addPassword(token);
  // The page shows what was called; a line for each in the terminal would hide the address.
  const log = takeStderr(settings.logLevel === 'debug' ? 'debug' : 'error', secrets);
  process.on('uncaughtException', (error) => {
    log.error('defect', { stack: error.stack });
    process.exit(1);
  });
  const access = sharedSecret(token);
  const store = memoryStore();
  // The page downloads configurations: no file is left on the disk that nobody asked for.
  const links = createLinks({
    store,
    // Both are there before anybody can ask for a link.
    url: () => app.localUrl,
    source: { fetchConfig: (...wanted) => calls.caller.fetchConfig(...wanted) },
    ttlMs: LINK_TTL_MS,
    log,
  });
  const calls = await openCalls({ settings, sandbox, log, secrets }, links.handOver);
  const own = { host: '127.0.0.1', port, publicUrl: undefined, access: () => access };
  const app = await openMcp({ ...own, store, calls, settings, tools, prompts, log, secrets }).catch(
    (error: unknown) => {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
      log.error(`--port: ${port} cannot be used (${visible(code, 32)}); accepted: a free port, or 0 for any`);
      process.exit(2);
    },
  );
  app.addRoute(links.route);
  app.addRoute(await pageRoute());
  if (calls.cloud !== undefined) app.addRoute(sandboxRoute(calls.cloud, access));
  calls.runtime.warm();

  // In the fragment, which no browser sends and no log has.
  const address = `${app.localUrl}/#secret=${token}`;
  process.stdout.write(`${address}\n`);
  process.stdout.write('The page is for this machine only. Ctrl-C ends it.\n');
  const forget = open ? await openBrowser(address) : undefined;
  leaveOnSignal({ app, calls, maxMs: MAX_LEAVE_MS, ...(forget && { onExit: forget }) });
}
