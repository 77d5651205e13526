/**
 * How fast requests may leave, found out from what the service accepts and refuses. Requests leave evenly spaced.
 * Until the first refusal the rate doubles twice a second. A refusal then tells the limit: what was accepted in the
 * second before it. For the rest of that second only half of that leaves, since the service may count by the second and
 * has none left; afterwards a little less than the limit, so that jitter does not exceed it.
 * What was sent before we could react is refused for the same cause, and is not counted again. Whatever else is refused
 * within that second makes us wait, twice as long each time, and then send a single request to see.
 * While nothing is refused the rate creeps up, first slowly, then faster, so that a limit that was raised is noticed.
 * An action that is throttled by itself is paced by a lane of its own as well.
 */

import { setTimeout } from 'node:timers/promises';
import { createLane, type Lane, MAX_RATE, START_RATE } from './permitted-rate.js';

export type Pace = {
  /** Waits for this action's next free slot. Rejects with signal.reason when the signal fires; the slot is then free for others. */
  turn(action: string, signal: AbortSignal): Promise<void>;
  /** What became of the attempt. 'accepted': anything but throttling. */
  report(action: string, outcome: Outcome): void;
  /** ms until the next slot of this action would be free; for callers that will not start what cannot end in time. */
  nextIn(action: string): number;
};

export type Outcome =
  | 'accepted'
  | { /** What is over its limit. */ throttled: 'all' | 'action'; retryAfterSeconds?: number | undefined };

/** On one monotonic time, in ms. */
export type Clock = { now(): number; sleep(ms: number, signal: AbortSignal): Promise<void> };

const CLOCK: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal }),
};
type Waiter = { action: string; leave(): void };

export function createPace(clock: Clock = CLOCK): Pace {
  const all = createLane(START_RATE);
  const byAction = new Map<string, Lane>();
  /** When the attempts in flight left, by action: answers come nearly in the order of the requests. */
  const inFlight = new Map<string, number[]>();
  const waiting: Waiter[] = [];
  let changed = new AbortController();
  let running = false;

  const laneOf = (action: string): Lane => {
    const lane = byAction.get(action) ?? createLane(MAX_RATE);
    byAction.set(action, lane);
    return lane;
  };
  const nextIn = (action: string): number => Math.max(0, all.nextAt(), laneOf(action).nextAt()) - clock.now();

  async function run(): Promise<void> {
    if (running) return;
    running = true;
    while (waiting.length > 0) {
      const ready = waiting.findIndex(({ action }) => nextIn(action) <= 0);
      const [waiter] = ready < 0 ? [] : waiting.splice(ready, 1);
      if (waiter !== undefined) {
        const time = clock.now();
        all.take(time);
        laneOf(waiter.action).take(time);
        inFlight.set(waiter.action, [...(inFlight.get(waiter.action) ?? []), time]);
        waiter.leave();
        continue;
      }
      const soonest = Math.min(...waiting.map(({ action }) => nextIn(action)));
      await clock.sleep(soonest, changed.signal).catch(() => {});
    }
    running = false;
  }

  return {
    nextIn: (action) => Math.max(0, nextIn(action)),
    turn(action, signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const cancel = (): void => {
          waiting.splice(waiting.indexOf(waiter), 1);
          reject(signal.reason);
        };
        const waiter: Waiter = {
          action,
          leave() {
            signal.removeEventListener('abort', cancel);
            resolve();
          },
        };
        signal.addEventListener('abort', cancel, { once: true });
        waiting.push(waiter);
        run();
      });
    },
    report(action, outcome) {
      const time = clock.now();
      const sent = inFlight.get(action)?.shift() ?? time;
      if (outcome === 'accepted') {
        all.accepted(sent, time);
        laneOf(action).accepted(sent, time);
      } else {
        const retryMs = (outcome.retryAfterSeconds ?? 0) * 1000;
        const [refused, other] = outcome.throttled === 'all' ? [all, laneOf(action)] : [laneOf(action), all];
        refused.refused(sent, time, retryMs);
        other.forget(sent);
      }
      changed.abort();
      changed = new AbortController();
    },
  };
}
