/** The sandbox's cloud: finds the action that a request asks for, and lets tests set up a world. Knows nothing of HTTP. */
import type { Authority } from './authority.js';
import { certificateActions } from './certificates.js';
import { gatewayActions } from './gateways.js';
import { IDENTITY_ACTIONS } from './identity.js';
import type { SandboxCertificate, SandboxConnection, SandboxGateway, SandboxServer } from './model.js';
import type { Answer, Parameters } from './parameters.js';
import { ApiRefusal } from './refusals.js';
import { gatewayFor, type ServerSeed, sandboxServer } from './seed.js';
import { serverActions } from './servers.js';
import { type Action, type Actions, type CloudOptions, openState } from './state.js';
import type { Key } from './verify-signature.js';

export type ApiCall = {
  version: string | undefined;
  action: string;
  parameters: Parameters;
  caller: Key;
};

export type Cloud = {
  /** @throws ApiRefusal */
  act(call: ApiCall, requestId: string): Promise<Answer>;
  certificates(): SandboxCertificate[];
  server(id: string): SandboxServer | undefined;
  authority: Authority;
  /** Adds a certificate without the API, for the worlds that tests need. */
  seed(certificate: SandboxCertificate): void;
  /** Takes a certificate away without the API. */
  remove(id: string): void;
  /** Adds or replaces a server in one of the sandbox's regions, and adds or changes its gateway. */
  seedServer(server: ServerSeed, gateway?: Partial<SandboxGateway>): void;
  seedConnection(connection: SandboxConnection): void;
};

const VPC_VERSION = '2016-04-28';
const STS_VERSION = '2015-04-01';

export function createCloud(options: CloudOptions = {}): Cloud {
  const state = openState(options);
  const { servers, gateways, certificates, changes, authority, now } = state;
  const vpc: Actions = { ...serverActions(state), ...gatewayActions(state), ...certificateActions(state) };

  return {
    async act({ version, action, parameters, caller }, requestId) {
      changes.settle();
      const perform = version === STS_VERSION ? identityAction(action) : vpcAction(vpc, version, action, caller);
      return { RequestId: requestId, ...(await perform(parameters, caller)) };
    },
    certificates() {
      changes.settle();
      return [...certificates.values()];
    },
    server: (id) => servers.get(id),
    authority: {
      ...authority,
      revocationList(serverId) {
        changes.settle();
        return authority.revocationList(serverId);
      },
    },
    seed: (certificate) => certificates.set(certificate.SslVpnClientCertId, certificate),
    remove: (id) => certificates.delete(id),
    seedServer(seed, gateway) {
      const server = sandboxServer(seed);
      const known = gateways.get(server.VpnGatewayId) ?? gatewayFor(server, now());
      servers.set(server.SslVpnServerId, server);
      gateways.set(server.VpnGatewayId, { ...known, ...gateway });
    },
    seedConnection(connection) {
      state.connections = [...state.connections, connection];
    },
  };
}

/** Needs no permission, so that nobody is denied it. */
function identityAction(action: string): Action {
  const perform = own(IDENTITY_ACTIONS, action);
  if (perform === undefined) throw invalidVersion();
  return perform;
}

function vpcAction(actions: Actions, version: string | undefined, action: string, caller: Key): Action {
  if (version !== VPC_VERSION) throw invalidVersion();
  if (caller.denied?.includes(action)) {
    throw new ApiRefusal(
      403,
      'Forbidden.RAM',
      "User not authorized to operate on the specified resource, or this API doesn't support RAM.",
    );
  }
  const perform = own(actions, action);
  if (perform === undefined)
    throw new ApiRefusal(404, 'InvalidApi.NotFound', 'Specified api is not found, please check your url and method.');
  return perform;
}

function own(actions: Actions, action: string): Action | undefined {
  return Object.hasOwn(actions, action) ? actions[action] : undefined;
}

function invalidVersion(): ApiRefusal {
  return new ApiRefusal(404, 'InvalidVersion', 'Specified parameter Version is not valid.');
}
