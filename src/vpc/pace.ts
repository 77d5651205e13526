/**
 * When each attempt of a batch may leave. All attempts share one permitted rate; an action that the service throttles
 * by itself has one of its own as well. What was learned lasts as long as the Pace, which the process makes once.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createPermittedRate, MAX_RATE, type PermittedRate, START_RATE } from './permitted-rate.js';

/** Each turn that was given is followed by one report, whatever became of the attempt. */
export type Pace = {
  /** Waits for this action's next free slot. Rejects with signal.reason when the signal fires; a slot that was not used is given back. */
  turn(action: string, signal: AbortSignal): Promise<void>;
  /** What became of the attempt. 'accepted': anything but throttling. */
  report(action: string, outcome: PaceOutcome): void;
  /** ms until the next slot of this action would be free; for callers that will not start what cannot end in time. */
  nextIn(action: string): number;
};

export type PaceOutcome = 'accepted' | { throttled: ThrottleScope; retryAfterSeconds?: number | undefined };

/** What a throttling refusal slows down. */
export type ThrottleScope = 'all' | 'action';

/** ms on a clock that never goes back. */
export type PaceClock = { now(): number; sleep(ms: number, signal: AbortSignal): Promise<void> };

const MONOTONIC_CLOCK: PaceClock = {
  now: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
};

export function createPace(clock: PaceClock = MONOTONIC_CLOCK): Pace {
  const all = createPermittedRate(START_RATE);
  const lanes = new Map<string, Lane>();
  const queue: Waiter[] = [];
  let serving = false;
  let changed = new AbortController();

  function laneOf(action: string): Lane {
    const lane = lanes.get(action) ?? { rate: createPermittedRate(MAX_RATE), inFlight: [] };
    lanes.set(action, lane);
    return lane;
  }

  function nextIn(action: string): number {
    return Math.max(0, Math.max(all.nextSlot(), laneOf(action).rate.nextSlot()) - clock.now());
  }

  /** Lets those in the queue leave, in their order, as long as there are any. */
  async function serve(): Promise<void> {
    if (serving) return changed.abort();
    serving = true;
    while (queue.length > 0) {
      const ready = queue.find(({ action }) => nextIn(action) === 0);
      if (ready !== undefined) {
        take(ready.action);
        ready.leave();
        continue;
      }
      changed = new AbortController();
      const soonest = Math.min(...queue.map(({ action }) => nextIn(action)));
      await clock.sleep(soonest, changed.signal).catch(() => {});
    }
    serving = false;
  }

  function take(action: string): void {
    const { rate, inFlight } = laneOf(action);
    const now = clock.now();
    all.take(now);
    rate.take(now);
    inFlight.push(now);
  }

  return {
    nextIn,
    turn(action, signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const dequeue = (): void => {
          queue.splice(queue.indexOf(waiter), 1);
          signal.removeEventListener('abort', cancel);
        };
        const cancel = (): void => {
          dequeue();
          reject(signal.reason);
          changed.abort();
        };
        const waiter: Waiter = {
          action,
          leave() {
            dequeue();
            resolve();
          },
        };
        signal.addEventListener('abort', cancel);
        queue.push(waiter);
        serve();
      });
    },
    report(action, outcome) {
      const { rate, inFlight } = laneOf(action);
      const now = clock.now();
      // Answers come nearly in the order of the requests.
      const sentAt = inFlight.shift() ?? now;
      if (outcome === 'accepted') {
        all.accepted(sentAt);
        rate.accepted(sentAt);
      } else {
        const [limited, other] = outcome.throttled === 'all' ? [all, rate] : [rate, all];
        limited.refused(sentAt, now, (outcome.retryAfterSeconds ?? 0) * 1000);
        other.forget(sentAt);
      }
      changed.abort();
    },
  };
}

type Waiter = { action: string; leave(): void };

/** @property inFlight when the attempts left that are not reported yet, oldest first */
type Lane = { rate: PermittedRate; inFlight: number[] };
