/** The tools over Streamable HTTP, until the process is told to end. */
import { randomBytes } from 'node:crypto';
import { type AccessFile, openAccessFile } from '../access/access-file.js';
import { visible } from '../errors/external-text.js';
import { createLog, type Log } from '../log.js';
import { type Access, sharedSecret } from '../mcp/http/access.js';
import { createLinks } from '../mcp/http/links.js';
import { type Get, openIdAccess } from '../mcp/http/open-id.js';
import type { PromptListing } from '../mcp/prompt-filter.js';
import type { Runtime } from '../runtime.js';
import { createSecrets, type Secrets } from '../secrets.js';
import { type HttpSettings, quoteValue, type Settings } from '../settings.js';
import { takeStderr } from '../stderr.js';
import { memoryStore } from '../store/memory.js';
import type { Store } from '../store/store.js';
import type { ListedTool } from '../tools/listing.js';
import { VERSION } from '../version.js';
import { isLoopback } from '../vpc/endpoints.js';
import { openCalls } from './calls.js';
import { leaveOnSignal } from './leave.js';
import { openMcp } from './open-mcp.js';

export type HttpParts = {
  settings: Settings;
  http: HttpSettings;
  sandbox: boolean;
  /** The tools that the settings let through, as they are listed. */
  tools: readonly ListedTool[];
  prompts: readonly PromptListing[];
};

/** What calls that end by their deadline need to answer. */
const LEAVE_RESERVE_MS = 2_000;

export async function runHttp({ settings, http, sandbox, tools, prompts }: HttpParts): Promise<void> {
  const secrets = createSecrets(settings.credentials);
  const { oauthIssuer, accessFile, linkTtlS } = http;
  const token = oauthIssuer === undefined ? (http.token ?? madeToken()) : undefined;
  const { metricsPort } = http;
  const metrics = metricsPort === undefined ? undefined : (await import('../metrics/metrics.js')).createMetrics();
  const log = takeStderr(settings.logLevel, secrets, metrics?.observe);
  if (token !== undefined) secrets.addPassword(token);
  process.on('uncaughtException', (error) => {
    log.error('defect', { stack: error.stack });
    process.exit(1);
  });
  const file = accessFile === undefined ? undefined : await readAccess(accessFile, log);
  const store = http.store === undefined ? memoryStore() : await openStore(http.store, log, secrets);
  const links = createLinks({
    store,
    // Both are there before anybody can ask for a link.
    url: () => app.url,
    source: { fetchConfig: (...wanted) => calls.caller.fetchConfig(...wanted) },
    ttlMs: linkTtlS * 1_000,
    log,
  });
  const calls = await openCalls({ settings, sandbox, log, secrets }, links.handOver, store);
  const access = (url: string): Access => {
    if (oauthIssuer === undefined) return sharedSecret(token ?? '', file && (() => file.rightsOf({})));
    return openIdAccess({
      issuer: oauthIssuer,
      audience: http.oauthAudience ?? `${url}/mcp`,
      url,
      tools,
      rightsOf: file?.rightsOf,
      get: getter(calls.runtime, settings.timeoutMs),
      log,
    });
  };
  const endWithout = (flag: string, place: string) => (error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    log.error(`${flag}: ${place} cannot be used (${visible(code, 32)}); accepted: a free port`);
    process.exit(2);
  };
  if (metrics !== undefined && metricsPort !== undefined) {
    const url = await metrics.listen(metricsPort).catch(endWithout('--metrics-port', String(metricsPort)));
    log.info('metrics', { url });
  }
  const app = await openMcp({ ...http, access, store, calls, settings, tools, prompts, log, secrets }).catch(
    endWithout('--port', `${http.port} of ${http.host}`),
  );
  app.addRoute(links.route);
  calls.runtime.warm();
  log.info('listening', { version: VERSION, url: `${app.url}/mcp`, address: app.localUrl });
  const maxMs = settings.deadlineMs + 2 * LEAVE_RESERVE_MS;
  leaveOnSignal({ app, calls, maxMs, onLeave: () => log.info('leaving') });
}

/** Ends the process where the file cannot be used: without it, everybody could do everything. */
async function readAccess(path: string, log: Log): Promise<AccessFile> {
  try {
    return await openAccessFile(path, log);
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    log.error(`--access-file: ${quoteValue(path)} is not accepted, because ${why}; accepted: JSON of access rules`);
    process.exit(2);
  }
}

/** Ends the process where the store cannot be reached: what it would begin could not go on elsewhere. */
async function openStore(url: string, log: Log, secrets: Secrets): Promise<Store> {
  const { password, host } = new URL(url);
  secrets.addPassword(password);
  secrets.addPassword(decodeURIComponent(password));
  try {
    return await (await import('../store/redis.js')).openRedisStore(url, log);
  } catch (error) {
    const why = visible(error instanceof Error ? error.message : '', 128);
    log.error(`--store: ${visible(host, 128)} cannot be used (${why}); accepted: Redis 6.2 or later, or Valkey`);
    process.exit(2);
  }
}

/** Over plain HTTP to this machine only, as everything here. */
function getter({ http }: Runtime, timeoutMs: number): Get {
  return async (url) => {
    const { origin, pathname, search, protocol, hostname } = new URL(url);
    if (protocol !== 'https:' && !(protocol === 'http:' && isLoopback(hostname)))
      throw new Error('its address is neither https nor of this machine');
    const headers = { host: new URL(url).host, accept: 'application/json' };
    return (await http()).send({ origin, path: pathname + search, method: 'GET', headers }, { timeoutMs });
  };
}

/** Shown before the log knows it, because the log would cut it out. */
function madeToken(): string {
  const token = randomBytes(32).toString('base64url');
  const log = createLog('warn', (line) => process.stderr.write(line));
  log.warn('SSL_VPN_MCP_TOKEN is not set, so this one was made; it ends with the process', { token });
  return token;
}
