/** A certificate with its key as one OpenVPN file, checked and written anew from what was understood. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { MalformedResponseError, RefusedError } from '../errors/errors.js';
import { ask, fix } from '../errors/steps.js';
import type { CertDetail } from '../vpc/actions.js';
import { pemBlocks, pemOf } from './pem.js';
import { type ClientConfig, readConfig } from './read-config.js';

export type CheckedConfig = {
  /** The whole file, key included: for the disk alone. */
  text: string;
  /** SHA-256 of the certificate in DER, upper-case hex with colons, as OpenSSL prints it. */
  fingerprint: string;
  /** ISO 8601 in UTC. */
  expiresAt: string;
  /** Names of directives of the service's configuration that are not in the file: visible ASCII, some 20 at most. */
  leftOut: string[];
};

type Parts = Pick<CertDetail, 'CaCert' | 'ClientCert' | 'ClientKey' | 'ClientConfig'>;

/** Of each part: OpenVPN Connect imports no file over 256 KiB. */
const MAX_CHARS = 262_144;
/** Without it, whoever has a client certificate of the same CA could pose as the server. */
const SERVER_CHECK = 'remote-cert-tls server';

/**
 * The same parts give the same text, byte by byte.
 * @param now Unix ms
 * @throws MalformedResponseError where certificate, key and CA do not belong together or no server is named,
 * RefusedError where the certificate has expired
 */
export function checkedConfig(parts: Parts, now: number): CheckedConfig {
  const { CaCert, ClientCert, ClientKey, ClientConfig } = parts;
  if ([CaCert, ClientCert, ClientKey, ClientConfig].some((part) => part.length > MAX_CHARS)) {
    throw unusable('a part of it is too long');
  }
  const identity = identityOf(parts);
  const { certificate } = identity;
  const expires = Date.parse(certificate.validTo);
  if (Number.isNaN(expires)) throw unusable('its date of expiry cannot be read');
  if (expires <= now) {
    throw new RefusedError(
      `Not written: the certificate expired at ${new Date(expires).toISOString()} and would not connect.`,
      [
        fix('Issue a new one with create_ssl_vpn_client_cert and save that.'),
        ask('Then offer to revoke the expired one with delete_ssl_vpn_client_cert.'),
      ],
    );
  }
  const config = readConfig(ClientConfig);
  return {
    text: fileOf(config, identity),
    fingerprint: certificate.fingerprint256,
    expiresAt: new Date(expires).toISOString(),
    leftOut: config.leftOut,
  };
}

type Identity = {
  certificate: X509Certificate;
  /** What else came with the certificate, such as intermediate CAs. */
  chain: X509Certificate[];
  authorities: X509Certificate[];
  key: KeyObject;
};

/** @throws MalformedResponseError */
function identityOf({ CaCert, ClientCert, ClientKey }: Parts): Identity {
  let identity: Identity;
  let keyFits: boolean;
  let signed: boolean;
  try {
    const [certificate, ...chain] = certificatesIn(ClientCert);
    const [keyBlock] = pemBlocks(ClientKey, 'PRIVATE KEY', 'RSA PRIVATE KEY', 'EC PRIVATE KEY');
    if (certificate === undefined || keyBlock === undefined) throw new TypeError('no PEM block of its kind');
    const authorities = certificatesIn(CaCert).filter(isAuthority);
    const key = createPrivateKey(pemOf(keyBlock));
    identity = { certificate, chain, authorities, key };
    keyFits = certificate.checkPrivateKey(key);
    signed = authorities.some((ca) => certificate.checkIssued(ca) && certificate.verify(ca.publicKey));
  } catch {
    // What the parser says may quote its input, so it is not passed on.
    throw unusable('its certificate, CA or key cannot be read');
  }
  if (!keyFits) throw unusable('its key does not belong to it');
  if (!signed) throw unusable('the CA that came with it did not sign it');
  return identity;
}

function certificatesIn(text: string): X509Certificate[] {
  return pemBlocks(text, 'CERTIFICATE').map(({ body }) => new X509Certificate(Buffer.from(body, 'base64')));
}

/** What OpenSSL takes for a CA: those that say so, and those of X.509 version 1, which cannot, if they signed themselves. */
function isAuthority(certificate: X509Certificate): boolean {
  return certificate.ca || certificate.checkIssued(certificate);
}

/** @throws MalformedResponseError where the configuration names no server */
function fileOf({ directives, staticKeys }: ClientConfig, { certificate, chain, authorities, key }: Identity): string {
  const names = new Set(directives.map(({ name }) => name));
  if (!names.has('remote') && !names.has('connection')) {
    throw unusable('its configuration names no server to connect to');
  }
  const lines = directives.map(({ text }) => text);
  if (!names.has('client') && !names.has('tls-client')) lines.unshift('client');
  if (!lines.includes(SERVER_CHECK)) lines.push(SERVER_CHECK);
  const blocks = [
    ...staticKeys,
    ['ca', authorities.join('')],
    ['cert', [certificate, ...chain].join('')],
    ['key', key.export({ type: 'pkcs8', format: 'pem' }).toString()],
  ];
  return [...lines, ...blocks.map(([tag, pem]) => `<${tag}>\n${pem?.trim()}\n</${tag}>`), ''].join('\n');
}

function unusable(why: string): MalformedResponseError {
  return new MalformedResponseError(`Not written: the certificate that the service sent cannot be used, ${why}.`, {
    httpStatus: 200,
    requestId: undefined,
    retryAfterSeconds: undefined,
  });
}
