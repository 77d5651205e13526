/** Where an id is that a region does not have: "there is none" is nothing to act on while another region has it. */
import type { Budget } from '../budget.js';
import { mapConcurrently } from '../concurrency.js';
import { InvalidArgumentsError } from '../errors/errors.js';
import type { Step } from '../errors/steps.js';
import { clientCerts, regions, sslVpnServers } from '../vpc/actions.js';
import { inRegions } from './every-region.js';
import type { ToolContext } from './tool.js';
import { worthATry } from './worth-a-try.js';

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

export function regionOfServer(regionId: string, id: string, context: ToolContext): Promise<string | undefined> {
  return regionWhere(regionId, context, async (other, share) => {
    const found = await context.vpc.list(sslVpnServers(other, { SslVpnServerId: id }), share);
    return found.some((server) => server.SslVpnServerId === id);
  });
}

/** @returns the regions of those that were found in another one, within a moment */
export async function regionsOfCertificates(
  regionId: string,
  ids: readonly string[],
  { vpc, budget, centralRegion }: ToolContext,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  if (ids.length === 0) return found;
  const filter = ids.length === 1 ? { SslVpnClientCertId: ids[0] } : {};
  await worthATry(budget, async (share) => {
    const all = await vpc.list(regions(centralRegion), share);
    const others = all.filter((region) => region.RegionId !== regionId);
    return mapConcurrently(others, REGIONS_AT_ONCE, async ({ RegionId }) => {
      const certs = await vpc.list(clientCerts(RegionId, filter), share).catch(() => []);
      for (const { SslVpnClientCertId } of certs)
        if (ids.includes(SslVpnClientCertId)) found.set(SslVpnClientCertId, RegionId);
    });
  });
  return found;
}

/** @param region that has it */
export function certificateElsewhere(id: string, regionId: string, region: string): InvalidArgumentsError {
  return new InvalidArgumentsError(
    [`The certificate ${id} is not in ${regionId} but in ${region}, so nothing was done about it.`],
    otherRegionSteps('certificate', region),
    { found_in_region: region },
  );
}

/**
 * For a list that came out empty: that says something only of a server that is there.
 * @throws InvalidArgumentsError where it is not
 */
export async function expectServer(regionId: string, id: string | undefined, context: ToolContext): Promise<void> {
  if (id === undefined) return;
  const answers = await worthATry(context.budget, async (budget) => {
    const { found, failed_regions } = await inRegions(regionId, { ...context, budget }, (region, share) =>
      context.vpc.list(sslVpnServers(region, { SslVpnServerId: id }), share),
    );
    return [found.length > 0 || failed_regions !== undefined];
  });
  const [isThere = true] = answers;
  if (isThere) return;
  const [region] =
    regionId === 'all'
      ? []
      : await worthATry(context.budget, async (budget) => [await regionOfServer(regionId, id, { ...context, budget })]);
  const where = regionId === 'all' ? 'no region has it' : `${regionId} does not have it`;
  throw new InvalidArgumentsError(
    [`ssl_vpn_server_id: there is no server ${id}, ${where}${region === undefined ? '' : `, but ${region} does`}.`],
    region === undefined
      ? [{ do: 'read', text: 'Find the server with list_ssl_vpn_servers and region_id "all".' }]
      : otherRegionSteps('server', region),
    region === undefined ? undefined : { found_in_region: region },
  );
}

/**
 * Whether to go on in the region where an id was found is not for the agent alone to say: the person may have meant
 * another one here.
 * @param list the fact that names those here, where there are any
 */
export function otherRegionSteps(what: 'server' | 'certificate', region: string, list?: string): Step[] {
  return [
    {
      do: 'ask',
      text: `If the person named the region, ask whether they mean the ${what} in ${region} (facts.found_in_region)${list === undefined ? '' : `, or one of facts.${list} here`}.`,
    },
    { do: 'repeat', text: `If you chose the region yourself, repeat the call with region_id ${region}.` },
  ];
}
