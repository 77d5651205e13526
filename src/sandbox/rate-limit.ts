/** How services limit requests: the three kinds in use, each as a function that says whether a request is let in. */

export type RateLimit = {
  /**
   * bucket: tokens flow in evenly, and at most a second's worth is kept.
   * sliding: at most so many in any second.
   * clock: at most so many in each second of the clock.
   */
  kind: 'bucket' | 'sliding' | 'clock';
  /** Below 1, one request in each period of 1 / perSecond seconds. */
  perSecond: number;
  /** Each action has a limit of its own; otherwise all share one. */
  perAction?: boolean;
};

/** @param now ms */
export function createRateLimit(
  { kind, perSecond, perAction = false }: RateLimit,
  now: () => number,
): (action: string) => boolean {
  const periodMs = 1000 / Math.min(1, perSecond);
  const capacity = Math.max(1, perSecond);
  const create = { bucket, sliding, clock }[kind];
  const limits = new Map<string, (time: number) => boolean>();
  return (action) => {
    const scope = perAction ? action : '';
    const admit = limits.get(scope) ?? create(capacity, periodMs);
    limits.set(scope, admit);
    return admit(now());
  };
}

function bucket(capacity: number, periodMs: number): (time: number) => boolean {
  let tokens = capacity;
  let filled: number | undefined;
  return (time) => {
    tokens = Math.min(capacity, tokens + ((time - (filled ?? time)) / periodMs) * capacity);
    filled = time;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

function sliding(capacity: number, periodMs: number): (time: number) => boolean {
  const admitted: number[] = [];
  return (time) => {
    while ((admitted[0] ?? time) <= time - periodMs) admitted.shift();
    if (admitted.length + 1 > capacity) return false;
    admitted.push(time);
    return true;
  };
}

function clock(capacity: number, periodMs: number): (time: number) => boolean {
  let period = Number.NaN;
  let admitted = 0;
  return (time) => {
    const current = Math.floor(time / periodMs);
    if (current !== period) admitted = 0;
    period = current;
    if (admitted + 1 > capacity) return false;
    admitted += 1;
    return true;
  };
}
