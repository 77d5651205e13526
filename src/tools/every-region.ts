/** The same work in one region, or in every one that the policy allows, several at once. */
import { z } from 'zod/v3';
import type { Budget } from '../budget.js';
import { explain } from '../errors/explain.js';
import { type Region, regions } from '../vpc/actions.js';
import { apart } from './apart.js';
import type { ToolContext } from './tool.js';

export const failedRegions = z.array(z.object({ region_id: z.string(), code: z.string(), message: z.string() }));

export type Everywhere<Found> = { found: Found[]; failed_regions?: z.infer<typeof failedRegions> };

/** @param regionId one, or `all` */
export async function inRegions<Found>(
  regionId: string,
  context: ToolContext,
  work: (regionId: string, budget: Budget) => Promise<Found[]>,
): Promise<Everywhere<Found>> {
  if (regionId !== 'all') return { found: await work(regionId, context.budget) };
  return inEveryRegion(context, ({ RegionId }, budget) => work(RegionId, budget));
}

/**
 * All at once: each is a host of its own.
 * @returns what was found, in the order of the regions, and the regions that did not answer
 * @throws what the first region met where none answered: the reason is worth more than an empty list
 */
export async function inEveryRegion<Found>(
  { vpc, budget, centralRegion, progress }: ToolContext,
  work: (region: Region, budget: Budget) => Promise<Found[]>,
): Promise<Everywhere<Found>> {
  const all = await vpc.list(regions(centralRegion), budget);
  let done = 0;
  const answers = await apart(all, all.length, budget, async (region, share) => {
    try {
      return await work(region, share);
    } finally {
      done += 1;
      progress(done, all.length, region.RegionId);
    }
  });
  const found = answers.flatMap((answer) => ('result' in answer ? answer.result : []));
  const failures = answers.flatMap((answer) => ('error' in answer ? [answer] : []));
  const [first] = failures;
  if (first === undefined) return { found };
  if (failures.length === all.length) throw first.error;
  const failed_regions = failures.map(({ item, error }) => {
    const { code, message } = explain(error);
    return { region_id: item.RegionId, code, message };
  });
  return { found, failed_regions };
}
