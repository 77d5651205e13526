/** What a token has to be given for. */
import type { ListedTool } from '../tools/listing.js';

export const SCOPES = ['ssl-vpn:read', 'ssl-vpn:issue', 'ssl-vpn:revoke'] as const;
export type Scope = (typeof SCOPES)[number];

const REVOKING: readonly string[] = ['delete_ssl_vpn_client_cert', 'revoke_ssl_vpn_client_certs'];

/** The scope that a tool needs. */
export function scopeOf({ name, annotations }: Pick<ListedTool, 'name' | 'annotations'>): Scope {
  if (REVOKING.includes(name)) return 'ssl-vpn:revoke';
  return annotations.readOnlyHint ? 'ssl-vpn:read' : 'ssl-vpn:issue';
}

/** @param claims of a token: providers write `scope` as a text or `scp` as a text or list */
export function scopesIn({ scope, scp }: Readonly<Record<string, unknown>>): ReadonlySet<string> {
  const words = [scope, scp].flat().flatMap((text) => (typeof text === 'string' ? text.split(' ') : []));
  return new Set(words.filter((word) => word !== ''));
}
