/**
 * Facts of the case: after a failure, a look around with read calls only, inside the same deadline. What it finds goes
 * into `facts` and the next steps; what it cannot find out it leaves unsaid, and the first error is answered in any case.
 */
import { CallFailure } from '../errors/errors.js';
import { type Explanation, explain } from '../errors/explain.js';
import { bounded } from '../errors/external-text.js';
import type { Tool, ToolContext } from '../tools/tool.js';
import { ramPolicy } from '../vpc/ram-policy.js';
import { suspiciousCredentials } from './credentials.js';
import type { Finding } from './finding.js';
import { missingRight } from './identity.js';
import { lockedGateway } from './locked-gateway.js';
import { fullServer } from './quota.js';
import { unknownCertificate } from './unknown-certificate.js';
import { unknownRegion } from './unknown-region.js';
import { unknownServer } from './unknown-server.js';

/** What the caller already waits for is an answer; looking around may not make that wait much longer. */
const MAX_MS = 5_000;
/** Kept back of the deadline, so that the answer is out before it. */
const RESERVE_MS = 250;
/** Names of the service are up to 128 characters long; a hostile one has no end. */
const MAX_FACT = 256;

/** @param given the arguments of the call */
export async function explainWithFacts(
  error: unknown,
  tool: Tool,
  given: unknown,
  context: ToolContext,
): Promise<Explanation> {
  const explanation = explain(error, { takesClientToken: 'client_token' in tool.input.shape });
  if (!(error instanceof CallFailure)) return explanation;
  const { budget } = context;
  const found =
    budget.remaining() <= RESERVE_MS
      ? undefined
      : await budget
          .share(MAX_MS, RESERVE_MS, (share) =>
            share.race(lookAround(explanation, error, { ...context, budget: share })),
          )
          .catch(() => undefined);
  return {
    ...explanation,
    ...policyFor(explanation, error, [...tool.actions, ...(tool.preview?.(given, context).followedBy ?? [])]),
    ...(found && {
      steps: [...(found.steps ?? []), ...explanation.steps],
      facts: { ...explanation.facts, ...bounded(found.facts, MAX_FACT) },
    }),
  };
}

/** Permission for the action that was refused is no use without the others that the call needs. */
function policyFor(
  { steps }: Explanation,
  { facts }: CallFailure,
  needed: readonly string[],
): Pick<Explanation, 'ram_policy'> {
  if (!steps.some(({ needs }) => needs === 'ram_policy')) return {};
  const { action, regionId, parameters } = facts;
  const actions = [...new Set([...needed, action])];
  const named = { regionId, serverId: parameters.SslVpnServerId, certificateId: parameters.SslVpnClientCertId };
  return { ram_policy: ramPolicy(actions, named) };
}

async function lookAround(
  { code, category, facts: known }: Explanation,
  { facts }: CallFailure,
  context: ToolContext,
): Promise<Finding | undefined> {
  switch (code) {
    case 'InvalidSslVpnServerId.NotFound':
      return unknownServer(facts, context);
    case 'InvalidSslVpnClientCertId.NotFound':
      return unknownCertificate(facts, context);
    case 'InvalidRegionId.NotFound':
      return unknownRegion(facts, context);
    case 'VpnGateway.FinancialLocked':
      return lockedGateway(facts, context);
  }
  // Revoking gives back room, but no times.
  if (category === 'quota' && code !== 'SslVpnClientCreateTimes.ReachLimits') return fullServer(facts, context);
  if (category === 'permission') return missingRight(facts, context);
  if (category === 'credentials') return suspiciousCredentials(facts, context);
  if (known?.problem === 'name_not_found') return unknownRegion(facts, context);
  return undefined;
}
