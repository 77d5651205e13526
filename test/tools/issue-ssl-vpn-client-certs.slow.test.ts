/** One certificate per name, whatever happens: random faults, many runs, over real sockets. */
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { mapConcurrently } from '../../src/concurrency.js';
import { CallFailure } from '../../src/errors/errors.js';
import type { Fault } from '../../src/sandbox/http.js';
import { args, checkAnswer, idsByName, issue, joiners } from '../support/batches.js';
import type { Result } from '../support/bin.js';
import { clientOf, closeAll, REGION, SERVER, sandboxWith } from '../support/client.js';

afterEach(closeAll);

const DAY_MS = 86_400_000;
const LIFETIME_MS = 1_095 * DAY_MS;

describe('random faults', () => {
  const fault = fc.constantFrom<Fault | undefined>(
    undefined,
    undefined,
    undefined,
    'reset-before',
    'reset-after',
    'error-500-after',
    'throttled',
    'hang-before',
    'hang-after',
    'unavailable',
    'truncated',
    'html-after',
  );
  const run = fc.record({
    names: fc.uniqueArray(fc.stringMatching(/^[a-zż张][a-z0-9._-]{1,10}$/), { minLength: 1, maxLength: 8 }),
    schedule: fc.array(fault, { minLength: 5, maxLength: 40 }),
    givenId: fc.boolean(),
  });

  it('in 300 runs: exactly one certificate per name after a few repeats, and every answer is true', async () => {
    await mapConcurrently(
      fc.sample(run, { numRuns: 300, seed: 20_261_124 }),
      20,
      async ({ names, schedule, givenId }) => {
        let request = 0;
        const sandbox = await sandboxWith({
          fault: ({ action }) => (action === 'CreateSslVpnClientCert' ? schedule[request++] : undefined),
        });
        const vpc = await clientOf(sandbox.url, { timeoutMs: 300, random: () => 0.05 });
        // A repeat comes with the id that the first answer gave, or with the one that the caller chose.
        let batchId = givenId ? 'my-batch' : undefined;
        let answer: Result;
        for (let repeats = 0; repeats < 20; repeats += 1) {
          const given = args(names, batchId === undefined ? {} : { batch_id: batchId });
          answer = await issue(vpc, given, 3_000).catch((thrown: unknown) => thrown);
          // On a busy machine not even the existing ones may be read in time: nothing was changed then.
          if (answer instanceof CallFailure) {
            expect(answer.facts).toMatchObject({ action: 'DescribeSslVpnClientCerts', effect: 'none' });
            continue;
          }
          checkAnswer(answer, names, sandbox);
          batchId = answer.batch_id;
          if (answer.complete) break;
        }
        expect(answer.complete).toBe(true);
        const ids = idsByName(sandbox);
        for (const name of names) expect(ids.get(name)).toHaveLength(1);
      },
    );
  }, 240_000);

  it('renews each exactly once', async () => {
    const schedule = fc.array(
      fc.constantFrom<Fault | undefined>(
        undefined,
        undefined,
        'reset-after',
        'hang-after',
        'error-500-after',
        'throttled',
      ),
      { minLength: 5, maxLength: 20 },
    );
    await mapConcurrently(fc.sample(schedule, { numRuns: 40, seed: 20_261_125 }), 10, async (faults) => {
      const names = joiners(4);
      let request = 0;
      const sandbox = await sandboxWith({
        fault: ({ action }) => (action === 'CreateSslVpnClientCert' ? faults[request++] : undefined),
      });
      const EndTime = Date.now() + 5 * DAY_MS;
      for (const Name of names)
        sandbox.cloud.seed({
          SslVpnClientCertId: `vsc-old-${Name}`,
          Name,
          RegionId: REGION,
          SslVpnServerId: SERVER,
          CreateTime: EndTime - LIFETIME_MS,
          EndTime,
        });
      const vpc = await clientOf(sandbox.url, { timeoutMs: 300, random: () => 0.05 });
      let complete = false;
      for (let repeats = 0; repeats < 20 && !complete; repeats += 1) {
        const answer = await issue(vpc, args(names, { renew_within_days: 30 }), 3_000).catch(() => undefined);
        complete = answer?.complete ?? false;
      }
      expect(complete).toBe(true);
      for (const name of names) expect(idsByName(sandbox).get(name)).toHaveLength(2);
    });
  }, 240_000);
});
