/** One call of the tool that revokes several: one change at a time for each gateway, gateways side by side. */
import type { OpenBudget } from '../../budget.js';
import { mapConcurrently } from '../../concurrency.js';
import { CallFailure, CancelledError, DeadlineError, RefusedError } from '../../errors/errors.js';
import { explain } from '../../errors/explain.js';
import { visible } from '../../errors/external-text.js';
import { ask } from '../../errors/steps.js';
import { type CertSummary, clientCerts, sslVpnServers } from '../../vpc/actions.js';
import { notRevoked } from '../../vpc/deletions.js';
import { retryKind, throttlingOf } from '../../vpc/retry.js';
import { certificateElsewhere, regionsOfCertificates } from '../elsewhere.js';
import { MAX_NAME } from '../results.js';
import type { ToolContext } from '../tool.js';
import { worthATry } from '../worth-a-try.js';
import { consentTo } from './consent.js';
import { MINUTES_EACH, revokeOne } from './one.js';
import { Rows } from './rows.js';
import { savedFileOf } from './saved-file.js';

const GATEWAYS_AT_ONCE = 20;
/** Kept back of the deadline for the answer. */
const RESERVE_MS = 1_000;
/** Nothing is begun so late that it would most likely not end in time. */
const LAST_START_MS = 2_000;
/** Of a deadline that is shorter than these are made for. */
const MAX_RESERVED_SHARE = 0.1;

export type RevokeArguments = {
  region_id: string;
  ssl_vpn_client_cert_ids: readonly string[];
  confirm_names?: readonly string[] | undefined;
};

/** @throws CallFailure where not even the certificates could be read, RefusedError where nobody agreed */
export async function revokeMany(
  args: RevokeArguments,
  context: ToolContext,
): Promise<{ rows: Rows; agreed: boolean; asked: boolean }> {
  const { vpc, budget, pace, consents } = context;
  const { region_id: region } = args;
  const ids = [...new Set(args.ssl_vpn_client_cert_ids)];
  const rows = new Rows(ids);
  const refused = new Map<string, Error>();
  const listed = await vpc.list(
    { ...clientCerts(region, {}), refused: (cert, refusal) => refused.set(cert.SslVpnClientCertId, refusal) },
    budget,
    pace,
  );
  const byId = new Map(notRevoked(listed).map((cert) => [cert.SslVpnClientCertId, cert]));
  const certs = ids.flatMap((id) => byId.get(id) ?? []);
  const missing = ids.filter((id) => !byId.has(id));
  const elsewhere = await regionsOfCertificates(
    region,
    missing.filter((id) => !refused.has(id) && !listed.some((cert) => cert.SslVpnClientCertId === id)),
    context,
  );
  for (const id of missing) {
    const other = elsewhere.get(id);
    const error = other === undefined ? refused.get(id) : certificateElsewhere(id, region, other);
    if (error === undefined) rows.addGone(id);
    else rows.fail({ ssl_vpn_client_cert_id: id, name: '' }, error);
  }
  if (certs.length === 0) return { rows, agreed: true, asked: false };
  const queues = await byGateway(region, certs, context);
  const longest = Math.max(...queues.map((queue) => queue.length));
  const { answer, asked, names } = await consentTo(
    {
      region,
      certs,
      minutes: longest * MINUTES_EACH,
      argument: 'confirm_names',
      ids: args.ssl_vpn_client_cert_ids,
      texts: args.confirm_names,
    },
    context,
  );
  if (answer !== 'accepted') {
    rows.stoppedBy = refusedBy(answer);
    return { rows, agreed: false, asked };
  }
  const share = MAX_RESERVED_SHARE * budget.remaining();
  await budget.share(Number.POSITIVE_INFINITY, Math.min(RESERVE_MS, share), (own) =>
    workOff(region, queues, names, rows, { ...context, budget: own }, Math.min(LAST_START_MS, share), own),
  );
  if (rows.remaining.length === 0 && rows.failed.length === 0) await consents.end(region, ids);
  return { rows, agreed: true, asked };
}

/** @param lastStartMs what has to be left of the budget for a deletion to be begun */
async function workOff(
  region: string,
  queues: readonly (readonly CertSummary[])[],
  names: ReadonlyMap<string, string>,
  rows: Rows,
  context: ToolContext,
  lastStartMs: number,
  budget: OpenBudget,
): Promise<void> {
  const { pace, progress } = context;
  const total = rows.done + queues.flat().length;

  await mapConcurrently(queues, GATEWAYS_AT_ONCE, async (queue) => {
    for (const cert of queue) {
      if (budget.remaining() - pace.nextIn('DeleteSslVpnClientCert') <= lastStartMs) return;
      const goesOn = await revoke(cert);
      if (!goesOn) return;
      progress(rows.done, total, cert.Name || cert.SslVpnClientCertId);
    }
  });

  /** @returns whether the next certificate of this gateway is to be tried */
  async function revoke(cert: CertSummary): Promise<boolean> {
    const id = cert.SslVpnClientCertId;
    const row = { ssl_vpn_client_cert_id: id, name: visible(cert.Name, MAX_NAME) };
    try {
      const revocation = await revokeOne(region, { id, name: names.get(id) ?? cert.Name }, context, pace);
      if (revocation.outcome === 'renamed') rows.fail(row, revocation.error);
      else if (revocation.outcome === 'gone') rows.addGone(id);
      else rows.addRevoked(row, await savedFileOf(cert.Name, id, context));
    } catch (error) {
      if (isFreeToTryAgain(error)) return false;
      const { category, effect } = explain(error);
      if (effect === 'none' && (category === 'invalid_input' || category === 'conflict')) {
        rows.fail(row, error);
        return true;
      }
      rows.stoppedBy ??= error;
      // A gateway whose payment is overdue is no matter of the others.
      if (category !== 'billing') budget.cancel();
      return false;
    }
    return true;
  }
}

/** Nothing was done and nothing is wrong: time was up, the gateway is still busy, or the service takes no more for now. */
function isFreeToTryAgain(error: unknown): boolean {
  if (!(error instanceof CallFailure) || error.facts.effect !== 'none') return false;
  const { cause } = error;
  if (cause instanceof CancelledError || cause instanceof DeadlineError) return true;
  return throttlingOf(cause) !== undefined || retryKind(cause, 1) === 'busy';
}

/** The certificates of each gateway; where that cannot be read, those of each server, which has one gateway. */
async function byGateway(
  region: string,
  certs: readonly CertSummary[],
  { vpc, budget, pace }: ToolContext,
): Promise<CertSummary[][]> {
  const ofServers = new Map<string, string>();
  if (new Set(certs.map((cert) => cert.SslVpnServerId)).size > 1) {
    const servers = await worthATry(budget, (share) => vpc.list(sslVpnServers(region, {}), share, pace));
    for (const server of servers) ofServers.set(server.SslVpnServerId, server.VpnGatewayId);
  }
  const queues = new Map<string, CertSummary[]>();
  for (const cert of certs) {
    const gateway = ofServers.get(cert.SslVpnServerId) || cert.SslVpnServerId;
    queues.set(gateway, [...(queues.get(gateway) ?? []), cert]);
  }
  return [...queues.values()];
}

function refusedBy(answer: 'declined' | 'cancelled'): RefusedError {
  return new RefusedError(`The person ${answer} the question; nothing was revoked.`, [
    ask('Do not ask again unless the person brings it up.'),
  ]);
}
