import type { CallFacts } from '../errors/errors.js';
import type { ToolContext } from '../tools/tool.js';
import { sslVpnServers } from '../vpc/actions.js';
import type { Finding } from './finding.js';

/** The gateway to renew: the call named its server only. */
export async function lockedGateway(
  { regionId, parameters }: CallFacts,
  { vpc, budget }: ToolContext,
): Promise<Finding | undefined> {
  const { SslVpnServerId: id } = parameters;
  const servers = await vpc.list(sslVpnServers(regionId, { SslVpnServerId: id }), budget);
  const server = servers.find((found) => found.SslVpnServerId === id);
  return server && { facts: { vpn_gateway_id: server.VpnGatewayId, server_name: server.Name } };
}
