import type { CallFacts } from '../errors/errors.js';
import type { ToolContext } from '../tools/tool.js';
import { callerIdentity } from '../vpc/actions.js';
import type { Finding } from './finding.js';

/** Whose right is missing: what an administrator has to know before anything else. */
export async function missingRight({ regionId }: CallFacts, { vpc, budget }: ToolContext): Promise<Finding> {
  const { value } = await vpc.call(callerIdentity(regionId), budget);
  return { facts: { identity: value.Arn } };
}
