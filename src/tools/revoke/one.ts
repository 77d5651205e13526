/** One certificate revoked: its name is read again right before each attempt is sent, and what became of it is told. */
import { CallFailure, RefusedError, ServiceError } from '../../errors/errors.js';
import { quoted } from '../../errors/external-text.js';
import { ask } from '../../errors/steps.js';
import { clientCerts, deleteSslVpnClientCert } from '../../vpc/actions.js';
import { deletionToken } from '../../vpc/client-token.js';
import { notRevoked } from '../../vpc/deletions.js';
import type { Pace } from '../../vpc/pace.js';
import type { ToolContext } from '../tool.js';

/** About what a gateway takes to carry out one change. */
export const MINUTES_EACH = 1;

/** As the person saw it. */
export type Agreed = { id: string; name: string };

export type Revocation =
  /** The service accepted it, or did it in an attempt that got no answer; then there is no request id. */
  | { outcome: 'revoked'; requestId?: string; attempts: number }
  | { outcome: 'gone' }
  | { outcome: 'renamed'; error: Error };

/** A certificate is deleted at most once, so its token is always the same: a repeat from any process is safe. */
export function deletion(regionId: string, id: string) {
  return deleteSslVpnClientCert(regionId, { SslVpnClientCertId: id, ClientToken: deletionToken(regionId, id) });
}

/** @throws CallFailure, RefusedError of the policy */
export async function revokeOne(
  regionId: string,
  { id, name }: Agreed,
  { vpc, budget }: Pick<ToolContext, 'vpc' | 'budget'>,
  pace?: Pace,
): Promise<Revocation> {
  const gone = new RefusedError(`The certificate ${id} is not there any more.`, []);
  const renamed = new RefusedError(
    `Not revoked: the certificate ${id} is not called ${quoted(name)} any more, so nobody agreed to it.`,
    [ask('Look it up with get_ssl_vpn_client_cert, and ask the person again with its present name.')],
  );
  const look = async (): Promise<void> => {
    const certs = await vpc.list(clientCerts(regionId, { SslVpnClientCertId: id }), budget, pace);
    const found = notRevoked(certs).find((cert) => cert.SslVpnClientCertId === id);
    if (found === undefined) throw gone;
    if (found.Name !== name) throw renamed;
  };
  try {
    const request = { ...deletion(regionId, id), beforeAttempt: look };
    const { requestId, attempts } = await vpc.call(request, budget, pace);
    return { outcome: 'revoked', requestId, attempts };
  } catch (error) {
    const failure = error instanceof CallFailure ? error : undefined;
    const cause = failure?.cause ?? error;
    const open = failure?.facts.effect === 'unknown';
    if (cause === renamed) return { outcome: 'renamed', error: open ? perhapsRevoked(id, name, failure) : renamed };
    if (cause !== gone && !isNotFound(cause)) throw error;
    // An attempt without an answer did it, and nothing was left for the next one.
    return open ? { outcome: 'revoked', attempts: failure.facts.attempts } : { outcome: 'gone' };
  }
}

/** A deletion may be under way although the certificate has another name by now. */
function perhapsRevoked(id: string, name: string, { facts }: CallFailure): CallFailure {
  return new CallFailure(
    new RefusedError(
      `The certificate ${id} may have been revoked: an attempt got no answer. It was not tried again, because it is not called ${quoted(name)} any more.`,
      [ask('If it is still there after some minutes, ask the person again with its present name.')],
    ),
    facts,
  );
}

function isNotFound(error: unknown): boolean {
  return error instanceof ServiceError && error.code === 'InvalidSslVpnClientCertId.NotFound';
}
