/** A certificate with its key as one OpenVPN file, checked. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { MalformedResponseError, RefusedError } from '../errors/errors.js';
import type { CertDetail } from '../vpc/actions.js';

export type CheckedConfig = {
  /** The whole file, key included: for the disk alone. */
  text: string;
  subject: string;
  issuer: string;
  /** SHA-256 of the certificate in DER, upper-case hex with colons, as OpenSSL prints it. */
  fingerprint: string;
  /** ISO 8601 in UTC. */
  expiresAt: string;
  /** Directives left out because they would run programs on the person's machine. */
  leftOut: string[];
};

/**
 * @param now Unix ms
 * @throws MalformedResponseError where certificate, key and CA do not belong together, RefusedError where it has expired
 */
export function checkedConfig(detail: CertDetail, now: number): CheckedConfig {
  let certificate: X509Certificate;
  let authorities: X509Certificate[];
  let keyFits: boolean;
  try {
    certificate = new X509Certificate(pemBlocks(detail.ClientCert, 'CERTIFICATE')[0] ?? '');
    authorities = pemBlocks(detail.CaCert, 'CERTIFICATE').map((pem) => new X509Certificate(pem));
    keyFits = certificate.checkPrivateKey(createPrivateKey(keyOf(detail)));
  } catch {
    // What the parser says may quote its input, so it is not passed on.
    throw unusable('its certificate, CA or key cannot be read');
  }
  if (!keyFits) throw unusable('its key does not belong to it');
  if (!authorities.some((ca) => certificate.checkIssued(ca) && certificate.verify(ca.publicKey))) {
    throw unusable('the CA that came with it did not sign it');
  }
  const expires = Date.parse(certificate.validTo);
  if (expires <= now) {
    throw new RefusedError(
      `Not written: the certificate expired at ${new Date(expires).toISOString()} and would not connect.`,
      [
        'Issue a new one with create_ssl_vpn_client_cert and save that.',
        'Then offer to revoke the expired one with delete_ssl_vpn_client_cert.',
      ],
    );
  }
  const { lines, leftOut } = directives(detail.ClientConfig);
  const block = (tag: string, pem: string): string => `<${tag}>\n${pem.trim()}\n</${tag}>`;
  const text = [
    ...lines,
    block('ca', pemBlocks(detail.CaCert, 'CERTIFICATE').join('\n')),
    block('cert', pemBlocks(detail.ClientCert, 'CERTIFICATE').join('\n')),
    block('key', keyOf(detail)),
    '',
  ].join('\n');
  return {
    text,
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    fingerprint: certificate.fingerprint256,
    expiresAt: new Date(expires).toISOString(),
    leftOut,
  };
}

/** The certificate that stands in the text of a file as checkedConfig makes it. */
export function certificateIn(text: string): X509Certificate | undefined {
  const pem = pemBlocks(/<cert>([\s\S]*?)<\/cert>/.exec(text)?.[1] ?? '', 'CERTIFICATE')[0];
  return pem === undefined ? undefined : new X509Certificate(pem);
}

/** Ways of OpenVPN to run a program, load a library, or open a port to be controlled by. */
const RUNS_PROGRAMS =
  /^(up|down|up-restart|down-pre|route-up|route-pre-down|ipchange|tls-verify|auth-user-pass-verify|client-(?:dis)?connect|client-crresponse|learn-address|plugin|script-security|iproute|win-sys|pkcs11-providers|engine|providers|tmp-dir|cd|chroot|management\S*|config|log|log-append|status|writepid|dns-updown)$/;
/** They stand in the file itself; the others say where the key is in other ways. */
const INLINE = /^(ca|cert|key|extra-certs|pkcs12)$/;

/** The configuration's lines less those that name the key files and those that would run programs. */
function directives(config: string): { lines: string[]; leftOut: string[] } {
  const leftOut = new Set<string>();
  const withoutBlocks = config
    .replace(/\r\n?/g, '\n')
    .replace(/^[ \t]*<(ca|cert|key|extra-certs|pkcs12)>[\s\S]*?^[ \t]*<\/\1>[ \t]*$/gm, '');
  const lines = withoutBlocks.split('\n').filter((line) => {
    // OpenVPN takes a directive with dashes before it and in quotes too.
    const word = (line.trim().split(/\s+/)[0] ?? '')
      .replace(/["'\\]/g, '')
      .replace(/^--/, '')
      .toLowerCase();
    if (INLINE.test(word)) return false;
    if (!RUNS_PROGRAMS.test(word)) return true;
    leftOut.add(word);
    return false;
  });
  while (lines.at(-1)?.trim() === '') lines.pop();
  return { lines, leftOut: [...leftOut] };
}

/** The service puts a dump in words before some of its PEM blocks; only the blocks count. */
function pemBlocks(text: string, label: string): string[] {
  return text.match(new RegExp(`-----BEGIN ${label}-----[A-Za-z0-9+/=\\s]+-----END ${label}-----`, 'g')) ?? [];
}

function keyOf({ ClientKey }: CertDetail): string {
  return pemBlocks(ClientKey, '(?:RSA |EC )?PRIVATE KEY')[0] ?? '';
}

function unusable(why: string): MalformedResponseError {
  return new MalformedResponseError(`Not written: the certificate that the service sent cannot be used, ${why}.`, {
    httpStatus: 200,
    requestId: undefined,
    retryAfterSeconds: undefined,
  });
}

/** Node gives one attribute a line. */
function oneLine(distinguishedName: string): string {
  return distinguishedName.split('\n').join(', ');
}
