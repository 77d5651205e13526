/**
 * Facts of the case: after a failure, a look around with read calls only, inside the same deadline. What it finds goes
 * into `facts` and the next steps; what it cannot find out it leaves unsaid, and the first error is answered in any case.
 */
import { setMaxListeners } from 'node:events';
import { mapConcurrently } from '../concurrency.js';
import { type CallFacts, CallFailure } from '../errors/errors.js';
import { type Explanation, explain } from '../errors/explain.js';
import { allowsServer } from '../policy.js';
import { allowedRegions } from '../tools/list-regions.js';
import { nearest } from '../tools/nearest.js';
import { type Certificate, toCertificate } from '../tools/results.js';
import type { ToolContext } from '../tools/tool.js';
import { describeSslVpnClientCerts, describeSslVpnServers } from '../vpc/actions.js';
import type { CallBounds } from '../vpc/client.js';
import type { Credentials } from '../vpc/credentials.js';
import { allClientCerts, allServers } from '../vpc/paging.js';
import { ramPolicy } from '../vpc/ram-policy.js';
import { maskKeyId } from '../vpc/redact.js';

/** What the caller already waits for is an answer; looking around may not make that wait much longer. */
const MOST_MS = 5_000;
/** Kept back of the deadline, so that the answer is out before it. */
const RESERVE_MS = 250;
const MOST_SHOWN = 5;
const REGIONS_AT_ONCE = 8;

/** @param actions all that the tool calls: permission for the next one is no use without the others */
export async function explainWithFacts(
  error: unknown,
  actions: readonly string[],
  context: ToolContext | undefined,
): Promise<Explanation> {
  const explanation = explain(error);
  if (!(error instanceof CallFailure) || context === undefined) return explanation;
  const { facts } = error;
  if (explanation.category === 'permission') {
    return { ...explanation, ram_policy: ramPolicy([...new Set([...actions, facts.action])], named(facts)) };
  }
  const now = performance.now();
  const deadline = Math.min(context.bounds.deadline - RESERVE_MS, now + MOST_MS);
  if (deadline <= now || context.bounds.signal?.aborted) return explanation;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), deadline - now);
  const signal = eitherSignal(late.signal, context.bounds.signal);
  const looking = { ...context, bounds: { deadline, signal } };
  try {
    const found = await lookAround(explanation, facts, looking);
    if (found === undefined) return explanation;
    return {
      ...explanation,
      next_steps: [...(found.nextSteps ?? []), ...explanation.next_steps],
      facts: { ...explanation.facts, ...found.facts },
    };
  } catch {
    return explanation;
  } finally {
    clearTimeout(timer);
  }
}

type Finding = { facts: Record<string, unknown>; nextSteps?: string[] };

function lookAround(
  explanation: Explanation,
  facts: CallFacts,
  context: ToolContext,
): Promise<Finding | undefined> | Finding | undefined {
  switch (explanation.code) {
    case 'InvalidSslVpnServerId.NotFound':
      return unknownServer(facts, context);
    case 'InvalidSslVpnClientCertId.NotFound':
      return unknownCertificate(facts, context);
    case 'InvalidRegionId.NotFound':
      return unknownRegion(facts, context);
    case 'VpnGateway.FinancialLocked':
      return lockedGateway(facts, context);
  }
  if (explanation.category === 'quota') return fullServer(facts, context);
  if (explanation.category === 'credentials') return suspiciousCredentials(facts, context);
  if (explanation.facts?.problem === 'name_not_found') return unknownRegion(facts, context);
  return undefined;
}

async function unknownServer({ regionId, parameters }: CallFacts, context: ToolContext): Promise<Finding> {
  const id = parameters.SslVpnServerId ?? '';
  const [here, region] = await Promise.all([
    allServers(context.vpc, regionId, {}, context.bounds).catch(() => []),
    regionWhere(regionId, context, async (other, bounds) => {
      const { value } = await context.vpc.call(describeSslVpnServers(other, { SslVpnServerId: id }, 1), bounds);
      return value.SslVpnServers.some((server) => server.SslVpnServerId === id);
    }),
  ]);
  const open = here.filter((server) => allowsServer(server.SslVpnServerId, context.settings));
  const ordered = nearFirst(id, open, (server) => [server.SslVpnServerId, server.Name]);
  const servers = ordered
    .slice(0, MOST_SHOWN)
    .map((server) => ({ ssl_vpn_server_id: server.SslVpnServerId, name: server.Name }));
  return {
    facts: { servers_in_region: open.length, servers, ...(region !== undefined && { found_in_region: region }) },
    nextSteps:
      region !== undefined
        ? [`Repeat the call with region_id ${region}: the server with this id is there.`]
        : servers.length > 0
          ? ['Compare the id with facts.servers, the servers that this region has, the likeliest first.']
          : [],
  };
}

async function unknownCertificate({ regionId, parameters }: CallFacts, context: ToolContext): Promise<Finding> {
  const id = parameters.SslVpnClientCertId ?? '';
  const [here, region] = await Promise.all([
    allClientCerts(context.vpc, regionId, {}, context.bounds).catch(() => []),
    regionWhere(regionId, context, async (other, bounds) => {
      const { value } = await context.vpc.call(describeSslVpnClientCerts(other, { SslVpnClientCertId: id }, 1), bounds);
      return value.SslVpnClientCertKeys.some((cert) => cert.SslVpnClientCertId === id);
    }),
  ]);
  const open = here.filter((cert) => allowsServer(cert.SslVpnServerId, context.settings));
  const near = nearest(
    id,
    open.map((cert) => cert.SslVpnClientCertId),
    MOST_SHOWN,
  );
  const certificates = near
    .flatMap((nearId) => open.filter((cert) => cert.SslVpnClientCertId === nearId))
    .map((cert) => ({ ssl_vpn_client_cert_id: cert.SslVpnClientCertId, name: cert.Name }));
  return {
    facts: {
      certificates_in_region: open.length,
      ...(certificates.length > 0 && { certificates }),
      ...(region !== undefined && { found_in_region: region }),
    },
    nextSteps:
      region !== undefined
        ? [`Repeat the call with region_id ${region}: the certificate with this id is there.`]
        : certificates.length > 0
          ? ['Compare the id with facts.certificates, the likeliest first.']
          : [],
  };
}

async function unknownRegion({ regionId }: CallFacts, context: ToolContext): Promise<Finding | undefined> {
  // The region's own endpoint may not exist: the central one knows all regions.
  const regions = await allowedRegions({ ...context, settings: { ...context.settings, region: undefined } });
  const ordered = nearFirst(regionId, regions, (region) => [region.RegionId, region.LocalName]);
  if (ordered.length === 0) return undefined;
  return {
    facts: {
      regions: ordered.slice(0, MOST_SHOWN).map((region) => ({ region_id: region.RegionId, name: region.LocalName })),
    },
    nextSteps: ['Compare region_id with facts.regions, the likeliest first.'],
  };
}

async function fullServer({ regionId, parameters }: CallFacts, context: ToolContext): Promise<Finding> {
  const certs = await allClientCerts(
    context.vpc,
    regionId,
    { SslVpnServerId: parameters.SslVpnServerId },
    context.bounds,
  );
  const brief = ({ ssl_vpn_client_cert_id, name, created_at, days_left }: Certificate) => ({
    ssl_vpn_client_cert_id,
    name,
    created_at,
    days_left,
  });
  const byAge = certs
    .sort((a, b) => a.CreateTime - b.CreateTime)
    .map((cert) => toCertificate(cert, regionId, context.now()));
  const expired = byAge.filter((cert) => cert.days_left < 0);
  const oldest = byAge.filter((cert) => cert.days_left >= 0).slice(0, MOST_SHOWN);
  return {
    facts: {
      certificate_count: certs.length,
      expired_count: expired.length,
      expired: expired.slice(0, 10).map(brief),
      oldest: oldest.map(brief),
    },
    nextSteps: [
      expired.length > 0
        ? 'Ask the person whether the expired certificates in facts.expired may be revoked: they are of no use to anyone.'
        : 'None has expired; ask the person whether those in facts.oldest, made the longest ago, are still used.',
    ],
  };
}

async function lockedGateway({ regionId, parameters }: CallFacts, context: ToolContext): Promise<Finding | undefined> {
  const { value } = await context.vpc.call(
    describeSslVpnServers(regionId, { SslVpnServerId: parameters.SslVpnServerId }, 1),
    context.bounds,
  );
  const server = value.SslVpnServers.find((found) => found.SslVpnServerId === parameters.SslVpnServerId);
  return server && { facts: { vpn_gateway_id: server.VpnGatewayId, server_name: server.Name } };
}

/** Says what looks wrong with the credentials, never what they are. */
async function suspiciousCredentials(
  { clockOffsetSeconds }: CallFacts,
  { credentials }: ToolContext,
): Promise<Finding> {
  const keys = await credentials.get();
  const problems = credentialProblems(keys);
  return {
    facts: {
      access_key_id: maskKeyId(keys.accessKeyId),
      credentials_from: credentials.source() ?? 'unknown',
      ...(problems.length > 0 && { problems }),
      ...(clockOffsetSeconds !== undefined && { clock_behind_seconds: clockOffsetSeconds }),
    },
    nextSteps: problems.map((problem) => `Correct this first: ${problem}.`),
  };
}

/** What can be seen to be wrong with credentials without asking the service. */
export function credentialProblems({ accessKeyId, accessKeySecret, securityToken }: Credentials): string[] {
  const spaced = (text: string): boolean => /\s/.test(text);
  const wrapped = (text: string): boolean => /^["'].*["']$/.test(text.trim());
  const problems: string[] = [];
  if (spaced(accessKeyId)) problems.push('the key id has white space in it or around it');
  if (spaced(accessKeySecret)) problems.push('the secret has white space in it or around it');
  if (wrapped(accessKeyId) || wrapped(accessKeySecret)) problems.push('the key id or the secret is wrapped in quotes');
  if (!/^(LTAI|STS\.|TMP\.)/.test(accessKeyId.trim()))
    problems.push('the key id does not begin with LTAI, or with STS. as temporary ones do');
  if (/^STS\./.test(accessKeyId) && securityToken === undefined)
    problems.push('the key id is a temporary one, and its security token is missing');
  if (securityToken !== undefined && spaced(securityToken))
    problems.push('the security token has white space in it or around it');
  return problems;
}

/** The first other region that the policy allows for which `holds` says yes. */
async function regionWhere(
  regionId: string,
  context: ToolContext,
  holds: (region: string, bounds: CallBounds) => Promise<boolean>,
): Promise<string | undefined> {
  const regions = await allowedRegions(context).catch(() => []);
  const others = regions.filter((region) => region.RegionId !== regionId);
  const enough = new AbortController();
  const signal = eitherSignal(enough.signal, context.bounds.signal);
  let found: string | undefined;
  await mapConcurrently(others, REGIONS_AT_ONCE, async ({ RegionId }) => {
    if (found !== undefined) return;
    if (!(await holds(RegionId, { ...context.bounds, signal }).catch(() => false))) return;
    found = RegionId;
    enough.abort();
  });
  return found;
}

/** Many requests at once wait for it. */
function eitherSignal(ours: AbortSignal, callers: AbortSignal | undefined): AbortSignal {
  const either = AbortSignal.any(callers === undefined ? [ours] : [ours, callers]);
  setMaxListeners(0, either);
  return either;
}

function nearFirst<T>(text: string, items: readonly T[], namesOf: (item: T) => string[]): T[] {
  const near = nearest(text, items.flatMap(namesOf), items.length);
  const rank = (item: T): number => {
    const places = namesOf(item)
      .map((name) => near.indexOf(name))
      .filter((place) => place >= 0);
    return places.length === 0 ? near.length : Math.min(...places);
  };
  return [...items].sort((a, b) => rank(a) - rank(b));
}

function named({ regionId, parameters }: CallFacts) {
  return { regionId, serverId: parameters.SslVpnServerId, certificateId: parameters.SslVpnClientCertId };
}
