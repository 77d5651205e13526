/** Batches as a tool of this process, over real sockets to a sandbox. */
import { expect } from 'vitest';
import type { Sandbox } from '../../src/sandbox/http.js';
import batch from '../../src/tools/issue-ssl-vpn-client-certs.js';
import type { VpcClient } from '../../src/vpc/client.js';
import type { Result } from './bin.js';
import { LONG_MS, REGION, SERVER } from './client.js';
import { contextOf } from './context.js';

/** Arguments of a batch. */
export const args = (names: string[], more: Record<string, unknown> = {}) => ({
  region_id: REGION,
  ssl_vpn_server_id: SERVER,
  names,
  ...more,
});
export const joiners = (count: number): string[] => Array.from({ length: count }, (_, index) => `joiner-${index}`);

export async function issue(
  vpc: VpcClient,
  given: Record<string, unknown>,
  deadlineMs = LONG_MS,
  part = {},
): Promise<Result> {
  return batch.invoke(given, contextOf(vpc, deadlineMs, part));
}

export function idsByName(sandbox: Sandbox): Map<string, string[]> {
  const ids = new Map<string, string[]>();
  for (const cert of sandbox.cloud.certificates())
    ids.set(cert.Name, [...(ids.get(cert.Name) ?? []), cert.SslVpnClientCertId]);
  return ids;
}

/** What an answer says about rows must be so, row by row, and every name must be in it once. */
export function checkAnswer(answer: Result, names: string[], sandbox: Sandbox): void {
  const said = [...answer.created, ...answer.already_existed, ...answer.failed]
    .map((row: Result) => row.name)
    .concat(answer.remaining);
  expect([...said].sort()).toEqual([...names].sort());
  const ids = idsByName(sandbox);
  for (const row of [...answer.created, ...answer.already_existed])
    expect(ids.get(row.name)).toContain(row.ssl_vpn_client_cert_id);
  expect(answer.complete).toBe(answer.remaining.length === 0);
}
