/** Who is asking, and whether they may ask that. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { ClientSession } from '../../call.js';
import type { Rights } from '../../policy.js';
import { type Reply, type Route, refusal } from './reply.js';

export type Identity = Pick<ClientSession, 'person' | 'rights' | 'secret'> & {
  /** What the token was given for; undefined where there is no such limit. */
  scopes?: ReadonlySet<string> | undefined;
};

/** `why` is for the log. */
export type Identified = { identity: Identity } | { refused: Reply; why: string };

export type Access = {
  /** @param authorization the header */
  identify(authorization: string | undefined): Promise<Identified>;
  /** The refusal of a message that the token was not given for; undefined where it was. */
  lacking(identity: Identity, message: unknown): Reply | undefined;
  /** Whether it can tell who asks. */
  isReady(): Promise<boolean>;
  /** What clients need to find out how to sign in. */
  route?: Route;
};

/** The token of a header; empty where it has none. */
export function bearerToken(authorization: string | undefined): string {
  return /^Bearer +([\w.~+/=-]+) *$/i.exec(authorization ?? '')?.[1] ?? '';
}

/** One secret that every client has: all of them may do the same. */
export function sharedSecret(token: string, rights?: () => Rights): Access {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const expected = digest(token);
  const refused = refusal(401, 'The bearer token of this server is needed.', { 'www-authenticate': 'Bearer' });
  return {
    async identify(authorization) {
      const given = bearerToken(authorization);
      if (timingSafeEqual(digest(given), expected)) return { identity: { rights: rights?.() } };
      return { refused, why: given === '' ? 'no token' : 'another token' };
    },
    lacking: () => undefined,
    isReady: async () => true,
  };
}
