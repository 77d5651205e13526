import type { CallFacts } from '../errors/errors.js';
import { ask } from '../errors/steps.js';
import { type Certificate, toCertificate } from '../tools/results.js';
import type { ToolContext } from '../tools/tool.js';
import { clientCerts } from '../vpc/actions.js';
import { type Finding, MAX_SHOWN } from './finding.js';

const MAX_EXPIRED_SHOWN = 10;

/** The certificates that use the quota up: the expired ones, or where there are none the oldest of the valid ones. */
export async function fullServer(
  { regionId, parameters }: CallFacts,
  { vpc, budget, now }: ToolContext,
): Promise<Finding> {
  const certs = await vpc.list(clientCerts(regionId, { SslVpnServerId: parameters.SslVpnServerId }), budget);
  const byAge = certs.sort((a, b) => a.CreateTime - b.CreateTime).map((cert) => toCertificate(cert, regionId, now()));
  const expired = byAge.filter((cert) => cert.days_left < 0);
  const valid = byAge.filter((cert) => cert.days_left >= 0);
  return {
    facts: {
      certificate_count: certs.length,
      expired_count: expired.length,
      ...(expired.length > 0
        ? { expired: expired.slice(0, MAX_EXPIRED_SHOWN).map(brief) }
        : { oldest: valid.slice(0, MAX_SHOWN).map(brief) }),
    },
    steps:
      certs.length === 0
        ? []
        : [
            expired.length > 0
              ? ask(
                  'Ask the person whether the expired certificates in facts.expired may be revoked: they are of no use to anyone.',
                )
              : ask(
                  'None has expired, all are valid: ask the person whether those in facts.oldest, the oldest, are still used.',
                ),
          ],
  };
}

function brief({ ssl_vpn_client_cert_id, name, created_at, days_left }: Certificate) {
  return { ssl_vpn_client_cert_id, name, created_at, days_left };
}
