/** A real X.509 authority for each SSL-VPN server of the sandbox. Keys are made when first asked for. */
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
};

/** The same curve and hash everywhere: quick to make, and known to every OpenVPN. */
const KEY = { name: 'ECDSA', namedCurve: 'P-256' };
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' };
const CA_LIFETIME_MS = 20 * 365 * 86_400_000;

export function createAuthority(now: () => number): Authority {
  const roots = new Map<string, Promise<Root>>();
  return {
    async issue(serverId, subject, usage) {
      const root = roots.get(serverId) ?? makeRoot(serverId, now());
      roots.set(serverId, root);
      return makeCertificate(await root, subject, usage);
    },
  };
}

type Root = { name: string; keys: webcrypto.CryptoKeyPair; pem: string };

/** The library needs the reflection polyfill before it is loaded. */
async function loadX509() {
  await import('reflect-metadata');
  return import('@peculiar/x509');
}

async function makeRoot(serverId: string, now: number): Promise<Root> {
  const x509 = await loadX509();
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
  return { name, keys, pem: pemLine(certificate.toString('pem')) };
}

async function makeCertificate(root: Root, subject: Subject, usage: 'client' | 'server'): Promise<Pem> {
  const x509 = await loadX509();
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
  const key = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return {
    caCert: root.pem,
    cert: pemLine(certificate.toString('pem')),
    key: `-----BEGIN PRIVATE KEY-----\n${key.replace(/.{64}/g, '$&\n').trimEnd()}\n-----END PRIVATE KEY-----\n`,
  };
}

/** Positive, as RFC 5280 wants it. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0] ?? 0) & 0x7f;
  return bytes.toString('hex');
}

function pemLine(pem: string): string {
  return `${pem.trimEnd()}\n`;
}
