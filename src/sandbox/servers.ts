/** Regions and SSL-VPN servers. */
import { connectionsOf } from './connections.js';
import { REGIONS } from './fixtures.js';
import type { SandboxServer } from './model.js';
import { type Answer, matches, paged, regionOf } from './parameters.js';
import type { Actions, State } from './state.js';

export function serverActions(state: State): Actions {
  return {
    DescribeRegions: () => ({ Regions: { Region: REGIONS } }),

    DescribeSslVpnServers(parameters) {
      const regionId = regionOf(parameters);
      const found = [...state.servers.values()].filter(
        (server) =>
          server.RegionId === regionId && matches(server, parameters, ['SslVpnServerId', 'VpnGatewayId', 'Name']),
      );
      const { members, page } = paged(found, parameters);
      return { ...page, SslVpnServers: { SslVpnServer: members.map((server) => shown(state, server)) } };
    },
  };
}

function shown(state: State, { quota: _quota, onCreate: _onCreate, ...server }: SandboxServer): Answer {
  return { ...server, Connections: connectionsOf(state, server.SslVpnServerId).length };
}
