/** Deletions are carried out in the background; until then, lists show the certificate as if nothing had happened. */
import type { VpcClient } from './client.js';

/** What this process deleted is shown with this status in place of its own. */
export const REVOKED = 'revoked';

/** A gateway takes a minute or two. What is still there after this long was not deleted after all. */
const CARRIED_OUT_MS = 10 * 60_000;

/** @param now Unix ms */
export function rememberingDeletions(vpc: VpcClient, now: () => number = Date.now): VpcClient {
  const deleted = new Map<string, number>();
  const mark = (value: unknown): void => {
    if (!isCertificate(value)) return;
    const at = deleted.get(value.SslVpnClientCertId);
    if (at !== undefined && now() - at < CARRIED_OUT_MS) value.Status = REVOKED;
  };
  return {
    ...vpc,
    async call(request, budget, pace) {
      const answer = await vpc.call(request, budget, pace);
      const { SslVpnClientCertId: id } = request.parameters;
      if (request.action === 'DeleteSslVpnClientCert' && id !== undefined) deleted.set(id, now());
      mark(answer.value);
      return answer;
    },
    async list(request, budget, pace) {
      const members = await vpc.list(request, budget, pace);
      members.forEach(mark);
      return members;
    },
  };
}

function isCertificate(value: unknown): value is { SslVpnClientCertId: string; Status: string } {
  return typeof value === 'object' && value !== null && 'SslVpnClientCertId' in value && 'Status' in value;
}
