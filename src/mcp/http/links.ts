/**
 * One-time links to configurations. A link is 256 random bits; the store knows their hash and which certificate is meant,
 * and nothing secret: the key is fetched from the cloud when the link is used. Opening one shows a page, so that previews
 * and scanners do not use it up; either of its two buttons does.
 */
import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod/v3';
import type { ConfigSource, FetchedConfig, Trace } from '../../call.js';
import { CallFailure, ServiceError, StoreDownError } from '../../errors/errors.js';
import { explain } from '../../errors/explain.js';
import { visible } from '../../errors/external-text.js';
import { configFileName } from '../../files/file-name.js';
import type { Log } from '../../log.js';
import type { Person } from '../../person.js';
import { type Store, unlessDown } from '../../store/store.js';
import type { HandOver } from '../../tools/saved-config.js';
import { brokenPage, connectPage, linkPage, PAGE_HEADERS, usedPage } from './link-pages.js';
import type { Reply, Route } from './reply.js';

export type LinksParts = {
  store: Store;
  /** Public URL of this server, without a slash at its end. */
  url(): string;
  ttlMs: number;
  source: ConfigSource;
  log: Log;
  now?: () => number;
};

export type Links = { handOver(person: Person | undefined): HandOver; route: Route };

/** What is kept of a link. Times are Unix ms. */
const kept = z.object({
  regionId: z.string(),
  certificateId: z.string(),
  serverId: z.string(),
  name: z.string(),
  fileName: z.string(),
  person: z.object({ issuer: z.string(), subject: z.string(), label: z.string() }).optional(),
  expires: z.number(),
});
export type Kept = z.infer<typeof kept>;

/** For which OpenVPN Connect can fetch what a person has just asked it to import. */
const IMPORT_TTL_MS = 60_000;
const SECRET = '[A-Za-z0-9_-]{43}';
const PATH = new RegExp(`^/links/(${SECRET})(/file|/import|/profile)?$`);
const UNKNOWN_CERTIFICATE = 'InvalidSslVpnClientCertId.NotFound';

export function createLinks({ store, url, ttlMs, source, log, now = Date.now }: LinksParts): Links {
  return {
    handOver: (person) => ({
      folder: undefined,
      async check() {
        if (!(await store.isReady())) throw new StoreDownError('No link can be made now, and nothing was changed');
      },
      async give({ regionId, certificate: { SslVpnClientCertId, SslVpnServerId, Name } }) {
        const expires = now() + ttlMs;
        const fileName = configFileName(Name, SslVpnClientCertId);
        const secret = await keep('link', {
          regionId,
          certificateId: SslVpnClientCertId,
          serverId: SslVpnServerId,
          name: Name,
          fileName,
          person,
          expires,
        });
        log.info('link made', about(SslVpnClientCertId, person));
        const expires_at = new Date(expires).toISOString();
        return { link: { url: `${url()}/links/${secret}`, file_name: fileName, expires_at } };
      },
    }),
    route({ method, path, userAgent, trace }) {
      const [match, secret = '', use = ''] = PATH.exec(path) ?? [];
      if (match === undefined) return path.startsWith('/links/') ? usedPage() : undefined;
      const reads = method === 'GET' || method === 'HEAD';
      let reply: Promise<Reply> | undefined;
      if (use === '' && reads) reply = show(secret);
      if (use === '/file' && method === 'POST') reply = deliver('link', secret, userAgent, trace);
      if (use === '/import' && method === 'POST') reply = sendToConnect(secret);
      if (use === '/profile' && method === 'GET') reply = deliver('import', secret, userAgent, trace);
      return reply === undefined ? usedPage() : unlessDown(reply, brokenPage());
    },
  };

  async function keep(kind: 'link' | 'import', what: Kept): Promise<string> {
    const secret = randomBytes(32).toString('base64url');
    await putBack(kind, secret, what);
    return secret;
  }

  async function putBack(kind: 'link' | 'import', secret: string, what: Kept): Promise<void> {
    const left = what.expires - now();
    if (left > 0) await store.put(keyOf(kind, secret), JSON.stringify(what), left);
  }

  async function show(secret: string): Promise<Reply> {
    const found = read(await store.get(keyOf('link', secret)));
    return found === undefined ? usedPage() : linkPage(found, secret);
  }

  /** The link ends here, and an address for OpenVPN Connect begins: one minute, one GET. */
  async function sendToConnect(secret: string): Promise<Reply> {
    const found = read(await store.take(keyOf('link', secret)));
    if (found === undefined) return usedPage();
    const once = await keep('import', { ...found, expires: now() + IMPORT_TTL_MS });
    return connectPage(`openvpn://import-profile/${url()}/links/${once}/profile`);
  }

  async function deliver(kind: 'link' | 'import', secret: string, userAgent: string, trace: Trace): Promise<Reply> {
    const found = read(await store.take(keyOf(kind, secret)));
    if (found === undefined) return usedPage();
    const { regionId, certificateId, person } = found;
    const client = visible(`link, ${kind === 'link' ? 'file' : 'OpenVPN Connect'}, ${userAgent}`, 128);
    let fetched: FetchedConfig;
    try {
      // Also for somebody who has gone meanwhile: what became of it is worth knowing, and it ends by its deadline.
      fetched = await source.fetchConfig({ regionId, certificateId }, client, person, new AbortController().signal);
    } catch (error) {
      if (isGone(error)) return usedPage();
      await putBack(kind, secret, found);
      log.warn('link not served', { code: explain(error).code, ssl_vpn_client_cert_id: certificateId, ...trace });
      return brokenPage();
    }
    const { certificate, config } = fetched;
    // It is another certificate than the one that was handed over, whatever its id says.
    if (certificate.Name !== found.name || certificate.SslVpnServerId !== found.serverId) return usedPage();
    log.info('link used', { by: kind, ...about(certificateId, person), ...trace });
    return {
      status: 200,
      headers: {
        ...PAGE_HEADERS,
        'content-type': 'application/x-openvpn-profile',
        'content-disposition': `attachment; filename="${ascii(found.fileName)}"; filename*=UTF-8''${encodeURIComponent(found.fileName)}`,
      },
      body: config.text,
    };
  }
}

/** The certificate was revoked, or may not be handed out any more. */
function isGone(error: unknown): boolean {
  const { cause } = error instanceof CallFailure ? error : { cause: error };
  return cause instanceof ServiceError && cause.code === UNKNOWN_CERTIFICATE;
}

function about(certificateId: string, person: Person | undefined) {
  return { ssl_vpn_client_cert_id: certificateId, ...(person && { person: person.label }) };
}

function read(text: string | undefined): Kept | undefined {
  return text === undefined ? undefined : kept.parse(JSON.parse(text));
}

function keyOf(kind: 'link' | 'import', secret: string): string {
  return `${kind}:${createHash('sha256').update(secret).digest('base64url')}`;
}

/** For programs that do not know the other form of file names. */
function ascii(fileName: string): string {
  return fileName.replace(/[^A-Za-z0-9._-]/g, '_');
}
