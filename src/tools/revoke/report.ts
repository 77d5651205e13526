/** The answer about several revocations: what became of each certificate, and how to go on. */
import { FIRST, stop } from '../stop.js';
import type { ToolContext } from '../tool.js';
import type { Rows } from './rows.js';
import { uselessFiles } from './saved-file.js';

const REPEAT =
  'Call again with the same arguments: it goes on with those in remaining, and the person is not asked again within two hours.';

/** @param agreed whether there is a yes */
export async function report(rows: Rows, { agreed, asked }: { agreed: boolean; asked: boolean }, context: ToolContext) {
  const { remaining, revoked, gone, failed, stoppedBy } = rows;
  if (context.budget.signal.aborted) {
    // Nobody reads the answer of a cancelled call.
    context.log.warn('revocation cancelled', {
      revoked: revoked.map((row) => row.ssl_vpn_client_cert_id),
      failed: failed.map((row) => `${row.ssl_vpn_client_cert_id} ${row.code}`),
      remaining,
    });
  }
  const stopped = stoppedBy === undefined ? undefined : await stop(stoppedBy, context);
  return {
    complete: remaining.length === 0,
    revoked,
    gone,
    failed,
    remaining,
    asked,
    ...(stopped && { stopped_by: stopped }),
    next_steps: [
      ...(stopped === undefined ? [] : agreed ? [FIRST] : stopped.next_steps),
      ...(remaining.length > 0 && agreed ? [REPEAT] : []),
      ...(remaining.length === 0 ? stepsAtTheEnd(rows) : []),
      ...(rows.folder === undefined ? [] : [uselessFiles(rows.folder)]),
    ],
  };
}

function stepsAtTheEnd({ revoked, gone, failed }: Rows): string[] {
  return [
    ...(revoked.length > 0
      ? ['A gateway carries out its last revocation within a minute or two; the others just connect again.']
      : []),
    ...(failed.length > 0 ? ['Do what next_steps of the rows in failed say.'] : []),
    ...(gone.length > 0
      ? [
          'No certificate with an id in gone is there, as far as this server may see: if it was revoked before, nothing is left to do.',
        ]
      : []),
  ];
}
