/** The answer of a batch: what became of its rows, and how to go on. */
import { errorAnswer, explain } from '../../errors/explain.js';
import { writeIndex } from '../../files/config-index.js';
import { folderOf } from '../saved-config.js';
import type { ToolContext } from '../tool.js';
import type { Rows } from './rows.js';

const REPEAT =
  'Call again with the same arguments and this batch_id: it goes on with the rows that are left, and makes none twice.';

export async function report(batchId: string, rows: Rows, savesConfigs: boolean, context: ToolContext) {
  const { remaining, unsaved, created, existed, failed, stoppedBy } = rows;
  const complete = remaining.length === 0 && unsaved.length === 0;
  if (context.budget.signal.aborted) {
    // Nobody reads the answer of a cancelled call.
    context.log.warn('batch cancelled', {
      batch_id: batchId,
      created: created.map(({ name, ssl_vpn_client_cert_id }) => `${name} ${ssl_vpn_client_cert_id}`),
      failed: failed.map(({ name, code }) => `${name} ${code}`),
      remaining,
    });
  }
  // The batch is what is repeated, not the request that failed.
  const stopped =
    stoppedBy &&
    errorAnswer({ ...stoppedBy, steps: stoppedBy.steps.filter((step) => step.do !== 'repeat' && step.do !== 'wait') });
  return {
    batch_id: batchId,
    complete,
    created,
    already_existed: existed,
    failed,
    remaining,
    ...(unsaved.length > 0 && { unsaved }),
    ...(await index(rows, context)),
    ...(stopped && { stopped_by: stopped }),
    next_steps:
      stopped === undefined
        ? nextSteps(rows, complete, savesConfigs)
        : [...stopped.next_steps, `Then: ${REPEAT.charAt(0).toLowerCase()}${REPEAT.slice(1)}`],
  };
}

/** An index that could not be written must not take the answer about the certificates with it. */
async function index(rows: Rows, context: ToolContext): Promise<{ index?: string; index_error?: string }> {
  if (rows.index.length === 0) return {};
  try {
    return { index: await writeIndex(folderOf(context), rows.index, { signal: context.budget.signal }) };
  } catch (error) {
    return { index_error: explain(error).message };
  }
}

function nextSteps({ created, existed, failed, index }: Rows, complete: boolean, savesConfigs: boolean): string[] {
  if (!complete) return [REPEAT];
  const withoutFile = [...created, ...existed].filter((row) => row.file_error !== undefined);
  return [
    ...(failed.length > 0 ? ['Correct the names in failed and issue those again.'] : []),
    ...(withoutFile.length > 0
      ? ['Read file_error of the rows that have one: no file was written for them now, so hand out none of theirs yet.']
      : []),
    ...(savesConfigs && index.length > 0
      ? ['Hand each person the file of their name; index.csv says which is whose.']
      : []),
    ...(savesConfigs
      ? []
      : ['Call again with save_configs true to write the files, or use save_ssl_vpn_client_config for single ones.']),
    ...(existed.some(({ status }) => status === 'expired')
      ? ['Certificates with status expired cannot connect: issue new ones with create_ssl_vpn_client_cert.']
      : []),
  ];
}
