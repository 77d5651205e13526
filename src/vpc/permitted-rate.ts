/**
 * Finds the rate that a service permits, from what it accepts and refuses; it has no timers, so callers pass the time.
 *
 * 1. Requests leave evenly spaced, because limits over a sliding second punish bursts.
 * 2. Until the first refusal the rate doubles every half second.
 * 3. A refusal measures the limit: it cannot be above what was accepted in the second before it. We stay 5% below.
 *    Where a token bucket was full, or two seconds of the clock were counted, that is still too high; then there is
 *    another refusal soon, which measures better.
 * 4. What left before we reacted is refused for the same cause: it may lower the measure, but has no other effect.
 * 5. After a refusal there is a pause and then single requests, with pauses that double, until one is accepted: a
 *    service that counts by seconds of the clock admits nothing for the rest of that second.
 * 6. While all is accepted the rate creeps up, first slowly, then faster, so that a raised limit is found. A refusal
 *    by itself takes at most a tenth of the rate, since we may not be the cause.
 */
export type PermittedRate = {
  /** When the next request may leave, in ms. */
  nextSlot(): number;
  /** A request leaves now. */
  take(now: number): void;
  /** @param sentAt what `take` was given for that request */
  accepted(sentAt: number): void;
  /** @param retryAfterMs how long the service asks to wait, 0 where it does not */
  refused(sentAt: number, now: number, retryAfterMs: number): void;
  /** The request was refused for a reason that says nothing about this rate. */
  forget(sentAt: number): void;
};

/** Rates are in requests a second. Low limits refuse the start so early that it costs them little. */
export const START_RATE = 20;
export const MAX_RATE = 100;
/** Below it the doubled pauses do the waiting. Refusals for reasons other than the rate must not bring it to rest. */
const MIN_RATE = 0.8;
/** The period that services count by. */
const WINDOW_MS = 1000;
/** Of the measured limit: room for a jitter of 50 ms in each second. */
const MARGIN = 0.95;
/** Of a limit that was measured within so many ms of another refusal, and is then often still too high. */
const UNSURE_MARGIN = 0.93;
const UNSURE_MS = 3_000;
/** What a refusal by itself leaves of the rate at least. */
const KEPT = 0.9;
/** What each accepted request adds to the rate; so the rate grows by that part of itself each second. */
const SEARCH_GROWTH = 1.4;
const CREEP_GROWTH = 0.002;
/** How long it takes the creeping to double. */
const CREEP_DOUBLES_S = 5;
/** How much of a late timer is made up for, without a burst. */
const CATCH_UP_MS = 20;
const MIN_PAUSE_MS = 70;
const MAX_PAUSE_MS = 30_000;
/** A service that asks for more is asked again after this long. */
const MAX_RETRY_AFTER_MS = 60_000;

/** @param startRate where the search begins */
export function createPermittedRate(startRate: number): PermittedRate {
  let rate = startRate;
  let growth = SEARCH_GROWTH;
  let nextSlot = 0;
  /** When the requests left that were accepted or are in flight. */
  const sent: number[] = [];
  /** Whether the last request left as soon as it might: only then does its success say anything about the rate. */
  let atFullRate = false;
  /** Until a request is accepted after a refusal, in ms; otherwise 0. */
  let pause = 0;
  let reactedAt = Number.NEGATIVE_INFINITY;
  /** The first refusal of those that have one cause: what follows it within a second belongs to it. */
  let episode = { at: Number.NEGATIVE_INFINITY, minRate: MIN_RATE };

  const measured = (at: number): number =>
    sent.filter((time) => time < at && time > at - WINDOW_MS / MARGIN).length || rate;
  const forget = (sentAt: number): void => {
    const index = sent.lastIndexOf(sentAt);
    if (index >= 0) sent.splice(index, 1);
  };

  return {
    nextSlot: () => nextSlot,
    take(now) {
      atFullRate = now - nextSlot < 2 * CATCH_UP_MS;
      nextSlot = pause > 0 ? now + pause : Math.max(nextSlot, now - CATCH_UP_MS) + 1000 / rate;
      sent.push(now);
      while ((sent[0] ?? now) < now - 2 * WINDOW_MS) sent.shift();
    },
    accepted(sentAt) {
      if (sentAt < reactedAt) return;
      if (pause > 0) nextSlot = Math.min(nextSlot, sentAt + 1000 / rate);
      pause = 0;
      if (!atFullRate) return;
      rate = Math.min(MAX_RATE, rate + growth);
      growth = Math.min(SEARCH_GROWTH, growth * 2 ** (1 / (CREEP_DOUBLES_S * rate)));
    },
    refused(sentAt, now, retryAfterMs) {
      forget(sentAt);
      const sameCause = sentAt < reactedAt;
      const unsure = now < episode.at + UNSURE_MS;
      if (!sameCause && now >= episode.at + WINDOW_MS) {
        const searching = growth === SEARCH_GROWTH;
        episode = { at: now, minRate: searching || unsure ? MIN_RATE : Math.max(MIN_RATE, KEPT * rate) };
        rate *= MARGIN;
        growth = CREEP_GROWTH;
      }
      rate = Math.max(episode.minRate, Math.min(rate, (unsure ? UNSURE_MARGIN : MARGIN) * measured(sentAt)));
      if (!sameCause) {
        reactedAt = now;
        pause = Math.min(MAX_PAUSE_MS, pause > 0 ? 2 * pause : Math.max(MIN_PAUSE_MS, 1000 / rate));
        nextSlot = now + pause;
      }
      nextSlot = Math.max(nextSlot, now + Math.min(retryAfterMs, MAX_RETRY_AFTER_MS));
    },
    forget,
  };
}
