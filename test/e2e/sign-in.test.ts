/** People who sign in at a real OpenID provider with PKCE, through the clients of both SDKs, and do what they may. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Client as Client2,
  type OAuthClientProvider,
  type OAuthDiscoveryState,
  type OAuthTokens,
  StreamableHTTPClientTransport as Transport2,
} from '@modelcontextprotocol/client';
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as Transport1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { Provider } from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Result } from '../support/bin.js';
import { signIn } from '../support/browser.js';
import { REGION, SERVER } from '../support/client.js';
import { closeHttp, type HttpServer, logged, serveHttp } from '../support/http.js';

const CALLBACK = 'http://127.0.0.1:1/callback';
const PEOPLE: Readonly<Record<string, Record<string, unknown>>> = {
  anna: { preferred_username: 'anna', groups: ['staff'] },
  boss: { preferred_username: 'boss', groups: ['vpn-admins'] },
};
const RULES = {
  rules: [
    { who: { groups: 'vpn-admins' }, tools: 'all' },
    {
      who: { groups: 'staff' },
      tools: ['create_ssl_vpn_client_cert', 'list_ssl_vpn_client_certs'],
      names: ['{preferred_username}'],
    },
  ],
};

let folder: string;
let provider: Server;
let server: HttpServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sign-in-'));
  writeFileSync(join(folder, 'access.json'), JSON.stringify(RULES));
  provider = createServer();
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  const oidc = new Provider(issuer, {
    clients: [
      {
        client_id: 'mcp-client',
        token_endpoint_auth_method: 'none',
        redirect_uris: [CALLBACK],
        application_type: 'native',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      },
    ],
    pkce: { required: () => true },
    findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    extraTokenClaims: (_context, token) => PEOPLE['accountId' in token ? token.accountId : ''] ?? {},
    features: {
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, resource) => ({
          audience: resource,
          scope: 'ssl-vpn:read ssl-vpn:issue ssl-vpn:revoke',
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
        useGrantedResource: () => true,
      },
    },
  });
  provider.on('request', oidc.callback());
  server = await serveHttp(['--sandbox', '--oauth-issuer', issuer, '--access-file', join(folder, 'access.json')]);
});
afterAll(async () => {
  await closeHttp();
  provider.closeAllConnections();
  provider.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Keeps what a client keeps of a sign-in, and notes where it sends the person. */
function personAtClient() {
  let tokens: OAuthTokens | undefined;
  let verifier = '';
  let discovered: OAuthDiscoveryState | undefined;
  const sent: URL[] = [];
  const client: OAuthClientProvider = {
    redirectUrl: CALLBACK,
    clientMetadata: { redirect_uris: [CALLBACK] },
    clientInformation: () => ({ client_id: 'mcp-client' }),
    tokens: () => tokens,
    saveTokens: (saved) => {
      tokens = saved;
    },
    redirectToAuthorization: (url) => void sent.push(url),
    saveCodeVerifier: (saved) => {
      verifier = saved;
    },
    codeVerifier: () => verifier,
    saveDiscoveryState: (state) => {
      discovered = state;
    },
    discoveryState: () => discovered,
  };
  return { client, sent };
}

type Connected = { call(name: string, args: Record<string, unknown>): Promise<Result>; tools(): Promise<string[]> };
type Connection = Connected & { open(): Promise<void>; finish(back: URLSearchParams): Promise<void> };

function sdk1(authProvider: OAuthClientProvider): Connection {
  const client = new Client1({ name: 'sdk 1', version: '1' });
  const start = () => new Transport1(new URL(`${server.url}/mcp`), { authProvider: authProvider as never });
  let transport = start();
  return {
    open() {
      transport = start();
      return client.connect(transport as Transport);
    },
    finish: (back) => transport.finishAuth(back.get('code') ?? ''),
    call: async (name, args) => (await client.callTool({ name, arguments: args })).structuredContent,
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
  };
}

function sdk2(authProvider: OAuthClientProvider): Connection {
  const mode = { pin: '2026-07-28' };
  const client = new Client2({ name: 'sdk 2', version: '1' }, { versionNegotiation: { mode } });
  const start = () => new Transport2(new URL(`${server.url}/mcp`), { authProvider });
  let transport = start();
  return {
    open() {
      transport = start();
      return client.connect(transport);
    },
    finish: (back) => transport.finishAuth(back),
    call: async (name, args) => (await client.callTool({ name, arguments: args })).structuredContent,
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
  };
}

/** Connects, signs in when sent to, and again when more is needed. */
async function signedIn(
  connectionOf: (auth: OAuthClientProvider) => Connection,
  login: string,
): Promise<Connected & { scopes: string[] }> {
  const { client: auth, sent } = personAtClient();
  const connection = connectionOf(auth);
  const scopes: string[] = [];
  const orSignIn = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      const start = sent.pop();
      if (start === undefined) throw error;
      expect(start.searchParams.get('code_challenge_method')).toBe('S256');
      scopes.push(start.searchParams.get('scope') ?? '');
      await connection.finish((await signIn(start, login, CALLBACK)).searchParams);
      return work();
    }
  };
  await orSignIn(connection.open);
  return {
    scopes,
    call: (name, args) => orSignIn(() => connection.call(name, args)),
    tools: () => orSignIn(connection.tools),
  };
}

describe.each([
  ['sdk 1', sdk1],
  ['sdk 2, 2026-07-28', sdk2],
] as const)('with the client %s', (_name, connectionOf) => {
  it('signs in by what the 401 says, steps up by what the 403 says, and keeps to the rights', async () => {
    const [anna, boss] = [await signedIn(connectionOf, 'anna'), await signedIn(connectionOf, 'boss')];
    expect(await anna.tools()).toEqual(['create_ssl_vpn_client_cert', 'list_ssl_vpn_client_certs']);
    expect((await boss.tools()).length).toBeGreaterThan(10);
    const where = { region_id: REGION, ssl_vpn_server_id: SERVER };
    const own = await anna.call('create_ssl_vpn_client_cert', { ...where, name: 'anna' });
    expect(own.certificate.name).toBe('anna');
    expect(anna.scopes).toEqual(['ssl-vpn:read', expect.stringContaining('ssl-vpn:issue')]);
    expect((await anna.call('create_ssl_vpn_client_cert', { ...where, name: 'bob' })).error.code).toBe(
      'Client.Refused',
    );
    const ofBob = await boss.call('create_ssl_vpn_client_cert', { ...where, name: 'bob.signs.in' });
    expect(ofBob.certificate.name).toBe('bob.signs.in');
    const seen = await anna.call('list_ssl_vpn_client_certs', { region_id: REGION });
    expect(new Set(seen.certificates.map(({ name }: { name: string }) => name))).toEqual(new Set(['anna']));
  });
});

describe('an issuer that is not there', () => {
  it('is why the server is not ready, which is logged once however often it is asked', async () => {
    const alone = await serveHttp(['--sandbox', '--oauth-issuer', 'http://127.0.0.1:9']);
    for (let asked = 0; asked < 3; asked += 1) expect((await fetch(`${alone.url}/health/ready`)).status).toBe(503);
    expect(logged(alone).filter(({ message }) => message === 'issuer not reached')).toHaveLength(1);
  });
});

describe('what clients find out by themselves', () => {
  it('stands at both well-known places', async () => {
    for (const path of ['', '/mcp']) {
      const response = await fetch(`${server.url}/.well-known/oauth-protected-resource${path}`);
      expect(await response.json()).toMatchObject({
        resource: `${server.url}/mcp`,
        authorization_servers: [expect.stringMatching(/^http:/)],
        scopes_supported: ['ssl-vpn:read', 'ssl-vpn:issue', 'ssl-vpn:revoke'],
      });
    }
  });
});
