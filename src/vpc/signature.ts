/**
 * Alibaba Cloud request signature V3 (ACS3-HMAC-SHA256) as pure functions.
 * Source: help page "V3 request structure and signature".
 */
import { createHash, createHmac } from 'node:crypto';

const ALGORITHM = 'ACS3-HMAC-SHA256';

/** A request as it will go over the wire; header names in lower case, query values not yet encoded. */
export type SignableRequest = {
  method: string;
  path: string;
  query: Readonly<Record<string, string>>;
  headers: Readonly<Record<string, string>>;
  body: string;
};

export type Signed = {
  canonicalRequest: string;
  stringToSign: string;
  /** The value of the Authorization header. */
  authorization: string;
};

export function sign(request: SignableRequest, accessKeyId: string, accessKeySecret: string): Signed {
  const canonical = canonicalRequest(request);
  const toSign = stringToSign(canonical);
  const names = signedHeaderNames(request.headers).join(';');
  const signature = createHmac('sha256', accessKeySecret).update(toSign).digest('hex');
  return {
    canonicalRequest: canonical,
    stringToSign: toSign,
    authorization: `${ALGORITHM} Credential=${accessKeyId},SignedHeaders=${names},Signature=${signature}`,
  };
}

export function canonicalRequest({ method, path, query, headers, body }: SignableRequest): string {
  const names = signedHeaderNames(headers);
  const headerLines = names.map((name) => `${name}:${(headers[name] ?? '').trim()}\n`).join('');
  return [method, path, canonicalQuery(query), headerLines, names.join(';'), sha256Hex(body)].join('\n');
}

export function stringToSign(canonical: string): string {
  return `${ALGORITHM}\n${sha256Hex(canonical)}`;
}

/** Name=value pairs, percent-encoded and sorted; also what goes on the request line, so that both are one string. */
export function canonicalQuery(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => [percentEncode(name), percentEncode(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** RFC 3986: encodeURIComponent leaves !'()* alone, the signature does not. Lone surrogates become U+FFFD. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

export function sha256Hex(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

function signedHeaderNames(headers: Readonly<Record<string, string>>): string[] {
  return Object.keys(headers)
    .filter((name) => name === 'host' || name === 'content-type' || name.startsWith('x-acs-'))
    .sort();
}
