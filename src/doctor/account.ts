/** Who calls, and what they may: read calls of the API, as the tools make them. */

import { createBudget } from '../budget.js';
import { credentialProblems } from '../diagnose/credentials.js';
import { CallFailure } from '../errors/errors.js';
import { errorAnswer, explain } from '../errors/explain.js';
import { visible } from '../errors/external-text.js';
import { nearest } from '../nearest.js';
import type { Runtime } from '../runtime.js';
import { maskKeyId } from '../secrets.js';
import { callerIdentity, regions, sslVpnServers } from '../vpc/actions.js';
import type { ListRequest } from '../vpc/client.js';
import { CENTRAL_REGION } from '../vpc/endpoints.js';
import { ramPolicy } from '../vpc/ram-policy.js';
import { type Check, failed, MAX_MS } from './check.js';

export async function credentialsCheck({ credentials }: Runtime): Promise<Check> {
  const name = 'credentials';
  const budget = createBudget(MAX_MS);
  try {
    const keys = await budget.race(Promise.resolve(credentials.get()));
    const source = credentials.source() ?? 'unknown';
    const detail = `${maskKeyId(keys.accessKeyId)} from ${source}${keys.securityToken === undefined ? '' : ', temporary'}`;
    // The sandbox's own key is of no real form.
    const problems = source === 'sandbox' ? [] : credentialProblems(keys);
    if (problems.length === 0) return { name, status: 'ok', detail };
    return {
      name,
      status: 'warning',
      detail: `${detail}: ${problems.join('; ')}`,
      remedy: 'Correct the variables, and keep them on one line without quotes.',
    };
  } catch (error) {
    return failed(name, error);
  } finally {
    budget.close();
  }
}

/** STS may be out of reach where the API is not, and nothing depends on it. */
export async function identityCheck({ vpc }: Runtime, region: string | undefined): Promise<Check> {
  const name = 'identity';
  const budget = createBudget(MAX_MS);
  try {
    const { value } = await vpc.call(callerIdentity(region ?? CENTRAL_REGION), budget);
    return { name, status: 'ok', detail: visible(value.Arn, 300) };
  } catch (error) {
    return { ...failed(name, error), status: 'warning' };
  } finally {
    budget.close();
  }
}

export async function permissionChecks(runtime: Runtime, region: string | undefined): Promise<Check[]> {
  const known = await list(runtime, regions(region ?? CENTRAL_REGION));
  if ('check' in known) return [known.check];
  const ids = known.members.map(({ RegionId }) => RegionId);
  const checks: Check[] = [{ name: 'DescribeRegions', status: 'ok', detail: `allowed; ${ids.length} regions` }];
  if (region === undefined) {
    checks.push({
      name: 'DescribeSslVpnServers',
      status: 'warning',
      detail: 'not tried: there is no default region',
      remedy: 'Run it with --region to try it there.',
    });
    return checks;
  }
  if (!ids.includes(region)) {
    const near = nearest(region, ids);
    checks.push({
      name: 'region',
      status: 'failed',
      detail: `the account has no region ${region}`,
      remedy: `Set --region to one of: ${(near.length > 0 ? near : ids).join(', ')}.`,
    });
    return checks;
  }
  const servers = await list(runtime, sslVpnServers(region, {}));
  if ('check' in servers) return [...checks, servers.check];
  const detail = `allowed; ${servers.members.length} servers in ${region}`;
  return [...checks, { name: 'DescribeSslVpnServers', status: 'ok', detail }];
}

async function list<Member>(
  { vpc }: Runtime,
  request: ListRequest<Member>,
): Promise<{ members: Member[] } | { check: Check }> {
  const budget = createBudget(MAX_MS);
  try {
    return { members: await vpc.list(request, budget) };
  } catch (error) {
    const { action } = request.page(1);
    const { code, message, category, next_steps } = errorAnswer(explain(error));
    const regionId = error instanceof CallFailure ? error.facts.regionId : '';
    const remedy =
      category === 'permission'
        ? `Ask the administrator to attach this policy: ${JSON.stringify(ramPolicy([action], { regionId }))}`
        : (next_steps[0] ?? '');
    return { check: { name: action, status: 'failed', detail: `${code}: ${visible(message, 300)}`, remedy } };
  } finally {
    budget.close();
  }
}
