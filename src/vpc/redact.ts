/** Cuts credentials out of whatever came back: a faulty proxy or gateway may echo the headers that it was sent. */
import type { Credentials } from './credentials.js';

/** Shorter ones would hit innocent text; real secrets have 30 characters and more. */
const SHORTEST_SECRET = 8;
/** Answers of the API are five levels deep at most. */
const MOST_LEVELS = 8;

/** The same value with every string in it redacted; what lies deeper than MOST_LEVELS is dropped. */
export function redact<T>(value: T, credentials: Credentials): T {
  const secrets = [credentials.accessKeySecret, credentials.securityToken ?? '']
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .flatMap((secret) => [secret, encodeURIComponent(secret)]);
  const { accessKeyId } = credentials;
  const clean = (text: string): string => {
    let cleaned = text;
    for (const secret of secrets) cleaned = cleaned.replaceAll(secret, '[removed]');
    return accessKeyId.length >= SHORTEST_SECRET ? cleaned.replaceAll(accessKeyId, maskKeyId(accessKeyId)) : cleaned;
  };
  const walk = (part: unknown, levels: number): unknown => {
    if (typeof part === 'string') return clean(part);
    if (typeof part !== 'object' || part === null) return part;
    if (levels === 0) return undefined;
    if (Array.isArray(part)) return part.map((member) => walk(member, levels - 1));
    return Object.fromEntries(Object.entries(part).map(([name, member]) => [clean(name), walk(member, levels - 1)]));
  };
  // Strings stay strings and everything else is kept, so the type is too.
  return walk(value, MOST_LEVELS) as T;
}

/** Enough to recognise a key by, too little to use. */
export function maskKeyId(accessKeyId: string): string {
  return accessKeyId.length > 12 ? `${accessKeyId.slice(0, 6)}…${accessKeyId.slice(-4)}` : '…';
}
