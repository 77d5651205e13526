/** A real X.509 authority for each SSL-VPN server of the sandbox. Keys are made when they are first asked for. */
import { randomBytes, type webcrypto } from 'node:crypto';

export type Pem = { caCert: string; cert: string; key: string };

export type Subject = {
  commonName: string;
  /** Unix ms. */
  notBefore: number;
  /** Unix ms. */
  notAfter: number;
};

export type Authority = {
  issue(serverId: string, subject: Subject, usage: 'client' | 'server'): Promise<Pem>;
  /** One that could not be made has nothing to revoke. */
  revoke(serverId: string, certificate: Promise<Pem>): void;
  /** The server's list of revoked certificates, PEM. */
  revocationList(serverId: string): Promise<string>;
};

/** One curve and hash everywhere: fast to generate, and supported by every OpenVPN. */
const KEY = { name: 'ECDSA', namedCurve: 'P-256' };
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' };
const CA_LIFETIME_MS = 20 * 365 * 86_400_000;

export function createAuthority(now: () => number): Authority {
  const roots = new Map<string, Promise<Root>>();
  const revoked = new Map<string, Promise<Pem>[]>();
  const rootOf = (serverId: string): Promise<Root> => {
    const root = roots.get(serverId) ?? makeRoot(serverId, now());
    roots.set(serverId, root);
    return root;
  };
  return {
    issue: async (serverId, subject, usage) => makeCertificate(await rootOf(serverId), subject, usage),
    revoke(serverId, certificate) {
      revoked.set(serverId, [...(revoked.get(serverId) ?? []), certificate]);
    },
    async revocationList(serverId) {
      const settled = await Promise.allSettled(revoked.get(serverId) ?? []);
      const made = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      return makeRevocationList(await rootOf(serverId), made, now());
    },
  };
}

type Root = { name: string; keys: webcrypto.CryptoKeyPair; pem: string };

async function makeRoot(serverId: string, now: number): Promise<Root> {
  const { x509 } = await import('./x509.js');
  const keys = await crypto.subtle.generateKey(KEY, true, ['sign', 'verify']);
  const name = `CN=${serverId} CA, O=SSL-VPN Sandbox`;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name,
    notBefore: new Date(now - CA_LIFETIME_MS / 2),
    notAfter: new Date(now + CA_LIFETIME_MS / 2),
    signingAlgorithm: SIGNING,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
  return { name, keys, pem: toPem('CERTIFICATE', certificate.rawData) };
}

async function makeCertificate(root: Root, subject: Subject, usage: 'client' | 'server'): Promise<Pem> {
  const { x509 } = await import('./x509.js');
  const keys = await crypto.subtle.generateKey(KEY, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: new x509.Name([{ CN: [subject.commonName] }, { O: ['SSL-VPN Sandbox'] }]).toString(),
    issuer: root.name,
    notBefore: new Date(subject.notBefore),
    notAfter: new Date(subject.notAfter),
    signingAlgorithm: SIGNING,
    publicKey: keys.publicKey,
    signingKey: root.keys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage[usage === 'client' ? 'clientAuth' : 'serverAuth']]),
    ],
  });
  return {
    caCert: root.pem,
    cert: toPem('CERTIFICATE', certificate.rawData),
    key: toPem('PRIVATE KEY', await crypto.subtle.exportKey('pkcs8', keys.privateKey)),
  };
}

async function makeRevocationList(root: Root, revoked: readonly Pem[], now: number): Promise<string> {
  const { x509 } = await import('./x509.js');
  const list = await x509.X509CrlGenerator.create({
    issuer: root.name,
    thisUpdate: new Date(now - 86_400_000),
    nextUpdate: new Date(now + 30 * 86_400_000),
    signingAlgorithm: SIGNING,
    signingKey: root.keys.privateKey,
    entries: revoked.map(({ cert }) => ({
      serialNumber: new x509.X509Certificate(cert).serialNumber,
      revocationDate: new Date(now - 3_600_000),
    })),
  });
  return toPem('X509 CRL', list.rawData);
}

/** Positive, as RFC 5280 requires. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0] ?? 0) & 0x7f;
  return bytes.toString('hex');
}

function toPem(label: string, der: ArrayBuffer): string {
  const base64 = Buffer.from(der).toString('base64');
  return `-----BEGIN ${label}-----\n${base64.match(/.{1,64}/g)?.join('\n')}\n-----END ${label}-----\n`;
}
