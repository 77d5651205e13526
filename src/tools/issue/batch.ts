/** One call of the batch tool: issues what is left to issue, several rows at once, until there is none or time is up. */
import { basename } from 'node:path';
import { mapConcurrently } from '../../concurrency.js';
import { CallFailure, CancelledError, DeadlineError, RefusedError } from '../../errors/errors.js';
import { errorAnswer, explain } from '../../errors/explain.js';
import { quoted } from '../../errors/external-text.js';
import { ask } from '../../errors/steps.js';
import { type CertSummary, clientCerts, createSslVpnClientCert } from '../../vpc/actions.js';
import { renewalToken, rowToken } from '../../vpc/client-token.js';
import { notRevoked } from '../../vpc/deletions.js';
import { throttlingOf } from '../../vpc/retry.js';
import { DAY_MS, statusOf } from '../results.js';
import { checkHandOver, inOneLine, saveConfig } from '../saved-config.js';
import type { ToolContext } from '../tool.js';
import type { Batch } from './batches.js';
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
  save_configs?: 'none' | 'new' | 'all' | undefined;
  renew_within_days?: number | undefined;
};

/** @throws CallFailure where not even the existing certificates could be read, RefusedError where no file may be saved */
export async function runBatch(args: BatchArguments, context: ToolContext): Promise<{ batchId: string; rows: Rows }> {
  if (savesConfigs(args)) await checkHandOver(context);
  const { region_id, ssl_vpn_server_id, names } = args;
  const { budget, batches } = context;
  const rows = new Rows(names);
  const reserve = MAX_RESERVED_SHARE * budget.remaining();
  const batch = await budget.share(Number.POSITIVE_INFINITY, Math.min(RESERVE_MS, reserve), async (share) => {
    const own = { ...context, budget: share };
    const held = await certificatesByName(args, own);
    // Only now is the clock known to be right, by which a batch says when it began: the service has answered.
    const about = JSON.stringify([region_id, ssl_vpn_server_id, names]);
    const opened = await batches.open(args.batch_id, about, JSON.stringify([region_id, ssl_vpn_server_id]));
    await workOff(args, held, opened, rows, own, Math.min(LAST_START_MS, reserve), () => share.cancel());
    return opened;
  });
  if (rows.complete) await batch.finish();
  return { batchId: batch.id, rows };
}

export function savesConfigs({ save_configs = 'none' }: BatchArguments): boolean {
  return save_configs !== 'none';
}

/** The request that issues one row; the same batch, server and name always lead to the same client token. */
export function rowRequest(args: BatchArguments, batchId: string, name: string) {
  return requestWith(args, name, rowToken(batchId, args.ssl_vpn_server_id, name));
}

function requestWith(args: BatchArguments, name: string, ClientToken: string) {
  return createSslVpnClientCert(args.region_id, { SslVpnServerId: args.ssl_vpn_server_id, Name: name, ClientToken });
}

/**
 * @param lastStartMs what has to be left of the budget for a row to be begun
 * @param stop ends the work before its time
 */
async function workOff(
  args: BatchArguments,
  held: ReadonlyMap<string, readonly [CertSummary, ...CertSummary[]]>,
  batch: Batch,
  rows: Rows,
  context: ToolContext,
  lastStartMs: number,
  stop: () => void,
): Promise<void> {
  const { vpc, pace, progress, budget, now } = context;
  const { save_configs = 'none', renew_within_days } = args;
  const mayStart = (action: string): boolean => budget.remaining() - pace.nextIn(action) > lastStartMs;
  const renewals = new Map<string, CertSummary>();

  await mapConcurrently([...held.values()], ROWS_AT_ONCE, async ([cert, ...older]) => {
    const made = batch.made(cert);
    if (made !== true && renew_within_days !== undefined && isDue(cert, renew_within_days, now())) {
      renewals.set(cert.Name, cert);
      return;
    }
    await takeExisting(cert, older);
    progress(rows.done, args.names.length, cert.Name);
  });
  await mapConcurrently(rows.remaining, ROWS_AT_ONCE, async (name) => {
    if (!mayStart('CreateSslVpnClientCert')) return;
    try {
      await issue(name, []);
    } catch (error) {
      if (error instanceof CallFailure && error.facts.effect === 'unknown') await batch.doubt(name);
      takeFailure(name, error);
    }
    progress(rows.done, args.names.length, name);
  });

  async function takeExisting(cert: CertSummary, older: readonly CertSummary[]): Promise<void> {
    const made = batch.made(cert);
    const row: IssuedRow = {
      name: cert.Name,
      ssl_vpn_client_cert_id: cert.SslVpnClientCertId,
      status: statusOf(cert, now()),
    };
    // Of a renewal in an earlier call, the hand-over may still be ahead.
    const replaces = made === true ? replacedOf(older) : [];
    if (replaces.length > 0) rows.add(rows.renewed, Object.assign(row, { replaces }));
    else rows.add(rows.existed, row);
    if (save_configs === 'all' || (save_configs === 'new' && made === true)) await save(row);
    else if (save_configs === 'new' && made === undefined) rows.leavesFile(row);
  }

  /** @param gone certificates that were made of this name lately and are not there any more */
  async function issue(name: string, gone: readonly string[]): Promise<void> {
    const old = renewals.get(name);
    const token = await batch.tokenFor(name, gone);
    if (old === undefined && token.made !== undefined) {
      const found = await orGone(token.made);
      if (found === undefined) return issue(name, [...gone, token.made]);
      if (token.id === batch.id) await batch.note(name, token.made);
      return takeExisting(found, []);
    }
    const request =
      old === undefined
        ? rowRequest(args, token.id, name)
        : requestWith(args, name, renewalToken(args.ssl_vpn_server_id, name, old.SslVpnClientCertId));
    const id = (await vpc.call(request, budget, pace)).value.SslVpnClientCertId;
    if ((old !== undefined || token.mayRepeat) && (await orGone(id)) === undefined) return issue(name, [...gone, id]);
    await batch.note(name, id);
    const row: IssuedRow = { name, ssl_vpn_client_cert_id: id };
    if (old === undefined) rows.add(rows.created, row);
    else rows.add(rows.renewed, Object.assign(row, { replaces: replacedOf(held.get(name) ?? []) }));
    if (savesConfigs(args)) await save(row);

    /** @returns undefined where another batch made it and it is no longer there. @throws TakenSince for one of this batch */
    async function orGone(certificateId: string): Promise<CertSummary | undefined> {
      try {
        return await certificateOf(args, name, certificateId, context);
      } catch (error) {
        if (error instanceof TakenSince && old === undefined && token.id !== batch.id) return undefined;
        throw error;
      }
    }
  }

  /** Those that run out are what a new one is for; others of the name are another device's. */
  function replacedOf(certs: readonly CertSummary[]): string[] {
    if (renew_within_days === undefined) return [];
    return certs.filter((cert) => isDue(cert, renew_within_days, now())).map(idOf);
  }

  /** What is wrong with one row stands at that row; anything else would meet the next row too, so the batch ends. */
  function takeFailure(name: string, error: unknown): void {
    if (isFreeToTryAgain(error)) return;
    const { code, message, category, effect, next_steps } = errorAnswer(explain(error));
    const ofThisRow = error instanceof TakenSince || category === 'invalid_input' || category === 'conflict';
    if (effect === 'none' && ofThisRow) {
      rows.add(rows.failed, { name, code, message, next_steps });
      return;
    }
    rows.stoppedBy ??= error;
    stop();
  }

  async function save(row: IssuedRow): Promise<void> {
    rows.awaitsFile(row);
    if (!mayStart('DescribeSslVpnClientCert')) return;
    try {
      const { handed, config } = await saveConfig(args.region_id, row.ssl_vpn_client_cert_id, false, context, pace);
      if (config.leftOut.length > 0) row.left_out = config.leftOut;
      if ('file' in handed) {
        const { path } = handed.file;
        row.file = basename(path);
        const { expiresAt, fingerprint } = config;
        rows.index.push({ name: row.name, certificateId: row.ssl_vpn_client_cert_id, path, expiresAt, fingerprint });
      } else row.link = handed.link;
    } catch (error) {
      if (isFreeToTryAgain(error)) return;
      row.file_error = inOneLine(error);
      if (explain(error).retryable) return;
    }
    rows.settlesFile(row);
  }
}

/**
 * A token that was used before brings its certificate's id back, even where that was revoked since or is somebody else's
 * by now.
 * @throws TakenSince, CallFailure
 */
async function certificateOf(
  { region_id, ssl_vpn_server_id }: BatchArguments,
  name: string,
  id: string,
  { vpc, budget, pace }: ToolContext,
): Promise<CertSummary> {
  const certs = await vpc.list(clientCerts(region_id, { SslVpnClientCertId: id }), budget, pace);
  const found = notRevoked(certs).find((cert) => idOf(cert) === id);
  if (found === undefined)
    throw new TakenSince(`This name got the certificate ${id} before, and that is not there now.`);
  if (found.Name !== name || found.SslVpnServerId !== ssl_vpn_server_id)
    throw new TakenSince(`This name got the certificate ${id} before, and that is ${quoted(found.Name)} now.`);
  return found;
}

class TakenSince extends RefusedError {
  constructor(message: string) {
    super(message, [
      ask(
        'If it was revoked or renamed and the person wants another, use create_ssl_vpn_client_cert; otherwise call again.',
      ),
    ]);
  }
}

/** Nothing was done and nothing is wrong: time was up, the batch ended, or the service takes no more requests for now. */
function isFreeToTryAgain(error: unknown): boolean {
  if (!(error instanceof CallFailure) || error.facts.effect !== 'none') return false;
  const { cause } = error;
  return cause instanceof CancelledError || cause instanceof DeadlineError || throttlingOf(cause) !== undefined;
}

/** Of each wanted name the certificates that exist, the one that lasts longest first. */
async function certificatesByName(
  args: BatchArguments,
  { vpc, budget, pace }: ToolContext,
): Promise<Map<string, [CertSummary, ...CertSummary[]]>> {
  const certs = await vpc.list(clientCerts(args.region_id, { SslVpnServerId: args.ssl_vpn_server_id }), budget, pace);
  const wanted = new Set(args.names);
  const held = new Map<string, [CertSummary, ...CertSummary[]]>();
  // Always in one order, whatever that of the list: the token of a renewal hangs on it.
  const order = (a: CertSummary, b: CertSummary): number => b.EndTime - a.EndTime || (idOf(a) < idOf(b) ? -1 : 1);
  for (const cert of notRevoked(certs).sort(order)) {
    const others = held.get(cert.Name);
    if (others !== undefined) others.push(cert);
    else if (wanted.has(cert.Name)) held.set(cert.Name, [cert]);
  }
  return held;
}

/**
 * Whether it runs out in so many days. One with most of its life before it is not due however long that is: a new one
 * would last no longer, and each repeat would renew it again.
 */
function isDue({ CreateTime, EndTime }: CertSummary, days: number, now: number): boolean {
  return EndTime - now <= Math.min(days * DAY_MS, (EndTime - CreateTime) / 2);
}

function idOf({ SslVpnClientCertId }: CertSummary): string {
  return SslVpnClientCertId;
}
