/**
 * The rules of whoever set this server up, asked where data comes in: a client of the API that has them sends nothing
 * about what is not allowed and hands on nothing of it, so no tool, fact or file can show it.
 */
import type { Budget } from './budget.js';
import { RefusedError } from './errors/errors.js';
import { quoted } from './errors/external-text.js';
import { ask, fix, read } from './errors/steps.js';
import { type CertSummary, clientCerts } from './vpc/actions.js';
import type { ApiRequest, Subject, VpcClient } from './vpc/client.js';
import type { Pace } from './vpc/pace.js';

export type Policy = {
  /** undefined allows all. */
  allowRegions: readonly string[] | undefined;
  allowServers: readonly string[] | undefined;
  /** Of whoever asks: what none of them allows as a whole is refused. undefined allows all. */
  grants?: readonly Grant[] | undefined;
};

/** What one rule allows of the tool that is at work; undefined allows all. */
export type Grant = {
  regions: readonly string[] | undefined;
  servers: readonly string[] | undefined;
  /** Of certificates. */
  names: NameRule | undefined;
};

/** `shown` says in words which names it allows. */
export type NameRule = { allows(name: string): boolean; shown: readonly string[] };

/** What a person may do: by tool, the rules that give it to them. A tool without any is neither listed nor callable. */
export type Rights = { grantsFor(tool: string): readonly Grant[] };

export function guarded(vpc: VpcClient, policy: Policy): VpcClient {
  const { grants } = policy;
  const limitsNames = grants?.some(({ names }) => names !== undefined) ?? false;
  const looksUp = policy.allowServers !== undefined || grants?.some(({ servers }) => servers !== undefined);

  return {
    ...vpc,
    async call(request, budget, pace) {
      const asked = subjectOfRequest(request);
      check(asked, policy);
      const { SslVpnClientCertId: id } = request.parameters;
      if (request.changes && id !== undefined && (looksUp || limitsNames)) {
        // Its server and its name only come to light through the certificate.
        const certs = await vpc.list(clientCerts(request.regionId, { SslVpnClientCertId: id }), budget, pace);
        const found = certs.find((cert) => cert.SslVpnClientCertId === id);
        if (found === undefined) throw unknownCertificate(id);
        const present = { ...asked, serverId: found.SslVpnServerId, name: found.Name };
        checkFound(present, policy);
        // What it is to be called is checked for that server too.
        if (asked.name !== undefined) check({ ...present, name: asked.name }, policy);
      }
      const answer = await vpc.call(request, budget, pace);
      if (request.subjectOf !== undefined) checkFound({ ...asked, ...request.subjectOf(answer.value) }, policy);
      return answer;
    },
    prepare(request, credentials) {
      check(subjectOfRequest(request), policy);
      return vpc.prepare(request, credentials);
    },
    async list(request, budget, pace) {
      const first = request.page(1);
      const asked = subjectOfRequest(first);
      check(asked, policy);
      const members = await vpc.list(request, budget, pace);
      const subjects = await withNames(
        members.map((member) => ({ ...asked, ...request.subjectOf(member) })),
        first.regionId,
        budget,
        pace,
      );
      return members.filter((member, index) => {
        const subject = subjects[index] ?? {};
        // What nobody granted is not there for whoever asks, whatever the settings say of it.
        if (!isGranted(subject, policy)) return false;
        const refusal = refusalBySettings(subject, policy);
        if (refusal === undefined) return true;
        // What was asked for by its id is refused, not hidden.
        if (first.parameters.SslVpnClientCertId !== undefined) throw refusal;
        request.refused?.(member, refusal);
        return false;
      });
    },
  };

  /** A connection says which certificate it uses, not what that is called. */
  async function withNames(
    subjects: readonly Subject[],
    regionId: string,
    budget: Budget,
    pace: Pace | undefined,
  ): Promise<readonly Subject[]> {
    if (!limitsNames || subjects.every(({ certificateId }) => certificateId === undefined)) return subjects;
    const certs = await vpc.list(clientCerts(regionId, {}), budget, pace);
    const byId = new Map<string, CertSummary>(certs.map((cert) => [cert.SslVpnClientCertId, cert]));
    return subjects.map((subject) => {
      if (subject.certificateId === undefined) return subject;
      const cert = byId.get(subject.certificateId);
      return { ...subject, ...(cert && { serverId: cert.SslVpnServerId }), name: cert?.Name ?? '' };
    });
  }
}

/** @throws RefusedError where the policy of another tool than the one at work does not allow a certificate that was found */
export function checkCertificate(
  regionId: string,
  { SslVpnServerId, Name }: Pick<CertSummary, 'SslVpnServerId' | 'Name'>,
  policy: Policy,
): void {
  checkFound({ regionId, serverId: SslVpnServerId, name: Name }, policy);
}

/** Whether anything in the region may be allowed. */
export function allowsRegion(regionId: string, policy: Policy): boolean {
  return allows({ regionId }, policy);
}

function subjectOfRequest({
  action,
  regionId,
  parameters: { SslVpnServerId: serverId, Name },
}: Pick<ApiRequest<unknown>, 'action' | 'regionId' | 'parameters'>): Subject {
  const named = action === 'CreateSslVpnClientCert' || action === 'ModifySslVpnClientCert';
  return { regionId, ...(serverId !== undefined && { serverId }), ...(named && { name: Name ?? '' }) };
}

function allows(subject: Subject, policy: Policy): boolean {
  return refusalBySettings(subject, policy) === undefined && isGranted(subject, policy);
}

/** @throws RefusedError */
function check(subject: Subject, policy: Policy): void {
  checkSettings(subject, policy);
  if (!isGranted(subject, policy)) throw notGranted(subject, policy.grants);
}

/** @throws RefusedError, which says nothing of what was found where only somebody else may know it */
function checkFound(subject: Subject, policy: Policy): void {
  checkSettings(subject, policy);
  if (!isGranted(subject, policy)) throw notGranted({}, policy.grants);
}

/** @throws RefusedError */
function checkSettings(subject: Subject, policy: Policy): void {
  const refused = refusalBySettings(subject, policy);
  if (refused !== undefined) throw refused;
}

function refusalBySettings(
  { regionId, serverId }: Subject,
  { allowRegions, allowServers }: Policy,
): RefusedError | undefined {
  if (!isAllowed(regionId, allowRegions)) return refusal('region', regionId, allowRegions, '--allow-region');
  if (!isAllowed(serverId, allowServers)) return refusal('server', serverId, allowServers, '--allow-server');
  return undefined;
}

/** One rule has to allow all that is known of it: what two rules allow a part of each, none allows. */
function isGranted({ regionId, serverId, name }: Subject, { grants }: Policy): boolean {
  return (
    grants === undefined ||
    grants.some(
      ({ regions, servers, names }) =>
        isAllowed(regionId, regions) &&
        isAllowed(serverId, servers) &&
        (name === undefined || names === undefined || names.allows(name)),
    )
  );
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

function notGranted({ regionId, serverId, name }: Subject, grants: readonly Grant[] = []): RefusedError {
  const asked = [
    ...(regionId === undefined ? [] : [`region ${quoted(regionId)}`]),
    ...(serverId === undefined ? [] : [`server ${quoted(serverId)}`]),
    ...(name === undefined ? [] : [name === '' ? 'no name' : `the name ${quoted(name)}`]),
  ];
  const about = asked.length === 0 ? 'that certificate' : `${asked.join(', ')} together`;
  const limits = grants.map(({ regions, servers, names }) => {
    const parts = [regions && `regions ${regions.join(', ')}`, servers && `servers ${servers.join(', ')}`];
    return [...parts, names && `names ${names.shown.join(', ')}`].filter((part) => part !== undefined).join('; ');
  });
  return new RefusedError(`Your rights here do not cover ${about}. They cover: ${limits.join(' | ')}.`, [
    fix('Keep to what your rights cover.'),
    ask('If more is needed, ask the person who set this MCP server up for it.'),
  ]);
}

function unknownCertificate(certificateId: string): RefusedError {
  return new RefusedError(
    `What is allowed here depends on the certificate, and this region has no certificate ${quoted(certificateId)} to look at.`,
    [read('Check id and region with list_ssl_vpn_client_certs.')],
  );
}
