/** One certificate per name, whatever happens: random faults, many runs, over real sockets. */
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { mapConcurrently } from '../../src/concurrency.js';
import type { Fault, SandboxRequest } from '../../src/sandbox/faults.js';
import { args, checkAnswer, idsByName, issue, joiners } from '../support/batches.js';
import type { Result } from '../support/bin.js';
import { clientOf, closeAll, endless, LONG_MS, REGION, SERVER, sandboxWith } from '../support/client.js';

afterEach(closeAll);

const DAY_MS = 86_400_000;
const LIFETIME_MS = 1_095 * DAY_MS;

/** At which create the time of each call is up; that of later calls never is. */
const ends = fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 3 });

/** @returns what befalls each create, and the budget of each call in turn */
function limited(schedule: readonly (Fault | undefined)[], ends: readonly number[]) {
  let creates = 0;
  let calls = 0;
  let left = 0;
  let { budget, end } = endless();
  return {
    fault({ action }: SandboxRequest): Fault | undefined {
      if (action !== 'CreateSslVpnClientCert') return undefined;
      left -= 1;
      if (left === 0) end();
      return schedule[creates++];
    },
    call() {
      left = ends[calls++] ?? 0;
      ({ budget, end } = endless());
      return budget;
    },
  };
}

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
    ends,
  });

  it('in 300 runs: exactly one certificate per name after calls that ran out of time, and every answer is true', async () => {
    await mapConcurrently(
      fc.sample(run, { numRuns: 300, seed: 20_261_124 }),
      20,
      async ({ names, schedule, givenId, ends }) => {
        const { fault, call } = limited(schedule, ends);
        const sandbox = await sandboxWith({ fault });
        const vpc = await clientOf(sandbox.url, { random: () => 0.05 });
        // A repeat comes with the id that the first answer gave, or with the one that the caller chose.
        let batchId = givenId ? 'my-batch' : undefined;
        let answer: Result;
        for (let calls = 0; calls <= ends.length; calls += 1) {
          const given = args(names, batchId === undefined ? {} : { batch_id: batchId });
          answer = await issue(vpc, given, LONG_MS, { budget: call() });
          checkAnswer(answer, names, sandbox);
          batchId = answer.batch_id;
        }
        expect(answer.complete).toBe(true);
        const ids = idsByName(sandbox);
        for (const name of names) expect(ids.get(name)).toHaveLength(1);
      },
    );
  });

  it('renews each exactly once', async () => {
    const some = fc.array(
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
    const run = fc.record({ faults: some, ends });
    await mapConcurrently(fc.sample(run, { numRuns: 40, seed: 20_261_125 }), 10, async ({ faults, ends }) => {
      const names = joiners(4);
      const { fault, call } = limited(faults, ends);
      const sandbox = await sandboxWith({ fault });
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
      const vpc = await clientOf(sandbox.url, { random: () => 0.05 });
      let answer: Result;
      for (let calls = 0; calls <= ends.length; calls += 1)
        answer = await issue(vpc, args(names, { renew_within_days: 30 }), LONG_MS, { budget: call() });
      expect(answer.complete).toBe(true);
      for (const name of names) expect(idsByName(sandbox).get(name)).toHaveLength(2);
    });
  });
});
