/** Marks what goes through a client's hands, so that what comes back can be told to be ours. */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** 256 random bits each. The first one signs; what any of them signed is taken. */
export type SealKeys = () => readonly [Buffer, ...Buffer[]];

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

/** @param lifeMs of a state */
export function createSeal(keys: SealKeys, lifeMs: number, now: () => number = Date.now): Seal {
  const macOf = (use: string, text: string, key = keys()[0]): string =>
    createHmac('sha256', key).update(`${use}\n${text}`).digest('base64url');
  const equal = (a: string, b: string): boolean => {
    const [left, right] = [Buffer.from(a), Buffer.from(b)];
    return left.length === right.length && timingSafeEqual(left, right);
  };
  const isMacOf = (mac: string, use: string, text: string): boolean =>
    keys().some((key) => equal(mac, macOf(use, text, key)));
  return {
    stateFor(bound) {
      const expires = now() + lifeMs;
      return `${expires}.${macOf('state', `${expires}\n${bound}`)}`;
    },
    holds(state, bound) {
      const [, expires = '', mac = ''] = /^(\d{1,16})\.([\w-]{43})$/.exec(state) ?? [];
      return now() < Number(expires) && isMacOf(mac, 'state', `${expires}\n${bound}`);
    },
    mark: (text) => `${text}.${macOf('mark', text)}`,
    isMarked(marked) {
      const dot = marked.lastIndexOf('.');
      return isMacOf(marked.slice(dot + 1), 'mark', marked.slice(0, Math.max(0, dot)));
    },
  };
}
