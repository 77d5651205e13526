/** One sensible call of every tool, the same for every client, in an order in which each finds what it is about. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect } from 'vitest';

const region = { region_id: 'ap-southeast-1' };
const server = { ...region, ssl_vpn_server_id: 'vss-sandbox-singapore' };
const certificate = (name: string) => ({ ...region, ssl_vpn_client_cert_id: `vsc-sandbox-${name}` });

/** About what each sandbox opens with, so that a client that starts a server for each call finds it too. */
const PLAN: readonly (readonly [tool: string, args: Record<string, unknown>])[] = [
  ['explain_error', { code: 'Forbbiden.SubUser' }],
  ['list_regions', {}],
  ['list_ssl_vpn_servers', { region_id: 'all', name: 'singapore' }],
  ['list_ssl_vpn_client_certs', { region_id: 'all', expires_within_days: 30, limit: 5 }],
  ['list_ssl_vpn_connections', server],
  ['compare_ssl_vpn_client_certs', { ...server, names: ['alice', 'zhang.wei'] }],
  ['get_ssl_vpn_client_cert', certificate('alice')],
  ['preview_api_call', { tool: 'create_ssl_vpn_client_cert', arguments: server, sdk: 'python', signature: true }],
  ['create_ssl_vpn_client_cert', { ...server, name: 'zhang.wei', save_config: true }],
  ['issue_ssl_vpn_client_certs', { ...server, names: ['li.na', 'wang.fang'], save_configs: 'new' }],
  ['save_ssl_vpn_client_config', certificate('alice')],
  ['modify_ssl_vpn_client_cert', { ...certificate('alice'), name: 'alice-2' }],
  ['delete_ssl_vpn_client_cert', { ...certificate('carol'), confirm_name: 'carol' }],
  ['revoke_ssl_vpn_client_certs', { ...region, ssl_vpn_client_cert_ids: ['vsc-sandbox-bob'], confirm_names: ['bob'] }],
];

/**
 * Calls every tool that is listed; one that the plan does not know fails, so that no tool goes without its call.
 * @param call gives the structured result
 */
export async function useEveryTool(
  listed: Iterable<string>,
  call: (tool: string, args: Record<string, unknown>) => Promise<unknown>,
): Promise<void> {
  expect([...listed].sort()).toEqual(PLAN.map(([tool]) => tool).sort());
  for (const [tool, args] of PLAN) {
    const result = await call(tool, args);
    expect(result, tool).toMatchObject({ sandbox: true });
    expect(result, tool).not.toHaveProperty('error');
  }
}

export const PROMPTS = ['onboard', 'offboard', 'renew_expiring', 'review_access'];

const folder = mkdtempSync(join(tmpdir(), 'clients-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const BIN = fileURLToPath(new URL('../../dist/main.cjs', import.meta.url));

/** How a client starts a server with a folder of its own, and with none of the machine's settings and credentials. */
export const launch = () => ({
  command: process.execPath,
  args: [BIN, '--sandbox', '--log-level', 'error', '--output-dir', mkdtempSync(join(folder, 'configs-'))],
  env: { PATH: process.env.PATH ?? '', HOME: folder },
});
