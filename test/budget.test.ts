import { afterEach, describe, expect, it, vi } from 'vitest';
import { createBudget, type OpenBudget } from '../src/budget.js';
import { CancelledError, DeadlineError } from '../src/errors/errors.js';

const open: OpenBudget[] = [];
const budgetOf = (ms: number, signal?: AbortSignal): OpenBudget => {
  const budget = createBudget(ms, signal);
  open.push(budget);
  return budget;
};
afterEach(() => {
  for (const budget of open.splice(0)) budget.close();
  vi.useRealTimers();
});
const never = new Promise<never>(() => {});

describe('a budget', () => {
  it('ends what cannot be stopped when its time is up', async () => {
    await expect(budgetOf(5).race(never)).rejects.toThrow(DeadlineError);
  });

  it('ends it when the client cancels, and says which of the two it was', async () => {
    const client = new AbortController();
    const budget = budgetOf(60_000, client.signal);
    const work = budget.race(never);
    client.abort();
    await expect(work).rejects.toThrow(CancelledError);
    expect(budget.remaining()).toBe(0);
  });

  it('of a client that has cancelled already is over from the start', async () => {
    await expect(budgetOf(60_000, AbortSignal.abort()).race(Promise.resolve())).rejects.toThrow(CancelledError);
  });

  it('stands still while a person is asked, however long that takes', async () => {
    vi.useFakeTimers();
    const budget = budgetOf(40);
    vi.advanceTimersByTime(10);
    await budget.suspend(async () => void vi.advanceTimersByTime(120));
    expect(budget.signal.aborted).toBe(false);
    expect(budget.remaining()).toBe(30);
    vi.advanceTimersByTime(30);
    await expect(budget.race(never)).rejects.toThrow(DeadlineError);
  });

  it('that was cancelled while a person is asked stays so', async () => {
    const client = new AbortController();
    const budget = budgetOf(60_000, client.signal);
    await budget.suspend(async () => client.abort());
    expect(budget.signal.reason).toBeInstanceOf(CancelledError);
  });

  it('that is closed lets nothing begin that was left behind', async () => {
    const budget = budgetOf(60_000);
    const left = budget.race(never);
    budget.close();
    await expect(left).rejects.toThrow(CancelledError);
    expect(budget.remaining()).toBe(0);
  });
});

describe('a share', () => {
  it('ends before the whole does', async () => {
    const budget = budgetOf(60_000);
    await budget.share(5, 0, async (share) => {
      await expect(share.race(never)).rejects.toThrow(DeadlineError);
      expect(budget.signal.aborted).toBe(false);
    });
  });

  it('is never more than what is left of the whole, less the reserve', async () => {
    const budget = budgetOf(1_000);
    await budget.share(60_000, 400, async (share) => expect(share.remaining()).toBeLessThanOrEqual(600));
  });

  it('is over when the whole is, for the same reason', async () => {
    const client = new AbortController();
    const budget = budgetOf(60_000, client.signal);
    await budget.share(1_000, 0, async (share) => {
      client.abort();
      expect(share.signal.reason).toBeInstanceOf(CancelledError);
    });
    const short = budgetOf(5);
    await short.share(60_000, 0, async (share) => expect(share.race(never)).rejects.toThrow(DeadlineError));
  });

  it('can end by itself without ending the whole', async () => {
    const budget = budgetOf(60_000);
    const share = await budget.share(1_000, 0, async (own) => own);
    expect(share.signal.aborted).toBe(true);
    expect(budget.signal.aborted).toBe(false);
    await budget.share(1_000, 0, async (own) => own.cancel());
    expect(budget.signal.aborted).toBe(false);
  });
});
