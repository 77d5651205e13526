/** The calls that renew or revoke certificates: one for each region, or region and server. */
import type { Fields } from '../link/values.js';
import type { Certificate } from './load.js';

export type PlannedCall = { tool: string; args: Fields };

/** What one renewal may reach. */
export const MAX_RENEWAL_DAYS = 365;
/** What one revocation takes. */
const MAX_REVOKED = 100;

/** New certificates for these people; the old ones stay until they are revoked. */
export function renewals(certificates: readonly Certificate[]): PlannedCall[] {
  const groups = groupBy(certificates, ({ regionId, serverId }) => `${regionId} ${serverId}`);
  return groups.map((group): PlannedCall => {
    const [{ regionId, serverId }] = group;
    const days = Math.max(...group.map(({ daysLeft }) => daysLeft));
    return {
      tool: 'issue_ssl_vpn_client_certs',
      args: {
        region_id: regionId,
        ssl_vpn_server_id: serverId,
        names: [...new Set(group.map(({ name }) => name))],
        renew_within_days: Math.min(MAX_RENEWAL_DAYS, Math.max(0, days + 1)),
      },
    };
  });
}

export function revocations(certificates: readonly Certificate[]): PlannedCall[] {
  const [only, ...others] = certificates;
  if (only !== undefined && others.length === 0) {
    const args = { region_id: only.regionId, ssl_vpn_client_cert_id: only.id };
    return [{ tool: 'delete_ssl_vpn_client_cert', args }];
  }
  return groupBy(certificates, ({ regionId }) => regionId).flatMap((group) => {
    const [{ regionId }] = group;
    const ids = group.map(({ id }) => id);
    return Array.from({ length: Math.ceil(ids.length / MAX_REVOKED) }, (_, index) => ({
      tool: 'revoke_ssl_vpn_client_certs',
      args: {
        region_id: regionId,
        ssl_vpn_client_cert_ids: ids.slice(index * MAX_REVOKED, (index + 1) * MAX_REVOKED),
      },
    }));
  });
}

type Group = [Certificate, ...Certificate[]];

function groupBy(certificates: readonly Certificate[], keyOf: (certificate: Certificate) => string): Group[] {
  const groups = new Map<string, Group>();
  for (const certificate of certificates) {
    const group = groups.get(keyOf(certificate));
    if (group === undefined) groups.set(keyOf(certificate), [certificate]);
    else group.push(certificate);
  }
  return [...groups.values()];
}
