/** One call of the batch tool: issues what is left to issue, several rows at once, until there is none or time is up. */
import { randomUUID } from 'node:crypto';
import type { OpenBudget } from '../../budget.js';
import { mapConcurrently } from '../../concurrency.js';
import { CallFailure, CancelledError, DeadlineError } from '../../errors/errors.js';
import { errorAnswer, explain } from '../../errors/explain.js';
import { type CertSummary, clientCerts, createSslVpnClientCert } from '../../vpc/actions.js';
import { rowToken } from '../../vpc/client-token.js';
import { throttlingOf } from '../../vpc/retry.js';
import { folderOf, saveConfig } from '../saved-config.js';
import type { ToolContext } from '../tool.js';
import { type IssuedRow, Rows } from './rows.js';

const ROWS_AT_ONCE = 20;
/** Kept back of the deadline for the index and the answer. */
const RESERVE_MS = 1_000;
/** No row is begun so late that it would most likely not end in time. */
const LAST_START_MS = 2_000;
/** Of a deadline that is shorter than these are made for. */
const MAX_RESERVED_SHARE = 0.1;

export type BatchArguments = {
  region_id: string;
  ssl_vpn_server_id: string;
  names: readonly string[];
  batch_id?: string | undefined;
  save_configs?: boolean | undefined;
};

/** @throws CallFailure where not even the existing certificates could be read, RefusedError where no file may be saved */
export async function runBatch(args: BatchArguments, context: ToolContext): Promise<{ batchId: string; rows: Rows }> {
  if (args.save_configs) folderOf(context);
  const { budget, unfinishedBatches } = context;
  const memoryKey = JSON.stringify([args.region_id, args.ssl_vpn_server_id, args.names]);
  // A client that gave up waiting repeats the call as it was: without the id that it never got to know, that would be
  // a new batch, and what is still in flight of the old one would be made twice.
  const batchId = args.batch_id ?? unfinishedBatches.get(memoryKey) ?? randomUUID();
  unfinishedBatches.set(memoryKey, batchId);
  const rows = new Rows(args.names);
  const share = MAX_RESERVED_SHARE * budget.remaining();
  await budget.share(Number.POSITIVE_INFINITY, Math.min(RESERVE_MS, share), (own) =>
    workOff(args, batchId, rows, { ...context, budget: own }, Math.min(LAST_START_MS, share), own),
  );
  if (rows.remaining.length === 0 && rows.unsaved.length === 0) unfinishedBatches.delete(memoryKey);
  return { batchId, rows };
}

/** The request that issues one row; the same batch, server and name always lead to the same client token. */
export function rowRequest(args: BatchArguments, batchId: string, name: string) {
  return createSslVpnClientCert(args.region_id, {
    SslVpnServerId: args.ssl_vpn_server_id,
    Name: name,
    ClientToken: rowToken(batchId, args.ssl_vpn_server_id, name),
  });
}

/** @param lastStartMs what has to be left of the budget for a row to be begun */
async function workOff(
  args: BatchArguments,
  batchId: string,
  rows: Rows,
  context: ToolContext,
  lastStartMs: number,
  budget: OpenBudget,
): Promise<void> {
  const { vpc, pace, progress } = context;
  const mayStart = (action: string): boolean => budget.remaining() - pace.nextIn(action) > lastStartMs;

  const existing = await existingCertificates(args, context);
  await mapConcurrently([...existing.values()], ROWS_AT_ONCE, async (cert) => {
    const row: IssuedRow = { name: cert.Name, ssl_vpn_client_cert_id: cert.SslVpnClientCertId, status: cert.Status };
    rows.addExisting(row);
    await save(row);
    progress(rows.done, args.names.length, cert.Name);
  });
  await mapConcurrently(rows.remaining, ROWS_AT_ONCE, async (name) => {
    if (!mayStart('CreateSslVpnClientCert')) return;
    try {
      const { value } = await vpc.call(rowRequest(args, batchId, name), budget, pace);
      const row: IssuedRow = { name, ssl_vpn_client_cert_id: value.SslVpnClientCertId };
      rows.addCreated(row);
      await save(row);
    } catch (error) {
      takeFailure(name, error);
    }
    progress(rows.done, args.names.length, name);
  });

  /** What is wrong with one row stands at that row; anything else would meet the next row too, so the batch ends. */
  function takeFailure(name: string, error: unknown): void {
    if (isFreeToTryAgain(error)) return;
    const explanation = explain(error);
    const { code, message, category, next_steps } = errorAnswer(explanation);
    if (explanation.effect === 'none' && (category === 'invalid_input' || category === 'conflict')) {
      rows.addFailed({ name, code, message, next_steps });
      return;
    }
    rows.stoppedBy ??= explanation;
    budget.cancel();
  }

  async function save(row: IssuedRow): Promise<void> {
    if (!args.save_configs) return;
    rows.awaitsFile(row);
    if (!mayStart('DescribeSslVpnClientCert')) return;
    try {
      const { path, config } = await saveConfig(args.region_id, row.ssl_vpn_client_cert_id, false, context, pace);
      row.file = path;
      const { expiresAt, fingerprint } = config;
      rows.index.push({ name: row.name, certificateId: row.ssl_vpn_client_cert_id, path, expiresAt, fingerprint });
    } catch (error) {
      if (isFreeToTryAgain(error)) return;
      const { code, message, retryable } = errorAnswer(explain(error));
      row.file_error = `${code}: ${message}`;
      if (retryable) return;
    }
    rows.settlesFile(row);
  }
}

/** Nothing was done and nothing is wrong: time was up, the batch ended, or the service takes no more requests for now. */
function isFreeToTryAgain(error: unknown): boolean {
  if (!(error instanceof CallFailure) || error.facts.effect !== 'none') return false;
  const { cause } = error;
  return cause instanceof CancelledError || cause instanceof DeadlineError || throttlingOf(cause) !== undefined;
}

/** Of each wanted name the certificate that exists: the one that lives longest, where there are several. */
async function existingCertificates(
  args: BatchArguments,
  { vpc, budget, pace }: ToolContext,
): Promise<Map<string, CertSummary>> {
  const certs = await vpc.list(clientCerts(args.region_id, { SslVpnServerId: args.ssl_vpn_server_id }), budget, pace);
  const wanted = new Set(args.names);
  const found = new Map<string, CertSummary>();
  for (const cert of certs.sort((a, b) => a.EndTime - b.EndTime)) if (wanted.has(cert.Name)) found.set(cert.Name, cert);
  return found;
}
