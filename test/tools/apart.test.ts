import { afterEach, describe, expect, it, vi } from 'vitest';
import { createBudget } from '../../src/budget.js';
import { CancelledError, DeadlineError } from '../../src/errors/errors.js';
import { apart } from '../../src/tools/apart.js';

afterEach(() => void vi.useRealTimers());

describe('work on many that do not wait for each other', () => {
  it('says what became of each, whatever hangs or fails', async () => {
    vi.useFakeTimers();
    const budget = createBudget(4_000);
    const work = apart(['hangs', 'fails', 'works'], 1, budget, (item, share) => {
      if (item === 'hangs') return share.race(new Promise(() => {}));
      return item === 'fails' ? Promise.reject(new Error('no')) : Promise.resolve(item);
    });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await work).toEqual([
      { item: 'hangs', error: expect.any(DeadlineError) },
      { item: 'fails', error: new Error('no') },
      { item: 'works', result: 'works' },
    ]);
    expect(budget.signal.aborted).toBe(false);
    budget.close();
  });

  it('ends where nobody waits for an answer any more', async () => {
    const client = new AbortController();
    const budget = createBudget(60_000, client.signal);
    const work = apart(['hangs', 'too'], 2, budget, (_item, share) => share.race(new Promise(() => {})));
    client.abort();
    await expect(work).rejects.toThrow(CancelledError);
    budget.close();
  });
});
