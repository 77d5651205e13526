/** An issuer of our own, which signs whatever a test wants: what no real provider would. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, type JWTHeaderParameters, SignJWT } from 'jose';

export type Issuer = {
  url: string;
  /** A good token for the audience, but for what the test changes. */
  token(claims?: Readonly<Record<string, unknown>>, options?: TokenOptions): Promise<string>;
  /** The public key in PEM, as anybody can have it. */
  publicPem: string;
  /** Signs with a new key from now on, and publishes that one alone. */
  rotate(): Promise<void>;
  /** How often the keys were asked for. */
  asked(): number;
  close(): Promise<void>;
};

type TokenOptions = { header?: Partial<JWTHeaderParameters>; ageS?: number; lifeS?: number; notBeforeS?: number };

export const AUDIENCE = 'api://ssl-vpn';
export const ALL_SCOPES = 'ssl-vpn:read ssl-vpn:issue ssl-vpn:revoke';

const issuers: Issuer[] = [];

/** For afterEach. */
export async function closeIssuers(): Promise<void> {
  await Promise.all(issuers.splice(0).map((issuer) => issuer.close()));
}

export async function openIssuer(): Promise<Issuer> {
  let serial = 0;
  let asked = 0;
  const make = async () => {
    serial += 1;
    const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
    return { kid: `key-${serial}`, publicKey, privateKey };
  };
  let key = await make();
  const server = createServer(async (request, response) => {
    if (request.url === '/.well-known/openid-configuration') {
      response.end(JSON.stringify({ issuer: issuer.url, jwks_uri: `${issuer.url}/keys` }));
      return;
    }
    asked += 1;
    response.end(
      JSON.stringify({ keys: [{ ...(await exportJWK(key.publicKey)), kid: key.kid, alg: 'RS256', use: 'sig' }] }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const issuer: Issuer = {
    url: `http://127.0.0.1:${port}`,
    publicPem: '',
    token: (claims = {}, { header = {}, ageS = 0, lifeS = 300, notBeforeS } = {}) => {
      const now = Math.floor(Date.now() / 1000);
      const payload = {
        iss: issuer.url,
        aud: AUDIENCE,
        sub: 'subject-of-anna',
        scope: ALL_SCOPES,
        iat: now - ageS,
        exp: now - ageS + lifeS,
        ...(notBeforeS !== undefined && { nbf: now + notBeforeS }),
        ...claims,
      };
      return new SignJWT(payload)
        .setProtectedHeader({ alg: 'RS256', kid: key.kid, typ: 'at+jwt', ...header })
        .sign(key.privateKey);
    },
    async rotate() {
      key = await make();
    },
    asked: () => asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  issuer.publicPem = await exportSPKI(key.publicKey);
  issuers.push(issuer);
  return issuer;
}
