/** Progress of one call, with signs of life in between: clients give up on a call that says nothing. */

/** Clients that reset their time-out on progress allow 10 s and more. */
const BEAT_MS = 4_000;

export type Report = (done: number, total: number, message: string) => void;

/**
 * Each notice has to say more than the one before it, so one that only says "still at it" adds less than a step.
 * @returns the function that work reports with, and one that ends the signs of life
 */
export function withHeartbeat(send: Report): { report: Report; stop(): void } {
  let last = { done: 0, total: 1, message: 'working' };
  let sent = Number.NEGATIVE_INFINITY;
  let beats = 0;
  const sendIfMore = (done: number, message: string): void => {
    if (done <= sent) return;
    sent = done;
    send(done, last.total, message);
  };
  const timer = setInterval(() => {
    beats += 1;
    sendIfMore(last.done + 1 - 1 / (1 + beats), last.message);
  }, BEAT_MS);
  return {
    report(done, total, message) {
      // A row that waits reports the same count again, after which the next beat still has to say more than the last.
      if (done > last.done) beats = 0;
      last = { done: Math.max(done, last.done), total, message };
      sendIfMore(done, message);
    },
    stop: () => clearInterval(timer),
  };
}
