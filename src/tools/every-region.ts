/** The same work in one region, or in every one that the policy allows, several at once. */
import { z } from 'zod/v3';
import type { Budget } from '../budget.js';
import { mapConcurrently } from '../concurrency.js';
import { explain } from '../errors/explain.js';
import { type Region, regions } from '../vpc/actions.js';
import type { ToolContext } from './tool.js';

const REGIONS_AT_ONCE = 8;
/** One region that cannot be reached must not use up the time of the others. */
const MAX_MS_PER_REGION = 12_000;

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
 * @returns what was found, in the order of the regions, and the regions that did not answer
 * @throws what the first region met where none answered: the reason is worth more than an empty list
 */
export async function inEveryRegion<Found>(
  { vpc, budget, centralRegion, progress }: ToolContext,
  work: (region: Region, budget: Budget) => Promise<Found[]>,
): Promise<Everywhere<Found>> {
  const all = await vpc.list(regions(centralRegion), budget);
  const failures: { region_id: string; error: unknown }[] = [];
  let done = 0;
  const found = await mapConcurrently(all, REGIONS_AT_ONCE, async (region) => {
    try {
      return await budget.share(MAX_MS_PER_REGION, 0, (share) => work(region, share));
    } catch (error) {
      if (budget.signal.aborted) throw error;
      failures.push({ region_id: region.RegionId, error });
      return [];
    } finally {
      done += 1;
      progress(done, all.length, region.RegionId);
    }
  });
  const [first] = failures;
  if (first === undefined) return { found: found.flat() };
  if (failures.length === all.length) throw first.error;
  const failed_regions = failures.map(({ region_id, error }) => {
    const { code, message } = explain(error);
    return { region_id, code, message };
  });
  return { found: found.flat(), failed_regions };
}
