/** The keys of the seal, which replicas share: one a week, made in the store by the first that asks for it. */
import { randomBytes } from 'node:crypto';
import type { Secrets } from '../../secrets.js';
import type { Store } from '../../store/store.js';
import type { SealKeys } from '../seal.js';

/** What a client carries is taken for a week at least after it was signed. */
const WEEK_MS = 7 * 86_400_000;
/** A key is made in the week before its own, and taken until the week after it is over. */
const LIFE_MS = 3 * WEEK_MS;
const LOOK_MS = 60_000;

/**
 * While the store is away, the keys that are known stay.
 * @throws StoreDownError where it is away at the start
 */
export async function openSealKeys(
  store: Store,
  secrets: Pick<Secrets, 'addPassword'>,
  now: () => number = Date.now,
): Promise<SealKeys> {
  const held = new Map<number, { text: string; forget(): void }>();

  /** As the store has it; one that lost all it held is given back what this replica knows. */
  const keyOf = async (week: number): Promise<Buffer> => {
    const known = held.get(week);
    const text = await store.once(`seal:${week}`, () => known?.text ?? randomBytes(32).toString('base64url'), LIFE_MS);
    if (text !== known?.text) {
      known?.forget();
      held.set(week, { text, forget: secrets.addPassword(text) });
    }
    return Buffer.from(text, 'base64url');
  };
  const look = async (): Promise<readonly [Buffer, ...Buffer[]]> => {
    const week = Math.floor(now() / WEEK_MS);
    // The next one too: the clock of another replica may be ahead.
    const found = [await keyOf(week), await keyOf(week - 1), await keyOf(week + 1)] as const;
    for (const [old, { forget }] of held) {
      if (old >= week - 1) continue;
      held.delete(old);
      forget();
    }
    return found;
  };

  let keys = await look();
  const lookAgain = async (): Promise<void> => {
    keys = await look().catch(() => keys);
  };
  setInterval(lookAgain, LOOK_MS).unref();
  return () => keys;
}
