/** explain_error: what it says of codes when no call has failed. */
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../src/errors/catalogue.js';
import tool from '../../src/tools/explain-error.js';
import { contextOf } from '../support/context.js';

const noCloud = {
  call: () => Promise.reject(new Error('nothing is to be sent')),
  list: () => Promise.reject(new Error('nothing is to be sent')),
  now: () => 0,
  prepare: () => {
    throw new Error('nothing is to be sent');
  },
};
const explained = (code: string) => tool.invoke({ code }, contextOf(noCloud, 1_000));

describe('explain_error', () => {
  it.each(CATALOGUE)(
    'of $code says what to do without a policy or token that only a failed call has',
    async (entry) => {
      const answer = await explained(entry.code);
      expect(tool.output.strict().parse(answer)).toEqual(answer);
      expect(answer).toMatchObject({ match: 'exact', category: entry.category });
      expect(answer.next_steps).not.toEqual([]);
      expect(JSON.stringify(answer.next_steps)).not.toMatch(/client_token|ram_policy/);
    },
  );

  it('of a code that is like none says where to look', async () => {
    expect(await explained('Zzzzzz')).toEqual({ match: 'none', candidates: [], next_steps: [expect.any(String)] });
  });

  it.each([
    'Forbidden.RAM',
    'Resource.QuotaFull',
    'InvalidName',
    'Throttling',
    'Client.Refused',
    'InvalidApi.NotFound',
  ])('of %s says that nothing was changed', async (code) => {
    expect((await explained(code)).effect).toMatch(/^Nothing was changed/);
  });

  it.each(['InternalError', 'ServiceUnavailable', 'Client.Timeout', 'Client.Network', 'Client.Cancelled'])(
    'of %s says that the change may have been made, and to repeat with the client_token',
    async (code) => {
      expect((await explained(code)).effect).toMatch(/^The change may have been made: repeat .*client_token/);
    },
  );
});
