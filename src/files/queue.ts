/** Work on one thing, one after the other, in the order in which it was asked for. */

export type Queue = <T>(work: () => Promise<T>, signal?: AbortSignal) => Promise<T>;

/** What waits for its turn rejects with signal.reason when the signal fires; what has begun is not interrupted. */
export function createQueue(): Queue {
  let tail: Promise<void> = Promise.resolve();
  return (work, signal) => {
    const before = tail;
    const turn = untilAborted(before, signal).then(work);
    tail = Promise.allSettled([before, turn]).then(() => {});
    return turn;
  };
}

/** @param wait never rejects */
function untilAborted(wait: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return wait;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    wait.then(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
  });
}
