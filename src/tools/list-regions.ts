import { z } from 'zod/v3';
import { visible } from '../errors/external-text.js';
import { regions } from '../vpc/actions.js';
import { MAX_NAME } from './results.js';
import { defineTool } from './tool.js';

export default defineTool({
  name: 'list_regions',
  title: 'List regions',
  description: 'Lists the regions with their names.',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  actions: ['DescribeRegions'],
  input: z.object({}).strict(),
  output: z.object({ regions: z.array(z.object({ region_id: z.string(), name: z.string() })) }),
  preview: (_args, centralRegion) => ({ request: regions(centralRegion).page(1) }),
  async run(_args, { vpc, centralRegion, budget }) {
    const found = await vpc.list(regions(centralRegion), budget);
    return {
      regions: found.map(({ RegionId, LocalName }) => ({ region_id: RegionId, name: visible(LocalName, MAX_NAME) })),
    };
  },
});
