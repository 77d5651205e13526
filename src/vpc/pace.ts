/**
 * How fast a batch may go: the rate rises until the service throttles, halves, comes back quickly to just under where it
 * was throttled, and feels its way up slowly from there. The slow last part is what keeps throttled requests rare.
 */
import { setTimeout as sleep } from 'node:timers/promises';

export type Pace = {
  /** Waits for the next free slot. @returns false where that would come after the deadline (performance.now() in ms) or the signal fired */
  turn(deadline: number, signal?: AbortSignal): Promise<boolean>;
  succeeded(): void;
  /** @param retryAfterSeconds what the service asked for */
  throttled(retryAfterSeconds?: number): void;
  /** Requests a second at the moment. */
  rate(): number;
};

const START_RATE = 8;
const MOST_RATE = 100;
const LEAST_RATE = 0.5;
/** Of the rate that was throttled: near enough to be worth it, far enough to last. */
const CRUISE = 0.96;
/** A burst of refusals within that time has one cause, and is answered once. */
const ONE_CAUSE_MS = 400;
/** A ceiling that does not hold for so long was too high. */
const SOON_MS = 4_000;
/** The rate that a service permits shows in what it accepted over this long. */
const MEASURE_MS = 2_000;

export function createPace(now: () => number = () => performance.now()): Pace {
  let rate = START_RATE;
  /** What the service was seen to permit; unknown until it throttles for the first time. */
  let ceiling = Number.POSITIVE_INFINITY;
  let nextSlot = now();
  /** Goes up each time the slots are given out anew. */
  let timetable = 0;
  let lastThrottled = Number.NEGATIVE_INFINITY;
  const accepted: number[] = [];

  return {
    async turn(deadline, signal) {
      for (;;) {
        const given = timetable;
        const slot = Math.max(now(), nextSlot);
        if (slot >= deadline || signal?.aborted) return false;
        nextSlot = slot + 1000 / rate;
        const wait = slot - now();
        if (wait > 0) await sleep(wait, undefined, signal === undefined ? {} : { signal }).catch(() => {});
        if (signal?.aborted) return false;
        // Slots that were given out before the service throttled are of a pace that is no more.
        if (given === timetable) return true;
      }
    },
    succeeded() {
      const time = now();
      accepted.push(time);
      while ((accepted[0] ?? time) < time - MEASURE_MS) accepted.shift();
      // Each success adds a step, so a faster pace also rises faster: by half a second's worth at first, to double on the
      // way back, and by a hundredth of the ceiling a second once that is near.
      const step = ceiling === Number.POSITIVE_INFINITY ? 0.5 : rate < CRUISE * ceiling ? 1 : (0.01 * ceiling) / rate;
      rate = Math.min(MOST_RATE, rate + step);
    },
    throttled(retryAfterSeconds = 0) {
      const time = now();
      nextSlot = Math.max(nextSlot, time + retryAfterSeconds * 1000);
      if (time - lastThrottled < ONE_CAUSE_MS) return;
      // Throttled again so soon: what was accepted before was partly a burst that the service had saved up.
      const soon = time - lastThrottled < SOON_MS;
      lastThrottled = time;
      const span = Math.min(MEASURE_MS, time - (accepted[0] ?? time));
      // What was accepted tells the permitted rate better than what was tried; without a history that is all there is.
      const measured = span >= MEASURE_MS / 2 ? (accepted.length / span) * 1000 : rate;
      ceiling = Math.max(LEAST_RATE, Math.min(rate, measured, soon ? ceiling * 0.9 : Number.POSITIVE_INFINITY));
      rate = Math.max(LEAST_RATE, ceiling / 2);
      timetable += 1;
      nextSlot = time + Math.max(retryAfterSeconds * 1000, 1000 / rate);
    },
    rate: () => rate,
  };
}
