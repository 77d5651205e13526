/**
 * The rules of whoever set this server up, asked where data comes in: a client of the API that has them sends nothing
 * about what is not allowed and hands on nothing of it, so no tool, fact or file can show it.
 */
import { RefusedError } from './errors/errors.js';
import { quoted } from './errors/external-text.js';
import { ask, fix, read } from './errors/steps.js';
import { clientCerts } from './vpc/actions.js';
import type { ApiRequest, Subject, VpcClient } from './vpc/client.js';

export type Policy = {
  /** undefined allows all. */
  allowRegions: readonly string[] | undefined;
  allowServers: readonly string[] | undefined;
};

export function guarded(vpc: VpcClient, policy: Policy): VpcClient {
  return {
    ...vpc,
    async call(request, budget, pace) {
      checkRequest(request, policy);
      const { SslVpnClientCertId: id } = request.parameters;
      if (request.changes && id !== undefined && policy.allowServers !== undefined) {
        // Its server only comes to light through the certificate.
        const certs = await vpc.list(clientCerts(request.regionId, { SslVpnClientCertId: id }), budget, pace);
        const found = certs.find((cert) => cert.SslVpnClientCertId === id);
        if (found === undefined) throw unknownServer(id);
        check({ serverId: found.SslVpnServerId }, policy);
      }
      const answer = await vpc.call(request, budget, pace);
      if (request.subjectOf !== undefined) check(request.subjectOf(answer.value), policy);
      return answer;
    },
    prepare(request, credentials) {
      checkRequest(request, policy);
      return vpc.prepare(request, credentials);
    },
    async list(request, budget, pace) {
      const first = request.page(1);
      checkRequest(first, policy);
      const members = await vpc.list(request, budget, pace);
      // What was asked for by its id is refused, not hidden.
      if (first.parameters.SslVpnClientCertId !== undefined)
        for (const member of members) check(request.subjectOf(member), policy);
      return members.filter((member) => allows(request.subjectOf(member), policy));
    },
  };
}

function checkRequest(
  { regionId, parameters }: Pick<ApiRequest<unknown>, 'regionId' | 'parameters'>,
  policy: Policy,
): void {
  check({ regionId, serverId: parameters.SslVpnServerId }, policy);
}

function allows({ regionId, serverId }: Subject, { allowRegions, allowServers }: Policy): boolean {
  return isAllowed(regionId, allowRegions) && isAllowed(serverId, allowServers);
}

/** @throws RefusedError */
function check({ regionId, serverId }: Subject, { allowRegions, allowServers }: Policy): void {
  if (!isAllowed(regionId, allowRegions)) throw refusal('region', regionId, allowRegions, '--allow-region');
  if (!isAllowed(serverId, allowServers)) throw refusal('server', serverId, allowServers, '--allow-server');
}

function isAllowed(value: string | undefined, allowed: readonly string[] | undefined): boolean {
  return value === undefined || allowed === undefined || allowed.includes(value);
}

function refusal(what: string, value: unknown, allowed: readonly string[] = [], flag: string): RefusedError {
  const names = allowed.join(', ');
  return new RefusedError(`The policy of this MCP server does not allow ${what} ${quoted(value)}; allowed: ${names}.`, [
    fix(`Use one of the allowed ${what}s: ${names}.`),
    ask(`If another is wanted, ask the person who set this MCP server up to add it with ${flag}.`),
  ]);
}

function unknownServer(certificateId: string): RefusedError {
  return new RefusedError(
    `The policy of this MCP server allows some SSL-VPN servers only, and this region has no certificate ${quoted(certificateId)} to tell whose it is.`,
    [read('Check id and region with list_ssl_vpn_client_certs.')],
  );
}
