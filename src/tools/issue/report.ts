/** The answer of a batch: what became of its rows, and how to go on. */
import { basename, dirname } from 'node:path';
import { explain } from '../../errors/explain.js';
import { writeIndex } from '../../files/config-index.js';
import { FIRST, stop } from '../stop.js';
import type { ToolContext } from '../tool.js';
import type { Rows } from './rows.js';

const REPEAT =
  'Call again with the same arguments and this batch_id: it goes on with the rows that are left, and makes none twice.';

export async function report(batchId: string, rows: Rows, savesConfigs: boolean, context: ToolContext) {
  const { complete, remaining, unsaved, created, existed, renewed, failed, stoppedBy } = rows;
  if (context.budget.signal.aborted) {
    // Nobody reads the answer of a cancelled call.
    context.log.warn('batch cancelled', {
      batch_id: batchId,
      created: [...created, ...renewed].map(({ name, ssl_vpn_client_cert_id }) => `${name} ${ssl_vpn_client_cert_id}`),
      failed: failed.map(({ name, code }) => `${name} ${code}`),
      remaining,
    });
  }
  context.log.debug('batch', { batch_id: batchId, complete, remaining: remaining.length, unsaved: unsaved.length });
  const stopped = stoppedBy === undefined ? undefined : await stop(stoppedBy, context);
  return {
    batch_id: batchId,
    complete,
    created: rows.inOrder(created),
    already_existed: rows.inOrder(existed),
    ...(renewed.length > 0 && { renewed: rows.inOrder(renewed) }),
    failed: rows.inOrder(failed),
    remaining,
    ...(unsaved.length > 0 && { unsaved }),
    ...(await index(rows, context)),
    ...(stopped && { stopped_by: stopped }),
    next_steps: [...(stopped ? [FIRST] : []), ...nextSteps(rows, savesConfigs)],
  };
}

/** An index that could not be written must not take the answer about the certificates with it. */
async function index(
  rows: Rows,
  context: ToolContext,
): Promise<{ folder?: string; index?: string; index_error?: string }> {
  const [first] = rows.index;
  const folderOfFiles = context.handOver?.folder;
  if (first === undefined || folderOfFiles === undefined) return {};
  const folder = dirname(first.path);
  try {
    const path = await writeIndex(folderOfFiles, rows.index, { signal: context.budget.signal });
    return { folder, index: basename(path) };
  } catch (error) {
    return { folder, index_error: explain(error).message };
  }
}

function nextSteps(rows: Rows, savesConfigs: boolean): string[] {
  const { complete, created, existed, renewed, failed, index } = rows;
  if (!complete) return [REPEAT];
  const issued = [...created, ...renewed];
  const when = (holds: boolean, step: string): string[] => (holds ? [step] : []);
  return [
    ...when(failed.length > 0, 'Correct the names in failed and issue those again.'),
    ...when(
      [...issued, ...existed].some((row) => row.file_error !== undefined),
      'Read file_error of the rows that have one: no file was written for them now, so hand out none of theirs yet.',
    ),
    ...when(
      rows.hasUnknownOrigin,
      'Whether this batch made the certificates of unsaved is not known, so no file was written now: where one is missing, call again with those names and save_configs "all".',
    ),
    ...when(index.length > 0, 'Hand each person their file over a secure channel; index.csv says which is whose.'),
    ...when(
      [...issued, ...existed].some((row) => row.link !== undefined),
      'Give each person the link of their name and no other: it works once, until expires_at.',
    ),
    ...when(
      !savesConfigs && issued.length > 0,
      'Call again with this batch_id and save_configs "new" to write the files.',
    ),
    ...when(
      renewed.length > 0,
      'Once the new files are handed over, revoke what renewed lists under replaces with revoke_ssl_vpn_client_certs.',
    ),
    ...when(
      existed.some(({ status }) => status === 'expired'),
      'Certificates with status expired cannot connect: call again with renew_within_days 0 to issue new ones.',
    ),
  ];
}
