/** Marks what goes through a client's hands, so that what comes back can be told to be ours. */
import { createHmac, timingSafeEqual } from 'node:crypto';

export type Seal = {
  /** What a client gives back to show that it was asked this. It holds the time and nothing that can be read. */
  stateFor(bound: string): string;
  /** Whether the state was made for this, and no longer ago than a person may take. */
  holds(state: string, bound: string): boolean;
  /** A text with its mark. */
  mark(text: string): string;
  /** Whether a text has its mark. */
  isMarked(text: string): boolean;
};

/**
 * @param key 256 random bits
 * @param lifeMs of a state
 */
export function createSeal(key: Buffer, lifeMs: number, now: () => number = Date.now): Seal {
  const macOf = (use: string, text: string): string =>
    createHmac('sha256', key).update(`${use}\n${text}`).digest('base64url');
  const equal = (a: string, b: string): boolean => {
    const [left, right] = [Buffer.from(a), Buffer.from(b)];
    return left.length === right.length && timingSafeEqual(left, right);
  };
  return {
    stateFor(bound) {
      const expires = now() + lifeMs;
      return `${expires}.${macOf('state', `${expires}\n${bound}`)}`;
    },
    holds(state, bound) {
      const [, expires = '', mac = ''] = /^(\d{1,16})\.([\w-]{43})$/.exec(state) ?? [];
      return equal(mac, macOf('state', `${expires}\n${bound}`)) && now() < Number(expires);
    },
    mark: (text) => `${text}.${macOf('mark', text)}`,
    isMarked(marked) {
      const dot = marked.lastIndexOf('.');
      return equal(marked.slice(dot + 1), macOf('mark', marked.slice(0, Math.max(0, dot))));
    },
  };
}
