/** What a look around found, and what several of them share. */
import type { Budget } from '../budget.js';
import { mapConcurrently } from '../concurrency.js';
import type { Step } from '../errors/steps.js';
import { nearest } from '../nearest.js';
import type { ToolContext } from '../tools/tool.js';
import { regions } from '../vpc/actions.js';

export type Finding = { facts: Record<string, unknown>; steps?: Step[] };

export const MAX_SHOWN = 5;
const REGIONS_AT_ONCE = 8;

/** The first other region, of those that the policy allows, for which `holds` says yes. */
export async function regionWhere(
  regionId: string,
  { vpc, budget, centralRegion }: ToolContext,
  holds: (region: string, budget: Budget) => Promise<boolean>,
): Promise<string | undefined> {
  const all = await vpc.list(regions(centralRegion), budget).catch(() => []);
  const others = all.filter((region) => region.RegionId !== regionId);
  let found: string | undefined;
  await budget.share(Number.POSITIVE_INFINITY, 0, (share) =>
    mapConcurrently(others, REGIONS_AT_ONCE, async ({ RegionId }) => {
      if (found !== undefined) return;
      if (!(await holds(RegionId, share).catch(() => false))) return;
      found = RegionId;
      share.cancel();
    }),
  );
  return found;
}

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

/**
 * Whether to go on in the region where an id was found is not for the agent alone to say: the person may have meant
 * another one here.
 */
export function otherRegionSteps(what: 'server' | 'certificate', region: string, list: string | undefined): Step[] {
  return [
    {
      do: 'ask',
      text: `If the person named the region, ask whether they mean the ${what} in ${region} (facts.found_in_region)${list === undefined ? '' : `, or one of facts.${list} here`}.`,
    },
    { do: 'repeat', text: `If you chose the region yourself, repeat the call with region_id ${region}.` },
  ];
}
