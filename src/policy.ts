/** The rules of whoever set this server up, checked before anything is sent. */
import { RefusedError } from './errors/errors.js';
import { quoted } from './errors/external-text.js';

/** undefined allows all. */
export type Policy = {
  allowRegions: readonly string[] | undefined;
  allowServers: readonly string[] | undefined;
};

/** @throws RefusedError */
export function checkPolicy(args: Readonly<Record<string, unknown>>, policy: Policy): void {
  const { region_id: region, ssl_vpn_server_id: server } = args;
  if (typeof region === 'string' && region !== 'all') check('region', region, policy.allowRegions, '--allow-region');
  if (typeof server === 'string') checkServer(server, policy);
}

/** For lists, which leave out what is not allowed. */
export function allowsServer(server: string, { allowServers }: Policy): boolean {
  return allowServers?.includes(server) ?? true;
}

/** Also for a server that only came to light through a certificate. @throws RefusedError */
export function checkServer(server: string, policy: Policy): void {
  check('server', server, policy.allowServers, '--allow-server');
}

function check(what: string, value: string, allowed: readonly string[] | undefined, flag: string): void {
  if (allowed === undefined || allowed.includes(value)) return;
  throw new RefusedError(`This server may not touch ${what} ${quoted(value)}; allowed: ${allowed.join(', ')}.`, [
    `Use one of the allowed ${what}s: ${allowed.join(', ')}.`,
    `If another is wanted, ask the person who set this server up to add it with ${flag}.`,
  ]);
}
