/** What a look around found, and what several of them share. */
import type { Step } from '../errors/steps.js';
import { nearest } from '../nearest.js';

export type Finding = { facts: Record<string, unknown>; steps?: Step[] };

export const MAX_SHOWN = 5;
export function nearFirst<T>(text: string, items: readonly T[], namesOf: (item: T) => string[]): T[] {
  const near = nearest(text, items.flatMap(namesOf), items.length);
  const rank = (item: T): number => {
    const places = namesOf(item)
      .map((name) => near.indexOf(name))
      .filter((place) => place >= 0);
    return places.length === 0 ? near.length : Math.min(...places);
  };
  return [...items].sort((a, b) => rank(a) - rank(b));
}
