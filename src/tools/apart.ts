/** Work on many that do not wait for each other: one that hangs or fails takes none of the others along. */
import type { Budget } from '../budget.js';
import { mapConcurrently } from '../concurrency.js';
import { CancelledError } from '../errors/errors.js';

/** What cannot be reached must not use up the time of the others. */
const MAX_MS = 12_000;
/** Kept back of the deadline, so that what was found by then is answered. */
const RESERVE_MS = 1_000;

export type Settled<Item, Result> = { item: Item } & ({ result: Result } | { error: unknown });

/**
 * Each on a share of the time, so that all have had their turn before the whole is over.
 * @returns what became of each, in the order of the items
 * @throws CancelledError where nobody waits for an answer any more
 */
export async function apart<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  budget: Budget,
  work: (item: Item, share: Budget) => Promise<Result>,
): Promise<Settled<Item, Result>[]> {
  const reserveMs = Math.min(RESERVE_MS, budget.remaining() / 4);
  const rounds = Math.ceil(items.length / atOnce);
  const ms = Math.min(MAX_MS, (budget.remaining() - reserveMs) / rounds);
  return mapConcurrently(items, atOnce, async (item) => {
    try {
      return { item, result: await budget.share(ms, reserveMs, (share) => work(item, share)) };
    } catch (error) {
      if (budget.signal.reason instanceof CancelledError) throw error;
      return { item, error };
    }
  });
}
