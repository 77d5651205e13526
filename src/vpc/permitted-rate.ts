export type Lane = ReturnType<typeof createLane>;

const G: any = globalThis;
const P = G.P ?? {};
export const START_RATE = P.start ?? 20;
export const MAX_RATE = P.max ?? 100;
const MIN_RATE = 0.2;
const WINDOW_MS = 1000;
const CRUISE = P.cruise ?? 0.96;
const FAST_GROWTH = P.fast ?? 1.4;
const SLOW_GROWTH = P.slow ?? 0.002;
const GROWTH_DOUBLES_S = 5;
const CATCH_UP_MS = P.catchup ?? 20;
const MIN_PAUSE_MS = P.pause ?? 100;
const MAX_PAUSE_MS = 30_000;
const MAX_RETRY_AFTER_MS = 60_000;

export function createLane(initial: number) {
  let rate = initial;
  let floor = MIN_RATE;
  let growth = FAST_GROWTH;
  const sent: number[] = [];
  let nextSlot = 0;
  let paced = false;
  let reactedAt = Number.NEGATIVE_INFINITY;
  let episodeEnds = Number.NEGATIVE_INFINITY;
  let calm = false;
  let pause = 0;

  const current = (time: number): number => (calm && time < episodeEnds ? rate / 2 : rate);
  const bound = (at: number): number =>
    sent.filter((time) => time < at && time > at - WINDOW_MS / CRUISE).length || rate / 2;
  const forget = (at: number): void => {
    const index = sent.lastIndexOf(at);
    if (index >= 0) sent.splice(index, 1);
  };

  return {
    nextAt: () => nextSlot,
    take(time: number): void {
      paced = time - nextSlot < 2 * CATCH_UP_MS;
      nextSlot = pause > 0 ? time + pause : Math.max(nextSlot, time - CATCH_UP_MS) + 1000 / current(time);
      sent.push(time);
      while ((sent[0] ?? time) < time - 2 * WINDOW_MS) sent.shift();
    },
    accepted(at: number, time: number): void {
      if (at < reactedAt) return;
      if (pause > 0) nextSlot = Math.min(nextSlot, Math.max(time, at + 1000 / current(time)));
      pause = 0;
      if (!paced) return;
      rate = Math.min(MAX_RATE, rate + growth);
      growth = Math.min(FAST_GROWTH, growth * 2 ** (1 / (GROWTH_DOUBLES_S * rate)));
    },
    forget,
    refused(at: number, time: number, retryMs: number): void {
      forget(at);
      const stale = at < reactedAt;
      const again = P.again && time - episodeEnds < 2000;
      if (!stale) {
        if (time >= episodeEnds) {
          calm = growth === FAST_GROWTH;
          rate /= 1 / CRUISE;
          floor = calm ? MIN_RATE : Math.max(MIN_RATE, rate / 2);
          growth = SLOW_GROWTH;
          episodeEnds = time + WINDOW_MS;
        }
        reactedAt = time;
      }
      rate = Math.max(floor, Math.min(rate, CRUISE * bound(at) * (again ? CRUISE : 1)));
      if (!stale) {
        pause = Math.min(
          MAX_PAUSE_MS,
          pause > 0 ? pause * (P.factor ?? 2) : Math.max(MIN_PAUSE_MS, 1000 / current(time)),
        );
        nextSlot = time + pause;
      }
      nextSlot = Math.max(nextSlot, time + Math.min(retryMs, MAX_RETRY_AFTER_MS));
    },
  };
}
