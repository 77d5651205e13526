import { z } from 'zod/v3';
import type { Budget } from '../budget.js';
import { visible } from '../errors/external-text.js';
import { type Gateway, regions, type Server, sslVpnServers, vpnGateways } from '../vpc/actions.js';
import { failedRegions, inEveryRegion } from './every-region.js';
import { partOfName, regionIdOrAll, sslVpnServerId, vpnGatewayId } from './parameters.js';
import { MAX_NAME } from './results.js';
import { defineTool, type ToolContext } from './tool.js';
import { worthATry } from './worth-a-try.js';

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
  /** Why no certificate can be issued on it now. */
  problem: z.string().optional(),
});

export default defineTool({
  name: 'list_ssl_vpn_servers',
  title: 'Find VPN servers',
  description:
    'Finds SSL-VPN servers in one region or all: address, subnets, connections in use, problems of the gateway.',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  actions: ['DescribeSslVpnServers', 'DescribeVpnGateways', 'DescribeRegions'],
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
    failed_regions: failedRegions.optional(),
  }),
  preview: (args, centralRegion) =>
    args.region_id === 'all'
      ? { request: regions(centralRegion).page(1), followedBy: ['DescribeSslVpnServers', 'DescribeVpnGateways'] }
      : { request: serversOf(args.region_id, args).page(1), followedBy: ['DescribeVpnGateways'] },
  async run(args, context) {
    const { region_id, ...wanted } = args;
    if (region_id !== 'all')
      return { servers: await inRegion(region_id, regionName(args, context), wanted, context, context.budget) };
    const { found, ...failed } = await inEveryRegion(context, ({ RegionId, LocalName }, budget) =>
      inRegion(RegionId, LocalName, wanted, context, budget),
    );
    return { servers: found, ...failed };
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
  regionName: string | Promise<string>,
  wanted: Wanted,
  { vpc, now }: ToolContext,
  budget: Budget,
): Promise<z.infer<typeof server>[]> {
  const [servers, inWords] = await Promise.all([vpc.list(serversOf(regionId, wanted), budget), regionName]);
  const name = wanted.name?.toLowerCase();
  const found = servers.filter(({ Name }) => name === undefined || `${Name} ${inWords}`.toLowerCase().includes(name));
  if (found.length === 0) return [];
  // Whoever may see servers only is not refused for it.
  const gateways = await worthATry(budget, (share) => vpc.list(vpnGateways(regionId), share));
  return found.map((server) => {
    const gateway = gateways.find(({ VpnGatewayId }) => VpnGatewayId === server.VpnGatewayId);
    const problem = gateway && problemOf(gateway, now());
    return { ...toServer(server, regionId), ...(problem !== undefined && { problem }) };
  });
}

/** @param now Unix ms */
function problemOf({ Status, BusinessStatus, SslVpn, EndTime }: Gateway, now: number): string | undefined {
  if (BusinessStatus === 'FinancialLocked') return 'gateway locked for an overdue payment';
  if (EndTime !== undefined && EndTime > 0 && EndTime < now) return 'gateway expired';
  if (SslVpn === 'disable') return 'SSL-VPN is switched off on the gateway';
  if (Status === 'deleting') return 'gateway is being deleted';
  return ['init', 'provisioning', 'updating'].includes(Status)
    ? 'gateway is being configured, a minute or two'
    : undefined;
}

/** The region in words, where a name is to be found; without it, the servers' own names have to do. */
async function regionName(
  { region_id, name }: { region_id: string; name?: string | undefined },
  { vpc, budget, centralRegion }: ToolContext,
): Promise<string> {
  if (name === undefined) return '';
  const all = await vpc.list(regions(centralRegion), budget).catch(() => []);
  return all.find(({ RegionId }) => RegionId === region_id)?.LocalName ?? '';
}

function serversOf(regionId: string, wanted: Wanted) {
  return sslVpnServers(regionId, { SslVpnServerId: wanted.ssl_vpn_server_id, VpnGatewayId: wanted.vpn_gateway_id });
}

function toServer(found: Server, regionId: string): z.infer<typeof server> {
  return {
    ssl_vpn_server_id: found.SslVpnServerId,
    name: visible(found.Name, MAX_NAME),
    region_id: regionId,
    vpn_gateway_id: found.VpnGatewayId,
    internet_ip: visible(found.InternetIp, MAX_NAME),
    ...(found.Port !== undefined && { port: found.Port }),
    proto: visible(found.Proto, MAX_NAME),
    client_ip_pool: visible(found.ClientIpPool, MAX_NAME),
    local_subnet: visible(found.LocalSubnet, MAX_NAME),
    ...(found.Connections !== undefined && { connections: found.Connections }),
    ...(found.MaxConnections !== undefined && { max_connections: found.MaxConnections }),
    ...(found.EnableMultiFactorAuth !== undefined && { enable_multi_factor_auth: found.EnableMultiFactorAuth }),
  };
}
