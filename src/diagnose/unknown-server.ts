import type { CallFacts } from '../errors/errors.js';
import { read } from '../errors/steps.js';
import { otherRegionSteps, regionOfServer } from '../tools/elsewhere.js';
import type { ToolContext } from '../tools/tool.js';
import { sslVpnServers } from '../vpc/actions.js';
import { type Finding, MAX_SHOWN, nearFirst } from './finding.js';

/** The servers that the region has, the likeliest first, and the region that has one with this id. */
export async function unknownServer({ regionId, parameters }: CallFacts, context: ToolContext): Promise<Finding> {
  const { vpc, budget } = context;
  const id = parameters.SslVpnServerId ?? '';
  const [here, region] = await Promise.all([
    vpc.list(sslVpnServers(regionId, {}), budget).catch(() => []),
    regionOfServer(regionId, id, context),
  ]);
  const servers = nearFirst(id, here, (server) => [server.SslVpnServerId, server.Name])
    .slice(0, MAX_SHOWN)
    .map((server) => ({ ssl_vpn_server_id: server.SslVpnServerId, name: server.Name }));
  const compare = read('Compare the id with facts.servers, the servers that this region has, the likeliest first.');
  return {
    facts: { servers_in_region: here.length, servers, ...(region !== undefined && { found_in_region: region }) },
    steps:
      region !== undefined
        ? otherRegionSteps('server', region, servers.length > 0 ? 'servers' : undefined)
        : servers.length > 0
          ? [compare]
          : [],
  };
}
