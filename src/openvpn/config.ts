/** A certificate with its key as one OpenVPN file: checked, named, and put into one folder and nowhere else. */
import { createHash, createPrivateKey, randomUUID, X509Certificate } from 'node:crypto';
import { constants } from 'node:fs';
import { link, lstat, mkdir, open, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { FileExistsError, FileWriteError, MalformedResponseError, RefusedError } from '../errors/errors.js';
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

/**
 * Writes the file whole or not at all; the folder is made with mode 0700, the file with 0600.
 * @returns path and SHA-256 in hex
 * @throws FileExistsError, FileWriteError
 */
export async function writeConfig(
  folder: string,
  fileName: string,
  text: string,
  overwrite: boolean,
): Promise<{ path: string; sha256: string }> {
  const path = join(folder, fileName);
  const temporary = join(folder, `.${randomUUID()}.tmp`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (!(await stat(folder)).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR' });
    if (!overwrite && (await exists(path))) throw new FileExistsError(path);
    // A name that nobody can guess, made new and never through a link: what stands in the folder cannot lead it astray.
    const file = await open(
      temporary,
      constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0),
      0o600,
    );
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await putInPlace(temporary, path, overwrite);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    if (error instanceof FileExistsError) throw error;
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
    throw new FileWriteError(path, code, IN_WORDS[code ?? ''] ?? `it could not be written (${code ?? 'unknown'})`);
  }
  return { path, sha256: createHash('sha256').update(text).digest('hex') };
}

/**
 * A name that every file system takes and that cannot lead out of the folder: `<name>-<certificate id>.ovpn`.
 * Certificates may bear the same name, so the id is part of it.
 */
export function configFileName(name: string, certificateId: string): string {
  const plain = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '_')
    .replace(/^[.-]+/, '');
  // Windows takes "con.anything" for the console, whatever stands after the dot.
  const free = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(plain) ? `_${plain}` : plain;
  return `${[shortened(free, MOST_NAME_BYTES), certificateId].filter((part) => part !== '').join('-')}.ovpn`;
}

/** File systems take 255 bytes; the id and the ending need up to 70. */
const MOST_NAME_BYTES = 160;

const IN_WORDS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'this server has no right to write there',
  EPERM: 'this server has no right to write there',
  EROFS: 'the disk is read-only',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'a part of the path is a file, not a folder',
  EISDIR: 'a folder of this name stands there',
  ELOOP: 'a part of the path is a symbolic link that leads nowhere',
  ENOENT: 'a part of the path is a symbolic link that leads nowhere',
};

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

/** A name in the place of another: atomic, and without `overwrite` only where nothing stands, a link counting as something. */
async function putInPlace(temporary: string, path: string, overwrite: boolean): Promise<void> {
  if (overwrite) return rename(temporary, path);
  try {
    await link(temporary, path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') throw new FileExistsError(path);
    // File systems without hard links: the gap between looking and renaming is the best that they offer.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS') throw error;
    if (await exists(path)) throw new FileExistsError(path);
    return rename(temporary, path);
  }
  await unlink(temporary);
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
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

function shortened(text: string, mostBytes: number): string {
  let kept = '';
  let bytes = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > mostBytes) break;
    kept += character;
  }
  return kept;
}
