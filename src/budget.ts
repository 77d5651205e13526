/**
 * Time and cancellation of a call as one value, given to everything that waits. It is over when its time is up or when
 * the client has cancelled, whichever comes first.
 */
import { setMaxListeners } from 'node:events';
import { CancelledError, DeadlineError } from './errors/errors.js';

export type Budget = {
  /** Fires when the budget is over; its reason is a DeadlineError or a CancelledError. */
  readonly signal: AbortSignal;
  /** ms; 0 once the budget is over. */
  remaining(): number;
  /** Stops the clock while the work goes on, because the time that a person takes is not the cloud's. */
  suspend<T>(work: () => Promise<T>): Promise<T>;
  /** Work on a share of the time: at most `ms`, and ending `reserveMs` before the whole does. */
  share<T>(ms: number, reserveMs: number, work: (share: OpenBudget) => Promise<T>): Promise<T>;
  /** Waits for what cannot be stopped, until the budget is over. @throws the signal's reason */
  race<T>(work: Promise<T>): Promise<T>;
};

export type OpenBudget = Budget & {
  /** Ends it early: what waits stops, and what is on its way to the cloud is awaited as always. */
  cancel(): void;
  /** The work has its answer: nothing that it left behind begins any more, as after `cancel`. */
  close(): void;
};

/** Every call ends with it, and an error of its own for each would be dear. */
const CANCELLED = new CancelledError();

/** @param cancelled fires when whoever asked no longer waits */
export function createBudget(ms: number, cancelled?: AbortSignal): OpenBudget {
  const over = new AbortController();
  const { signal } = over;
  // A batch has many requests waiting for it at once.
  setMaxListeners(0, signal);
  let deadline = performance.now() + ms;
  let timer: NodeJS.Timeout | undefined;

  const start = (): void => {
    timer = setTimeout(() => over.abort(new DeadlineError()), Math.max(0, deadline - performance.now()));
  };
  const cancel = (): void => over.abort(cancelled?.reason instanceof DeadlineError ? cancelled.reason : CANCELLED);
  const close = (): void => {
    clearTimeout(timer);
    cancelled?.removeEventListener('abort', cancel);
    cancel();
  };
  if (cancelled?.aborted) cancel();
  else cancelled?.addEventListener('abort', cancel, { once: true });
  start();

  const budget: OpenBudget = {
    signal,
    close,
    cancel,
    remaining: () => (signal.aborted ? 0 : Math.max(0, deadline - performance.now())),
    async suspend(work) {
      clearTimeout(timer);
      const left = deadline - performance.now();
      try {
        return await work();
      } finally {
        deadline = performance.now() + left;
        if (!signal.aborted) start();
      }
    },
    async share(most, reserveMs, work) {
      const share = createBudget(Math.min(most, budget.remaining() - reserveMs), signal);
      try {
        return await work(share);
      } finally {
        share.close();
      }
    },
    async race(work) {
      // Nobody may be left to hear of its failure.
      work.catch(() => {});
      signal.throwIfAborted();
      const done = new AbortController();
      const late = new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true, signal: done.signal });
      });
      try {
        return await Promise.race([work, late]);
      } finally {
        done.abort();
      }
    },
  };
  return budget;
}
