/** HTTP over undici: one keep-alive pool, one bounded request, failures told apart by what they mean for the call. */
import { isIP, type Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import {
  asError,
  CancelledError,
  ConnectionError,
  type ConnectionProblem,
  MalformedResponseError,
} from '../errors/errors.js';
import { type Proxies, proxyFor } from './proxy.js';

export type HttpRequest = {
  origin: string;
  path: string;
  method: 'GET' | 'POST';
  headers: Readonly<Record<string, string>>;
};

/** Header names in lower case. */
export type HttpResponse = { status: number; headers: Readonly<Record<string, string>>; body: string };

export type HttpPool = {
  /**
   * @param timeoutMs for the whole exchange, connecting included
   * @throws ConnectionError, the signal's reason, MalformedResponseError (an answer larger than MAX_BODY_BYTES)
   */
  send(request: HttpRequest, options: { timeoutMs: number; signal?: AbortSignal | undefined }): Promise<HttpResponse>;
  /** Opens a connection, without a request, that the first call to this origin then finds ready; never fails. */
  warm(origin: string): void;
  close(): Promise<void>;
};

/** Fifty certificates with their texts are under 200 KB. */
const MAX_BODY_BYTES = 1024 * 1024;

/** Idle connections are given up after this, warmed ones too: a firewall may have dropped them without a word. */
const MAX_IDLE_MS = 30_000;

export async function openHttpPool(proxies: Proxies, connectTimeoutMs: number): Promise<HttpPool> {
  const { Agent, buildConnector, ProxyAgent } = (await import('undici')).default;
  const connector = buildConnector({ timeout: connectTimeoutMs });
  const warmed = new Map<string, { socket: Socket; since: number }>();
  // Timers of our own bound each exchange, so undici's are off.
  const options = { headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: MAX_IDLE_MS, connections: 128 };
  const direct = new Agent({
    ...options,
    connect(target, callback) {
      const key = keyOf(target.protocol, target.hostname, target.port);
      const ready = warmed.get(key);
      warmed.delete(key);
      if (ready === undefined || performance.now() - ready.since > MAX_IDLE_MS) {
        ready?.socket.destroy();
        return connector(target, callback);
      }
      ready.socket.ref();
      // undici expects to be called back later, as by a connector that has to connect first.
      setImmediate(() => callback(null, ready.socket));
    },
  });
  const proxied = new Map<string, Dispatcher>();
  const through = (proxy: string): Dispatcher => {
    const agent =
      proxied.get(proxy) ?? new ProxyAgent({ ...options, uri: proxy, connect: { timeout: connectTimeoutMs } });
    proxied.set(proxy, agent);
    return agent;
  };
  return {
    send(request, bounds) {
      const proxy = proxyFor(request.origin, proxies);
      return exchange(proxy === undefined ? direct : through(proxy), request, bounds, proxy);
    },
    warm(origin) {
      if (proxyFor(origin, proxies) !== undefined) return;
      const { protocol, hostname, port } = new URL(origin);
      const key = keyOf(protocol, hostname, port);
      connector(
        {
          protocol,
          hostname,
          port: port || (protocol === 'https:' ? '443' : '80'),
          servername: isIP(hostname) ? '' : hostname,
        },
        (error, socket) => {
          if (error !== null || warmed.has(key)) {
            socket?.destroy();
            return;
          }
          warmed.set(key, { socket, since: performance.now() });
          // It waits for a call that may never come: it keeps no process alive and fails nothing when it ends before.
          const forget = (): boolean => warmed.get(key)?.socket === socket && warmed.delete(key);
          socket.unref().once('close', forget).once('end', forget).on('error', forget);
        },
      );
    },
    async close() {
      for (const { socket } of warmed.values()) socket.destroy();
      await Promise.all([direct, ...proxied.values()].map((agent) => agent.destroy()));
    },
  };
}

function keyOf(protocol: string, hostname: string, port: string): string {
  return `${protocol}//${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
}

function exchange(
  dispatcher: Dispatcher,
  request: HttpRequest,
  { timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal | undefined },
  proxy: string | undefined,
): Promise<HttpResponse> {
  const host = new URL(request.origin).host;
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let settled = false;
    let status = 0;
    let headers: Record<string, string> = {};
    const chunks: Buffer[] = [];
    let size = 0;

    const settle = (finish: () => void): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      finish();
    };
    const abandon = (error: Error): void => {
      settle(() => reject(error));
      controller?.abort(error);
    };
    const onAbort = (): void => abandon(asError(signal?.reason));
    const timer = setTimeout(() => {
      const sent = controller !== undefined;
      abandon(
        new ConnectionError(`${host} did not ${sent ? 'answer' : 'accept a connection'} within ${timeoutMs} ms.`, {
          problem: sent ? 'timeout' : 'connect_timeout',
          host,
          systemCode: undefined,
          sent,
        }),
      );
    }, timeoutMs);
    if (signal?.aborted) return onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });

    dispatcher.dispatch(
      { origin: request.origin, path: request.path, method: request.method, headers: request.headers, body: '' },
      {
        onRequestStart(started) {
          // Given up while still connecting: what nobody waits for must not be sent.
          if (settled) started.abort(new CancelledError());
          else controller = started;
        },
        onResponseStart(_controller, statusCode, rawHeaders) {
          status = statusCode;
          headers = Object.fromEntries(Object.entries(rawHeaders).map(([name, value]) => [name, String(value)]));
        },
        onResponseData(_controller, chunk) {
          size += chunk.length;
          if (size <= MAX_BODY_BYTES) chunks.push(chunk);
          else abandon(tooLarge(status));
        },
        onResponseEnd() {
          settle(() => resolve({ status, headers, body: Buffer.concat(chunks).toString('utf8') }));
        },
        onResponseError(_controller, error) {
          settle(() => reject(connectionError(error, host, controller !== undefined, proxy)));
        },
      },
    );
  });
}

function tooLarge(httpStatus: number): MalformedResponseError {
  return new MalformedResponseError(`The answer is larger than ${MAX_BODY_BYTES} bytes.`, {
    httpStatus,
    requestId: undefined,
    retryAfterSeconds: undefined,
  });
}

const PROBLEMS: Readonly<Record<string, ConnectionProblem>> = {
  ENOTFOUND: 'name_not_found',
  EAI_AGAIN: 'name_lookup',
  EAI_FAIL: 'name_lookup',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ETIMEDOUT: 'connect_timeout',
  UND_ERR_CONNECT_TIMEOUT: 'connect_timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'protocol',
  UND_ERR_HEADERS_OVERFLOW: 'protocol',
};

const IN_WORDS: Readonly<Record<ConnectionProblem, string>> = {
  name_not_found: 'has no address: the name does not exist',
  name_lookup: 'could not be looked up: the name server did not answer',
  refused: 'refused the connection',
  unreachable: 'cannot be reached from this network',
  tls: 'could not be trusted over TLS',
  proxy: 'could not be reached through the proxy',
  reset: 'closed the connection without an answer',
  connect_timeout: 'did not accept a connection in time',
  timeout: 'did not answer in time',
  protocol: 'answered something that is not HTTP',
};

/** Codes of failed certificate checks come from OpenSSL and have no common prefix. */
const TLS_CODE = /^(ERR_TLS|ERR_SSL|EPROTO|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|INVALID_CA)/;

/** @param sent whether the request was handed to a socket */
export function connectionError(error: unknown, host: string, sent: boolean, proxy?: string): ConnectionError {
  const layers = layersOf(error);
  const code = layers.map(({ code }) => code).findLast((found) => found !== undefined);
  const text = layers.map(({ message }) => message).join('\n');
  let problem: ConnectionProblem;
  if (!sent && (/proxy/i.test(text) || isAboutProxy(text, host, proxy))) problem = 'proxy';
  else if (code !== undefined && TLS_CODE.test(code)) problem = 'tls';
  else if (error instanceof Error && error.name === 'HTTPParserError') problem = 'protocol';
  else if (code === 'ECONNRESET' && !sent && /TLS/.test(text)) problem = 'tls';
  else problem = (code !== undefined ? PROBLEMS[code] : undefined) ?? 'reset';
  const detail = code === undefined ? '' : ` (${code})`;
  return new ConnectionError(`${host} ${IN_WORDS[problem]}${detail}.`, { problem, host, systemCode: code, sent });
}

/** A failed connection names where it went: to the proxy's name, or to its port when that is not the endpoint's own. */
function isAboutProxy(text: string, host: string, proxy: string | undefined): boolean {
  if (proxy === undefined) return false;
  const { hostname, port } = new URL(proxy);
  return (
    text.includes(` ${hostname}`) || (port !== '' && !host.endsWith(`:${port}`) && new RegExp(`:${port}\\b`).test(text))
  );
}

/** Undici puts the socket's error into `cause`, Node several addresses' errors into an AggregateError. */
function layersOf(error: unknown): { code: string | undefined; message: string }[] {
  const layers: { code: string | undefined; message: string }[] = [];
  let current = error;
  while (current instanceof Error && layers.length < 5) {
    const code = 'code' in current && typeof current.code === 'string' ? current.code : undefined;
    layers.push({ code, message: current.message });
    current = current instanceof AggregateError ? current.errors[0] : current.cause;
  }
  return layers;
}
