/**
 * Streamable HTTP: `/mcp` for every revision on one address, without sessions, and what else is served beside it. Host and
 * Origin are compared before anything is made of a request; whoever asks is known before its body is read.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Trace } from '../../call.js';
import { isTraceparent } from '../engine-2026.js';
import { fieldsOf } from '../fields.js';
import { isModern } from '../first-answers.js';
import { wrapArguments } from '../given.js';
import type { Seal } from '../seal.js';
import type { Access } from './access.js';
import { createExchange, type ExchangeParts } from './exchange.js';
import { createLimits } from './limits.js';
import { type PlainRequest, type Reply, type Route, refusal } from './reply.js';

export type AppParts = ExchangeParts & {
  host: string;
  /** 0 takes any free one. */
  port: number;
  /** How clients and people reach it, without a slash at its end; undefined: by its address. */
  publicUrl: string | undefined;
  /** @param url as clients reach it */
  access(url: string): Access;
  seal: Seal;
  /** Whether what else it needs is there. */
  isReady(): Promise<boolean>;
};

export type App = {
  /** As clients reach it, without a slash at its end. */
  url: string;
  /** Where it listens, without a slash at its end. */
  localUrl: string;
  /** Served from now on; the first that knows the path answers. */
  addRoute(route: Route): void;
  /** Takes no more requests, lets those under way end, and cuts off what is left of them after a while. */
  close(graceMs: number): Promise<void>;
};

/** 500 names with everything around them are under 200 KB. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;
const MAX_HEADER_BYTES = 16 * 1024;
/** Requests under way, of all people. */
const MAX_OPEN = 1_000;
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** The two above act as often as that. */
const CHECK_MS = 2_000;
/** Longer than proxies keep idle connections, so that this server is not the one to close them. */
const KEEP_ALIVE_MS = 65_000;
/** Without a byte in either direction: longer than any call may take, because not every client hears signs of life. */
const IDLE_MS = 660_000;
const FLUSH_MS = 100;
/** Headers of which a second one could be read by somebody else than the first. */
const SINGLE = ['host', 'origin', 'authorization', 'content-type', 'content-length', 'mcp-session-id'];

/** @throws NodeJS.ErrnoException where the port cannot be used */
export async function openApp(parts: AppParts): Promise<App> {
  const { host, port, publicUrl, seal, log } = parts;
  const routes: Route[] = [health];
  /** How to stop the calls of clients that cancel by a message of its own. */
  const running = new Map<string, () => void>();
  const limits = createLimits();
  let leaving = false;
  let open = 0;

  const exchange = createExchange(parts);
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    (request, response) => {
      open += 1;
      response.once('close', () => {
        open -= 1;
      });
      // A client that goes in the middle of its request concerns that request alone.
      request.on('error', () => {});
      response.on('error', () => {});
      handle(request, response).catch((error: unknown) => {
        log.error('defect', { stack: error instanceof Error ? error.stack : undefined });
        response.destroy();
      });
    },
  );
  server.timeout = IDLE_MS;
  server.listen(port, host);
  await once(server, 'listening');
  // A connection that cannot be accepted concerns that connection alone.
  server.on('error', () => {});
  const address = server.address() as AddressInfo;
  const localUrl = `http://${addressOf(host, address.port)}`;
  const url = publicUrl ?? localUrl;
  const { host: publicHost, origin: publicOrigin, pathname } = new URL(url);
  const prefix = pathname.replace(/\/$/, '');
  const access = parts.access(url);
  if (access.route !== undefined) routes.push(access.route);

  return {
    url,
    localUrl,
    addRoute: (route) => void routes.push(route),
    async close(graceMs) {
      leaving = true;
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const until = performance.now() + graceMs;
      while (open > 0 && performance.now() < until) await sleep(20);
      await exchange.close();
      server.closeAllConnections();
      await closed;
    },
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: target = '' } = request;
    const trace = traceOf(request);
    response.setHeader('x-request-id', trace.http_request_id);
    if (leaving) response.setHeader('connection', 'close');
    const wrong = strangeness(request);
    if (wrong !== undefined) {
      log.warn('refused', { why: wrong, ...trace });
      return send(response, refusal(wrong === 'form' ? 400 : 403, `This server does not answer to that ${wrong}.`));
    }
    const path = withoutPrefix(target.replace(/[?#].*$/s, ''));
    if (open > MAX_OPEN && !path.startsWith('/health/')) {
      log.warn('refused', { why: 'all at once', ...trace });
      return send(response, BUSY);
    }
    const { authorization, 'user-agent': userAgent = '' } = request.headers;
    if (path === '/mcp')
      return method === 'POST' ? post(request, response, userAgent, trace) : send(response, NOT_ALLOWED);
    for (const route of routes) {
      const reply = await route({ method, path, userAgent, trace, authorization, json: () => readJson(request) });
      if (reply !== undefined) return send(response, reply, method === 'HEAD');
    }
    send(response, refusal(404, 'There is nothing here.'));
  }

  /** @returns what a request has that none of ours has */
  function strangeness({ headers, headersDistinct, socket, url: target }: IncomingMessage) {
    if (!target?.startsWith('/') || SINGLE.some((name) => (headersDistinct[name]?.length ?? 0) > 1)) return 'form';
    const local = socket.localAddress?.replace(/^::ffff:/, '') ?? '';
    const own = [addressOf(local, address.port)];
    if (local === '::1' || local.startsWith('127.')) own.push(addressOf('localhost', address.port));
    const asked = headers.host?.toLowerCase() ?? '';
    if (asked !== publicHost && !own.includes(asked)) return 'host';
    const { origin } = headers;
    const fromOwn = origin === undefined || origin === publicOrigin || own.some((each) => origin === `http://${each}`);
    return fromOwn ? undefined : 'origin';
  }

  /** Whether the proxy in front takes the prefix off or not. */
  function withoutPrefix(path: string): string {
    return prefix !== '' && path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path;
  }

  function health({ method, path }: Pick<PlainRequest, 'method' | 'path'>): Promise<Reply> | Reply | undefined {
    if (method !== 'GET' && method !== 'HEAD') return undefined;
    if (path === '/health/live') return { status: 200, headers: TEXT, body: 'live\n' };
    return path === '/health/ready' ? readiness() : undefined;
  }

  async function readiness(): Promise<Reply> {
    const isReady = !leaving && (await access.isReady()) && (await parts.isReady());
    return { status: isReady ? 200 : 503, headers: TEXT, body: isReady ? 'ready\n' : 'not ready\n' };
  }

  async function post(
    request: IncomingMessage,
    response: ServerResponse,
    userAgent: string,
    trace: Trace,
  ): Promise<void> {
    const found = await access.identify(request.headers.authorization);
    if ('refused' in found) {
      log.warn('sign-in refused', { why: found.why, ...trace });
      return send(response, found.refused);
    }
    const { identity } = found;
    if (identity.person !== undefined) {
      const { issuer, subject, label } = identity.person;
      const who = JSON.stringify([issuer, subject]);
      const waitS = limits.enter(who);
      if (waitS !== undefined) {
        log.warn('refused', { why: 'calls of one person', person: label, ...trace });
        return send(response, refusal(429, 'Too many calls of yours at once.', { 'retry-after': String(waitS) }));
      }
      response.once('close', () => limits.leave(who));
    }
    const read = await readJson(request);
    if (read === undefined) return;
    if ('status' in read) return send(response, read);
    const message = wrapArguments(read.json);
    if (Array.isArray(message)) return send(response, refusal(400, 'One message a request: arrays are not taken.'));
    const lacking = access.lacking(identity, message);
    if (lacking !== undefined) return send(response, lacking);

    const { method, id, isModern } = aboutMessage(message);
    const session = request.headers['mcp-session-id'];
    const key =
      !isModern && typeof session === 'string' && seal.isMarked(session)
        ? (requestId: unknown) => JSON.stringify([session, identity.person, requestId])
        : undefined;
    if (key !== undefined && method === 'notifications/cancelled') running.get(key(cancelledBy(message)))?.();

    const stop = new AbortController();
    // An answer that is out needs no end, and an abort is dear.
    response.once('close', () => {
      if (!response.writableFinished) stop.abort();
    });
    const webRequest = new Request(`${localUrl}/mcp`, {
      method: 'POST',
      headers: forSdk(request),
      signal: stop.signal,
    });
    const own = key !== undefined && id !== undefined ? key(id) : undefined;
    if (own !== undefined) running.set(own, () => stop.abort());
    const started = performance.now();
    try {
      const answer = await exchange.answer(webRequest, message, { identity, userAgent, trace });
      if (method === 'initialize' && !isModern) answer.headers.set('mcp-session-id', seal.mark(randomUUID()));
      await pass(answer, response);
    } finally {
      if (own !== undefined) running.delete(own);
      log.debug('request', { method, ms: Math.round(performance.now() - started), ...trace });
    }
  }

  function send(response: ServerResponse, { status, headers, body }: Reply, isHead = false): void {
    response.writeHead(status, {
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-length': Buffer.byteLength(body),
      ...headers,
    });
    response.end(isHead ? undefined : body);
  }
}

const TEXT = { 'content-type': 'text/plain; charset=utf-8' };
const BUSY = refusal(503, 'The server has too much to do.', { 'retry-after': '1' });
const NOT_ALLOWED = refusal(405, 'Messages are sent by POST.', { allow: 'POST' });

/** @returns undefined where the client has gone */
async function readJson(request: IncomingMessage): Promise<{ json: unknown } | Reply | undefined> {
  const body = await readBody(request);
  if (body === undefined || 'status' in body) return body;
  try {
    return { json: JSON.parse(body.toString('utf8')) };
  } catch {
    return refusal(400, 'Parse error: the body is not JSON.', {}, -32700);
  }
}

/** What is too large is read to its end, but not kept: a client that cannot send all of it would not see the refusal. */
function readBody(request: IncomingMessage): Promise<Buffer | Reply | undefined> {
  return new Promise((resolve) => {
    let chunks: Buffer[] = [];
    let size = 0;
    const tooLarge = (): void => {
      chunks = [];
      resolve(refusal(413, `A body has at most ${MAX_BODY_BYTES} bytes.`));
    };
    if (Number(request.headers['content-length']) > MAX_BODY_BYTES) tooLarge();
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) tooLarge();
      else chunks.push(chunk);
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('close', () => resolve(undefined));
  });
}

/** What the SDK needs to know of a request, which does not include who sent it. */
function forSdk({ headers }: IncomingMessage): Headers {
  const passed = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    const isNeeded = ['accept', 'content-type'].includes(name) || /^mcp-(?!session-id)/.test(name);
    if (isNeeded && typeof value === 'string') passed.set(name, value);
  }
  return passed;
}

function aboutMessage(message: unknown): { method: unknown; id: unknown; isModern: boolean } {
  const { method, id } = fieldsOf(message);
  return { method, id, isModern: isModern(message) };
}

function cancelledBy(message: unknown): unknown {
  return fieldsOf(fieldsOf(message).params).requestId;
}

/** Hands on an answer as it comes, no faster than the client reads it. */
async function pass(answer: Response, response: ServerResponse): Promise<void> {
  // The client has gone, or cancelled the call.
  if (response.destroyed || answer.status === 499) return void response.destroy();
  const isStream = answer.headers.get('content-type') === 'text/event-stream';
  const whole = isStream || answer.body === null ? undefined : Buffer.from(await answer.arrayBuffer());
  response.writeHead(answer.status, {
    ...Object.fromEntries(answer.headers),
    'cache-control': 'no-store',
    ...(whole && { 'content-length': whole.length }),
  });
  if (!isStream || answer.body === null) return void response.end(whole);
  // Whoever waits for an event has to see soon that the call is taken; most answers are there before.
  const flushing = setTimeout(() => response.flushHeaders(), FLUSH_MS);
  const gone = once(response, 'close');
  try {
    for await (const chunk of answer.body)
      if (!response.write(chunk)) await Promise.race([once(response, 'drain'), gone]);
    response.end();
  } catch {
    response.destroy();
  } finally {
    clearTimeout(flushing);
  }
}

/** The proxy in front may give the id; the message itself may name another trace. */
function traceOf({ headers }: IncomingMessage): Trace & { http_request_id: string } {
  const { 'x-request-id': given, traceparent } = headers;
  return {
    http_request_id: typeof given === 'string' && /^[\w-]{8,64}$/.test(given) ? given : randomUUID(),
    ...(isTraceparent(traceparent) && { traceparent }),
  };
}

function addressOf(host: string, port: number): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return port === 80 ? name : `${name}:${port}`;
}
