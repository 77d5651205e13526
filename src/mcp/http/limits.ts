/** How much of this process one person can have. */

/** Replicas count by themselves, so that all of them together let so many times as much through. */
const AT_ONCE = 100;
const PER_SECOND = 30;
/** What may come faster than that, after a while of less. */
const BURST = 300;

export type Limits = {
  /** @returns after how many seconds to ask again; undefined lets a request in, which leaves later */
  enter(who: string): number | undefined;
  leave(who: string): void;
};

/** @param now ms on a clock that never goes back */
export function createLimits(now: () => number = () => performance.now()): Limits {
  const people = new Map<string, { atOnce: number; left: number; at: number }>();
  return {
    enter(who) {
      const { atOnce, left, at } = people.get(who) ?? { atOnce: 0, left: BURST, at: now() };
      const have = Math.min(BURST, left + ((now() - at) * PER_SECOND) / 1_000);
      const isIn = atOnce < AT_ONCE && have >= 1;
      people.set(who, { atOnce: atOnce + Number(isIn), left: have - Number(isIn), at: now() });
      return isIn ? undefined : 1;
    },
    leave(who) {
      const person = people.get(who);
      if (person !== undefined) person.atOnce -= 1;
    },
  };
}
