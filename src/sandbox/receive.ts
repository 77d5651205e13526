/** Takes a request off the wire, or says why it is turned away; nothing of the API has been looked at by then. */
import type { IncomingMessage } from 'node:http';
import type { Parameters } from './parameters.js';
import type { RawRequest } from './verify-signature.js';

export type Rejection = { status: 400 | 413 | 414 | 421; reason: string };

/** A request of the API needs a few hundred. */
const MAX_TARGET_LENGTH = 8 * 1024;
const MAX_BODY_BYTES = 64 * 1024;

/** Rejects where the connection breaks off before the body is there. */
export async function receive(request: IncomingMessage): Promise<RawRequest | Rejection> {
  const { method = '', url: target = '' } = request;
  const rejection = rejectionOf(request, target);
  if (rejection !== undefined) return rejection;
  const body = await readBody(request);
  if (body === undefined) return { status: 413, reason: `bodies are at most ${MAX_BODY_BYTES} bytes` };
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]),
  );
  return { method, target, headers, body };
}

/** RPC actions take their parameters from the query, or from a form in the body. */
export function parametersOf({ target, headers, body }: RawRequest): Parameters {
  const query = target.includes('?') ? target.slice(target.indexOf('?') + 1) : '';
  const parameters = Object.fromEntries(new URLSearchParams(query));
  if (!(headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')) return parameters;
  return { ...parameters, ...Object.fromEntries(new URLSearchParams(body.toString('utf8'))) };
}

function rejectionOf(request: IncomingMessage, target: string): Rejection | undefined {
  if (!isOwnHost(request)) return { status: 421, reason: 'the sandbox answers to its own loopback address alone' };
  if (target.length > MAX_TARGET_LENGTH)
    return { status: 414, reason: `path and query are at most ${MAX_TARGET_LENGTH} characters` };
  if (!target.startsWith('/')) return { status: 400, reason: 'the target must be a path' };
  if (!isPercentEncoded(target)) return { status: 400, reason: 'the target is not percent-encoded' };
  return undefined;
}

/** Keeps out web pages whose host name was made to resolve to this machine. */
function isOwnHost(request: IncomingMessage): boolean {
  const [host = '', ...more] = request.headersDistinct.host ?? [];
  const port = request.socket.localPort;
  const own = ['127.0.0.1', 'localhost', '[::1]'].flatMap((name) =>
    port === 80 ? [name, `${name}:80`] : [`${name}:${port}`],
  );
  return more.length === 0 && own.includes(host.toLowerCase());
}

function isPercentEncoded(target: string): boolean {
  try {
    decodeURIComponent(target);
    return true;
  } catch {
    return false;
  }
}

/** @returns undefined for a body that is too long; the rest of it is dropped as it comes */
function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > MAX_BODY_BYTES) resolve(undefined);
      else chunks.push(chunk);
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', reject);
  });
}
