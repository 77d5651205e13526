import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StoreDownError } from '../../../src/errors/errors.js';
import { openSealKeys } from '../../../src/mcp/http/seal-keys.js';
import { createSeal, type Seal } from '../../../src/mcp/seal.js';
import { createSecrets } from '../../../src/secrets.js';
import { memoryStore } from '../../../src/store/memory.js';
import type { Store } from '../../../src/store/store.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const MAX_MS_TO_ANSWER = 10 * MINUTE_MS;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** @param aheadMs how far its clock is ahead */
async function replica(store: Store, aheadMs = 0): Promise<Seal> {
  const now = () => Date.now() + aheadMs;
  return createSeal(await openSealKeys(store, createSecrets(), now), MAX_MS_TO_ANSWER, now);
}

describe('the keys of the seal', () => {
  it('are the same for all replicas, also for one that comes later', async () => {
    const store = memoryStore();
    const [one, other] = await Promise.all([replica(store), replica(store)]);
    const state = one.stateFor('revoke anna');
    expect(other.holds(state, 'revoke anna')).toBe(true);
    expect((await replica(store)).holds(state, 'revoke anna')).toBe(true);
    expect((await replica(memoryStore())).holds(state, 'revoke anna')).toBe(false);
  });

  it('change without ending what is open, whoever notices first', async () => {
    const store = memoryStore();
    const [one, ahead] = [await replica(store), await replica(store, 5 * MINUTE_MS)];
    const marks = new Set<string>();
    for (let minute = 0; minute < 15 * 24 * 60; minute += 7) {
      const [state, aheadState, mark] = [one.stateFor('call'), ahead.stateFor('call'), one.mark('session')];
      marks.add(mark);
      await vi.advanceTimersByTimeAsync(7 * MINUTE_MS);
      expect(one.holds(aheadState, 'call') && ahead.isMarked(mark)).toBe(true);
      expect(one.holds(state, 'call')).toBe(true);
    }
    expect(marks.size).toBeGreaterThan(2);
    expect([...marks].filter((mark) => one.isMarked(mark))).toHaveLength(2);
  });

  it('stay while the store is away, and come back to one that lost them', async () => {
    let [away, held] = [false, memoryStore()];
    const once: Store['once'] = async (...given) => {
      if (away) throw new StoreDownError();
      return held.once(...given);
    };
    const failing: Store = { ...held, once };
    const one = await replica(failing);
    const mark = one.mark('session');
    away = true;
    await vi.advanceTimersByTimeAsync(DAY_MS);
    expect(one.isMarked(mark)).toBe(true);
    await expect(replica(failing)).rejects.toThrow(StoreDownError);
    [away, held] = [false, memoryStore()];
    await vi.advanceTimersByTimeAsync(MINUTE_MS);
    expect((await replica(failing)).isMarked(mark)).toBe(true);
  });

  it('are secrets for as long as they are taken', async () => {
    const secrets = createSecrets();
    const keys = await openSealKeys(memoryStore(), secrets);
    const [first] = keys().map((key) => key.toString('base64url'));
    expect(secrets.clean(`key ${first}`)).not.toContain(first);
    await vi.advanceTimersByTimeAsync(15 * DAY_MS);
    expect(secrets.clean(`key ${first}`)).toContain(first);
    for (const key of keys()) expect(secrets.clean(key.toString('base64url'))).toBe('[removed]');
  });
});
