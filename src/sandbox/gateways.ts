/** VPN gateways and the clients that are connected through them. */
import { connectionsOf } from './connections.js';
import type { SandboxGateway, SandboxServer } from './model.js';
import { type Answer, matches, paged, regionOf, required } from './parameters.js';
import { ApiRefusal, notFound } from './refusals.js';
import type { Actions, State } from './state.js';

/** Older gateways have to be upgraded first. Source: help page of DescribeSslVpnClients. */
const CLIENTS_LISTED_SINCE = Date.UTC(2022, 11, 10);

export function gatewayActions(state: State): Actions {
  return {
    DescribeVpnGateways(parameters) {
      const regionId = regionOf(parameters);
      const found = [...state.gateways.values()]
        .filter((gateway) => gateway.RegionId === regionId)
        .map((gateway) => shown(state, gateway))
        .filter((gateway) => matches(gateway, parameters, ['VpnGatewayId', 'VpcId', 'Status', 'BusinessStatus']));
      const { members, page } = paged(found, parameters);
      return { ...page, VpnGateways: { VpnGateway: members } };
    },

    DescribeSslVpnClients(parameters) {
      const RegionId = regionOf(parameters);
      const VpnGatewayId = required(parameters, 'VpnGatewayId');
      const gateway = state.gateways.get(VpnGatewayId);
      if (gateway?.RegionId !== RegionId) throw unknownGateway();
      if (gateway.CreateTime < CLIENTS_LISTED_SINCE) {
        // The service's own code for this case is not documented.
        throw new ApiRefusal(
          400,
          'OperationUnsupported.DescribeSslVpnClients',
          'The version of the specified VPN gateway does not support this operation.',
        );
      }
      const clients = [...state.servers.values()]
        .filter((server) => server.VpnGatewayId === VpnGatewayId)
        .flatMap((server) => connectionsOf(state, server.SslVpnServerId))
        .map(({ SslVpnServerId: _server, ...client }) => ({ ...client, Status: 'online' }));
      const { members, page } = paged(clients, parameters);
      return { ...page, RegionId, VpnGatewayId, ClientInfoList: members };
    },
  };
}

/** @throws ApiRefusal where the server's gateway does not admit a change now */
export function admitChange(state: State, server: SandboxServer): void {
  const gateway = state.gateways.get(server.VpnGatewayId);
  if (gateway === undefined) throw unknownGateway();
  state.changes.admit(gateway);
}

function unknownGateway(): ApiRefusal {
  return notFound('VpnGatewayInstanceId', 'The specified vpn gateway instance id does not exist.');
}

function shown(state: State, gateway: SandboxGateway): Answer {
  const { RegionId: _region, refusalsUntilActive: _refusals, ...facts } = gateway;
  return { ...facts, Status: state.changes.statusOf(gateway) };
}
