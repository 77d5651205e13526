/** Time that passes only when nothing else is left to do, so that minutes take milliseconds and runs repeat exactly. */
export type VirtualTime = {
  /** ms. */
  now(): number;
  /** Rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Lets time pass until the work is done. */
  run<Value>(work: Promise<Value>): Promise<Value>;
};

export function virtualTime(start = 0): VirtualTime {
  let now = start;
  const timers: { at: number; ring(): void }[] = [];

  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const cancel = (): void => {
          timers.splice(timers.indexOf(timer), 1);
          reject(signal?.reason);
        };
        const timer = {
          at: now + ms,
          ring() {
            signal?.removeEventListener('abort', cancel);
            resolve();
          },
        };
        signal?.addEventListener('abort', cancel);
        const later = timers.findIndex(({ at }) => at > timer.at);
        timers.splice(later < 0 ? timers.length : later, 0, timer);
      }),
    async run(work) {
      let done = false;
      const settle = () => {
        done = true;
      };
      work.then(settle, settle);
      for (;;) {
        // All that the last timer set off has to come to rest first.
        await new Promise((resolve) => setImmediate(resolve));
        if (done) return work;
        const timer = timers.shift();
        if (timer === undefined) throw new Error('Nothing is left that could end this work.');
        now = timer.at;
        timer.ring();
      }
    },
  };
}
