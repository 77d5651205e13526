import { z } from 'zod/v3';
import { mapConcurrently } from '../concurrency.js';
import { explain } from '../errors/explain.js';
import { allowsServer } from '../policy.js';
import type { Server } from '../vpc/actions.js';
import type { CallBounds } from '../vpc/client.js';
import { allServers } from '../vpc/paging.js';
import { allowedRegions } from './list-regions.js';
import { partOfName, regionIdOrAll, sslVpnServerId, vpnGatewayId } from './parameters.js';
import { defineTool, type ToolContext } from './tool.js';

const REGIONS_AT_ONCE = 8;
/** One region that cannot be reached must not use up the time of the others. */
const MOST_MS_PER_REGION = 12_000;

const server = z.object({
  ssl_vpn_server_id: z.string(),
  name: z.string(),
  region_id: z.string(),
  vpn_gateway_id: z.string(),
  internet_ip: z.string(),
  port: z.number().optional(),
  proto: z.string(),
  client_ip_pool: z.string(),
  local_subnet: z.string(),
  connections: z.number().optional(),
  max_connections: z.number().optional(),
  enable_multi_factor_auth: z.boolean().optional(),
});

export default defineTool({
  name: 'list_ssl_vpn_servers',
  title: 'Find VPN servers',
  description:
    'Finds SSL-VPN servers by region, name, gateway or id; region_id "all" searches every region at once. Returns id, region, name, address, subnets and connections in use.',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  actions: ['DescribeSslVpnServers', 'DescribeRegions'],
  input: z
    .object({
      region_id: regionIdOrAll,
      name: partOfName.optional(),
      vpn_gateway_id: vpnGatewayId.optional(),
      ssl_vpn_server_id: sslVpnServerId.optional(),
    })
    .strict(),
  output: z.object({
    servers: z.array(server),
    failed_regions: z.array(z.object({ region_id: z.string(), code: z.string(), message: z.string() })).optional(),
  }),
  async run(args, context) {
    if (args.region_id !== 'all') return { servers: await inRegion(args.region_id, '', args, context, context.bounds) };

    const regions = await allowedRegions(context);
    let done = 0;
    let first: unknown;
    const failed: { region_id: string; code: string; message: string }[] = [];
    const found = await mapConcurrently(regions, REGIONS_AT_ONCE, async ({ RegionId, LocalName }) => {
      try {
        const deadline = Math.min(context.bounds.deadline, performance.now() + MOST_MS_PER_REGION);
        return await inRegion(RegionId, LocalName, args, context, { ...context.bounds, deadline });
      } catch (error) {
        if (context.bounds.signal?.aborted) throw error;
        first ??= error;
        const { code, message } = explain(error);
        failed.push({ region_id: RegionId, code, message });
        return [];
      } finally {
        done += 1;
        context.progress(done, regions.length, RegionId);
      }
    });
    // Where nothing answered, the reason is worth more than an empty list.
    if (failed.length > 0 && failed.length === regions.length) throw first;
    return { servers: found.flat(), ...(failed.length > 0 && { failed_regions: failed }) };
  },
});

type Wanted = {
  name?: string | undefined;
  vpn_gateway_id?: string | undefined;
  ssl_vpn_server_id?: string | undefined;
};

/** @param regionName counts as part of each name: "the Singapore server" is often just one in that region */
async function inRegion(
  regionId: string,
  regionName: string,
  wanted: Wanted,
  { vpc, settings }: ToolContext,
  bounds: CallBounds,
): Promise<z.infer<typeof server>[]> {
  const filter = { SslVpnServerId: wanted.ssl_vpn_server_id, VpnGatewayId: wanted.vpn_gateway_id };
  const servers = await allServers(vpc, regionId, filter, bounds);
  const name = wanted.name?.toLowerCase();
  return servers
    .filter(
      ({ Name, SslVpnServerId }) =>
        (name === undefined || `${Name} ${regionName}`.toLowerCase().includes(name)) &&
        allowsServer(SslVpnServerId, settings),
    )
    .map((found) => toServer(found, regionId));
}

function toServer(found: Server, regionId: string): z.infer<typeof server> {
  return {
    ssl_vpn_server_id: found.SslVpnServerId,
    name: found.Name,
    region_id: found.RegionId || regionId,
    vpn_gateway_id: found.VpnGatewayId,
    internet_ip: found.InternetIp,
    ...(found.Port !== undefined && { port: found.Port }),
    proto: found.Proto,
    client_ip_pool: found.ClientIpPool,
    local_subnet: found.LocalSubnet,
    ...(found.Connections !== undefined && { connections: found.Connections }),
    ...(found.MaxConnections !== undefined && { max_connections: found.MaxConnections }),
    ...(found.EnableMultiFactorAuth !== undefined && { enable_multi_factor_auth: found.EnableMultiFactorAuth }),
  };
}
