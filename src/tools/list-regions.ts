import { z } from 'zod/v3';
import { describeRegions, type Regions } from '../vpc/actions.js';
import { CENTRAL_REGION } from '../vpc/endpoints.js';
import { defineTool, type ToolContext } from './tool.js';

export default defineTool({
  name: 'list_regions',
  title: 'List regions',
  description: 'Lists the regions with their names. list_ssl_vpn_servers can search all of them by itself.',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  actions: ['DescribeRegions'],
  input: z.object({}).strict(),
  output: z.object({ regions: z.array(z.object({ region_id: z.string(), name: z.string() })) }),
  async run(_args, context) {
    const regions = await allowedRegions(context);
    return { regions: regions.map(({ RegionId, LocalName }) => ({ region_id: RegionId, name: LocalName })) };
  },
});

/** Those of the cloud's regions that the policy allows. */
export async function allowedRegions({ vpc, settings, bounds }: ToolContext): Promise<Regions['Regions']> {
  // Any region's endpoint knows all of them; one that the policy names is the one most surely reachable.
  const { value } = await vpc.call(
    describeRegions(settings.region ?? settings.allowRegions?.[0] ?? CENTRAL_REGION),
    bounds,
  );
  const allowed = settings.allowRegions;
  return value.Regions.filter(({ RegionId }) => allowed === undefined || allowed.includes(RegionId));
}
