import type { CallFacts } from '../errors/errors.js';
import { read } from '../errors/steps.js';
import type { ToolContext } from '../tools/tool.js';
import { regions } from '../vpc/actions.js';
import { CENTRAL_REGION } from '../vpc/endpoints.js';
import { type Finding, MAX_SHOWN, nearFirst } from './finding.js';

/** The regions that there are, the likeliest first. */
export async function unknownRegion(
  { regionId }: CallFacts,
  { vpc, budget, centralRegion }: ToolContext,
): Promise<Finding | undefined> {
  // Where the default region is the mistyped one, it cannot be asked.
  const all = await vpc.list(regions(centralRegion === regionId ? CENTRAL_REGION : centralRegion), budget);
  const ordered = nearFirst(regionId, all, (region) => [region.RegionId, region.LocalName]);
  if (ordered.length === 0) return undefined;
  return {
    facts: {
      regions: ordered.slice(0, MAX_SHOWN).map((region) => ({ region_id: region.RegionId, name: region.LocalName })),
    },
    steps: [read('Compare region_id with facts.regions, the likeliest first.')],
  };
}
