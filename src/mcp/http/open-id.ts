/** People who sign in: access tokens of an OpenID Connect issuer, and what clients need to get one. */
import { createRemoteJWKSet, customFetch, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod/v3';
import { SCOPES, type Scope, scopeOf, scopesIn } from '../../access/scopes.js';
import { visible } from '../../errors/external-text.js';
import type { Log } from '../../log.js';
import type { Rights } from '../../policy.js';
import type { ListedTool } from '../../tools/listing.js';
import { IDENTITY } from '../about.js';
import { type Access, bearerToken, type Identified } from './access.js';
import { type Reply, refusal } from './reply.js';

export type OpenIdParts = {
  issuer: string;
  /** What tokens must be for. */
  audience: string;
  /** Public URL of this server, without a slash at its end. */
  url: string;
  /** As they are listed to whoever may use all. */
  tools: readonly ListedTool[];
  /** undefined: everybody who signs in may do all. */
  rightsOf: ((claims: JWTPayload) => Rights) | undefined;
  get: Get;
  log: Log;
};

/** GET of what the issuer publishes. @throws Error where there is no answer in time */
export type Get = (url: string) => Promise<{ status: number; body: string }>;

/** Those with a key that only the issuer has: never `none`, never one that the public key could sign for. */
const ALGORITHMS = ['RS', 'PS', 'ES'].flatMap((kind) => ['256', '384', '512'].map((size) => kind + size));
ALGORITHMS.push('EdDSA', 'Ed25519');
/** Kinds of tokens that are no bearer's access token name another type. */
const TYPES = [undefined, 'jwt', 'at+jwt', 'application/at+jwt'];
const CLOCK_SKEW_S = 60;
/** Keys that are asked for again: when they are that old, or one is missing and the last look is that long ago. */
const KEYS_MAX_AGE_MS = 10 * 60_000;
const KEYS_COOL_DOWN_MS = 30_000;
const METADATA_MAX_AGE_MS = 60 * 60_000;
const RETRY_AFTER_S = 5;
const WELL_KNOWN = '/.well-known/oauth-protected-resource';

export function openIdAccess({ issuer, audience, url, tools, rightsOf, get, log }: OpenIdParts): Access {
  const resource = `${url}/mcp`;
  const { origin, pathname } = new URL(resource);
  const metadataUrl = `${origin}${WELL_KNOWN}${pathname}`;
  const metadata: Reply = {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      resource,
      authorization_servers: [issuer],
      scopes_supported: SCOPES,
      bearer_methods_supported: ['header'],
      resource_name: IDENTITY.title,
    }),
  };
  const keys = keysOf(issuer, get);
  const unavailable = refusal(503, 'The issuer of the tokens cannot be reached.', {
    'retry-after': String(RETRY_AFTER_S),
  });

  /** As the health checks saw it last: they come every few seconds, and a line each time it changes is enough. */
  let wasReached = true;
  const notReached = (error: unknown): void =>
    log.error('issuer not reached', { why: visible(error instanceof Error ? error.message : '', 200) });

  return {
    async identify(authorization) {
      const token = bearerToken(authorization);
      if (token === '')
        return { refused: challenge(401, 'Sign in to use this server.', [], 'ssl-vpn:read'), why: 'no token' };
      let getKey: JWTVerifyGetKey;
      try {
        getKey = await keys();
      } catch (error) {
        notReached(error);
        return { refused: unavailable, why: 'no keys' };
      }
      return check(token, getKey);
    },
    lacking(identity, message) {
      const needed = neededFor(message, tools);
      const given = identity.scopes ?? new Set();
      if (needed.some((scope) => given.has(scope))) return undefined;
      const [first = 'ssl-vpn:read'] = needed;
      const asked = [...SCOPES.filter((scope) => given.has(scope)), first].join(' ');
      return challenge(403, `This needs the scope ${first}.`, [['error', 'insufficient_scope']], asked);
    },
    async isReady() {
      const isReached = await keys().then(
        () => true,
        (error: unknown) => {
          if (wasReached) notReached(error);
          return false;
        },
      );
      wasReached = isReached;
      return isReached;
    },
    route({ method, path }) {
      const isMetadata = path === WELL_KNOWN || path === `${WELL_KNOWN}/mcp` || path === `${WELL_KNOWN}${pathname}`;
      return isMetadata && (method === 'GET' || method === 'HEAD') ? metadata : undefined;
    },
  };

  async function check(token: string, getKey: JWTVerifyGetKey): Promise<Identified> {
    try {
      const { payload, protectedHeader } = await jwtVerify(token, getKey, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_SKEW_S,
        requiredClaims: ['exp', 'sub'],
      });
      // One that is bound to a key is no bearer's: whoever shows it would have to prove that they have the key.
      if (!TYPES.includes(protectedHeader.typ?.toLowerCase()) || payload.cnf !== undefined || payload.sub === undefined)
        return invalid('kind of token');
      return {
        identity: {
          person: { issuer, subject: payload.sub, label: labelOf(payload) },
          rights: rightsOf?.(payload),
          scopes: scopesIn(payload),
          // Without its signature it is worth nothing.
          secret: token.slice(token.lastIndexOf('.') + 1),
        },
      };
    } catch (error) {
      const code = error instanceof errors.JOSEError ? error.code : undefined;
      if (code !== undefined && isAboutTheToken(code)) return invalid(code);
      log.error('issuer not reached', { why: code ?? 'no answer' });
      return { refused: unavailable, why: 'no keys' };
    }
  }

  function invalid(why: string): Identified {
    const about = 'The token is not valid for this server, or no longer.';
    return { refused: challenge(401, about, [['error', 'invalid_token']], 'ssl-vpn:read'), why };
  }

  function challenge(status: number, message: string, facts: readonly [string, string][], scope: string): Reply {
    const described = facts.length === 0 ? [] : [['error_description', message]];
    const parameters = [...facts, ...described, ['scope', scope], ['resource_metadata', metadataUrl]];
    const value = `Bearer ${parameters.map(([name, text]) => `${name}="${text}"`).join(', ')}`;
    return refusal(status, message, { 'www-authenticate': value });
  }
}

/** @returns of which the token needs one: to sign in with, any of ours will do */
function neededFor(message: unknown, tools: readonly ListedTool[]): readonly Scope[] {
  const called = z.object({ method: z.literal('tools/call'), params: z.object({ name: z.string() }) });
  const parsed = called.safeParse(message);
  const tool = parsed.success ? tools.find(({ name }) => name === parsed.data.params.name) : undefined;
  return tool === undefined ? SCOPES : [scopeOf(tool)];
}

/** Anything else is about the keys. */
function isAboutTheToken(code: string): boolean {
  return /^ERR_(JWT|JWS|JOSE_ALG_NOT_ALLOWED|JOSE_NOT_SUPPORTED|JWKS_NO_MATCHING|JWKS_MULTIPLE)/.test(code);
}

const published = z.object({ issuer: z.string(), jwks_uri: z.string().url() });

/** @returns a function that gives the issuer's keys, once it has said where they are. It rejects where it cannot be asked. */
function keysOf(issuer: string, get: Get): () => Promise<JWTVerifyGetKey> {
  let known: { at: number; keys: Promise<JWTVerifyGetKey> } | undefined;
  return () => {
    if (known !== undefined && performance.now() - known.at < METADATA_MAX_AGE_MS) return known.keys;
    const keys = discover();
    const last = known;
    known = { at: performance.now(), keys };
    // What was known before is better than nothing; without it, the next request tries again.
    keys.catch(() => {
      known = last && { at: performance.now() - METADATA_MAX_AGE_MS + RETRY_AFTER_S * 1_000, keys: last.keys };
    });
    return last === undefined ? keys : keys.catch(() => last.keys);
  };

  async function discover(): Promise<JWTVerifyGetKey> {
    const { status, body } = await get(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
    if (status !== 200) throw new Error(`its discovery document answers ${status}`);
    const { issuer: named, jwks_uri } = published.parse(JSON.parse(body));
    if (named !== issuer) throw new Error('its discovery document names another issuer');
    return createRemoteJWKSet(new URL(jwks_uri), {
      cacheMaxAge: KEYS_MAX_AGE_MS,
      cooldownDuration: KEYS_COOL_DOWN_MS,
      async [customFetch](address) {
        const answer = await get(address);
        return new Response(answer.body, { status: answer.status });
      },
    });
  }
}

/** What people call each other by, of the claims that providers send. */
function labelOf({ preferred_username, email, name, sub }: JWTPayload): string {
  const [label = ''] = [preferred_username, email, name, sub].filter((text) => typeof text === 'string' && text !== '');
  return visible(String(label), 128);
}
