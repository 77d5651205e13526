/**
 * Checks a V3 signature (ACS3-HMAC-SHA256) from the raw request, as a service does.
 * Source: help page "V3 request structure and signature". Shares no code with the client's signer on purpose.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { ApiRefusal } from './refusals.js';

export type RawRequest = {
  method: string;
  /** Path and query as on the request line. */
  target: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  body: Buffer;
};

export type Key = {
  accessKeyId: string;
  accessKeySecret: string;
  /** Given for temporary credentials. */
  securityToken?: string;
  /** Unix ms. */
  expiresAt?: number;
  /** Actions that the RAM policies of the key's owner deny. */
  denied?: readonly string[];
};

const AUTHORIZATION = /^ACS3-HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const MANDATORY = [
  'host',
  'x-acs-action',
  'x-acs-content-sha256',
  'x-acs-date',
  'x-acs-signature-nonce',
  'x-acs-version',
];
const MAX_CLOCK_SKEW_MS = 15 * 60_000;

/**
 * @param nonces those seen so far; the request's is added
 * @throws ApiRefusal with the code that the service uses for what is wrong
 */
export function verifySignature(request: RawRequest, keys: readonly Key[], nonces: Set<string>, now: number): Key {
  const parts = AUTHORIZATION.exec(request.headers.authorization ?? '');
  const [, keyId = '', signedNames = '', signature = ''] = parts ?? [];
  const signed = signedNames.split(';');
  const present = Object.keys(request.headers).filter((name) => name.startsWith('x-acs-'));
  const unsigned = [...MANDATORY, ...present].find(
    (name) => request.headers[name] === undefined || !signed.includes(name),
  );
  if (parts === null || unsigned !== undefined) {
    throw new ApiRefusal(
      400,
      'IncompleteSignature',
      `The request signature does not conform to Aliyun standards${unsigned === undefined ? '' : `: ${unsigned}`}.`,
    );
  }
  const date = request.headers['x-acs-date'] ?? '';
  if (!DATE.test(date))
    throw new ApiRefusal(400, 'InvalidTimeStamp.Format', 'Specified time stamp or date value is not well formatted.');
  if (Math.abs(Date.parse(date) - now) > MAX_CLOCK_SKEW_MS) {
    throw new ApiRefusal(400, 'InvalidTimeStamp.Expired', 'Specified time stamp or date value is expired.');
  }
  const key = keys.find((candidate) => candidate.accessKeyId === keyId);
  if (key === undefined) throw new ApiRefusal(404, 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.');
  checkToken(key, request.headers['x-acs-security-token'], now);

  const canonical = [
    request.method,
    request.target.split('?', 1)[0],
    sortedQuery(request.target),
    ...signed.map((name) => `${name}:${(request.headers[name] ?? '').trim()}`),
    '',
    signedNames,
    createHash('sha256').update(request.body).digest('hex'),
  ].join('\n');
  const toSign = `ACS3-HMAC-SHA256\n${createHash('sha256').update(canonical).digest('hex')}`;
  const expected = createHmac('sha256', key.accessKeySecret).update(toSign).digest();
  const bodyHash = canonical.slice(canonical.lastIndexOf('\n') + 1);
  if (
    !timingSafeEqual(expected, Buffer.from(signature, 'hex')) ||
    bodyHash !== request.headers['x-acs-content-sha256']
  ) {
    throw new ApiRefusal(
      400,
      'SignatureDoesNotMatch',
      `Specified signature does not match our calculation. server string to sign is:${toSign} server CanonicalRequest is:${canonical}`,
    );
  }
  const nonce = request.headers['x-acs-signature-nonce'] ?? '';
  if (nonces.has(nonce)) throw new ApiRefusal(400, 'SignatureNonceUsed', 'Specified signature nonce was used already.');
  nonces.add(nonce);
  return key;
}

function checkToken(key: Key, token: string | undefined, now: number): void {
  if (key.securityToken === undefined) return;
  if (token === undefined)
    throw new ApiRefusal(400, 'MissingSecurityToken', 'SecurityToken is mandatory for this action.');
  if (token !== key.securityToken)
    throw new ApiRefusal(400, 'InvalidSecurityToken.Malformed', 'Specified SecurityToken is malformed.');
  if (key.expiresAt !== undefined && now >= key.expiresAt) {
    throw new ApiRefusal(400, 'InvalidSecurityToken.Expired', 'Specified SecurityToken is expired.');
  }
}

/** The query as sent, in order of the encoded pairs; an encoding that differs from RFC 3986 is brought to it. */
function sortedQuery(target: string): string {
  const query = target.split('?').slice(1).join('?');
  if (query === '') return '';
  const strict = (text: string): string =>
    encodeURIComponent(decodeURIComponent(text)).replace(
      /['()*!]/g,
      (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  const pairs = query.split('&').map((pair) => {
    const at = pair.indexOf('=');
    return at < 0 ? [strict(pair), ''] : [strict(pair.slice(0, at)), strict(pair.slice(at + 1))];
  });
  return pairs
    .map((pair) => pair.join('='))
    .sort()
    .join('&');
}
