/** What is worth a try beside the answer, and not worth a failure. */
import type { Budget, OpenBudget } from '../budget.js';
import { mapConcurrently } from '../concurrency.js';
import { visible } from '../errors/external-text.js';
import { sslVpnServers } from '../vpc/actions.js';
import { MAX_NAME } from './results.js';
import type { ToolContext } from './tool.js';

const MAX_MS = 5_000;
/** A list is read with or without them. */
const MAX_MS_FOR_NAMES = 2_000;
/** Kept back of the deadline for the answer. */
const RESERVE_MS = 500;
const REGIONS_AT_ONCE = 8;

/** @returns nothing where it failed, was refused or took too long */
export function worthATry<T>(budget: Budget, work: (share: OpenBudget) => Promise<T[]>, maxMs = MAX_MS): Promise<T[]> {
  return budget.share(maxMs, RESERVE_MS, work).catch(() => []);
}

/** @returns the names of servers by id, without those that could not be read */
export async function serverNames(
  regionIds: Iterable<string>,
  { vpc, budget }: Pick<ToolContext, 'vpc' | 'budget'>,
): Promise<Map<string, string>> {
  const servers = await mapConcurrently([...new Set(regionIds)], REGIONS_AT_ONCE, (regionId) =>
    worthATry(budget, (share) => vpc.list(sslVpnServers(regionId, {}), share), MAX_MS_FOR_NAMES),
  );
  return new Map(servers.flat().map(({ SslVpnServerId, Name }) => [SslVpnServerId, visible(Name, MAX_NAME)]));
}
