/** Deletions are carried out in the background; until then, lists show the certificate as if nothing had happened. */
import type { CertSummary } from './actions.js';
import type { VpcClient } from './client.js';

/** A gateway takes a minute or two. What is still there after this long was not deleted after all. */
const CARRIED_OUT_MS = 10 * 60_000;

/**
 * Certificates that this process deleted come with `revokedHere` for as long as the service still shows them.
 * @param now ms on a clock that never goes back
 */
export function rememberingDeletions(vpc: VpcClient, now: () => number = () => performance.now()): VpcClient {
  const deleted = new Map<string, number>();
  // Nothing promises that an id is of one region only.
  const keyOf = (regionId: string, id: string): string => `${regionId} ${id}`;
  const mark = (regionId: string, value: unknown): void => {
    if (!isCertificate(value)) return;
    const at = deleted.get(keyOf(regionId, value.SslVpnClientCertId));
    if (at !== undefined && now() - at < CARRIED_OUT_MS) value.revokedHere = true;
  };
  return {
    ...vpc,
    async call(request, budget, pace) {
      const answer = await vpc.call(request, budget, pace);
      const { SslVpnClientCertId: id } = request.parameters;
      if (request.action === 'DeleteSslVpnClientCert' && id !== undefined)
        deleted.set(keyOf(request.regionId, id), now());
      mark(request.regionId, answer.value);
      return answer;
    },
    async list(request, budget, pace) {
      const members = await vpc.list(request, budget, pace);
      const { regionId } = request.page(1);
      for (const member of members) mark(regionId, member);
      return members;
    },
  };
}

/** Those that are there and stay: what this process revoked is as good as gone, whatever its status says. */
export function notRevoked(certs: readonly CertSummary[]): CertSummary[] {
  return certs.filter((cert) => cert.revokedHere !== true);
}

function isCertificate(value: unknown): value is CertSummary {
  return typeof value === 'object' && value !== null && 'SslVpnClientCertId' in value && 'Status' in value;
}
