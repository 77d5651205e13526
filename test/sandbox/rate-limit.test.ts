/** What each kind of limit admits, and what the sandbox answers beyond it. */
import { afterEach, describe, expect, it } from 'vitest';
import { createRateLimit, type RateLimit } from '../../src/sandbox/rate-limit.js';
import { closeAll, REGION, SERVER, sandboxWith } from '../support/client.js';
import { officialClient, Vpc } from '../support/official-sdk.js';

afterEach(closeAll);

/** Sends requests at these times. @returns for each whether it was admitted */
function admitted(limit: RateLimit, times: number[], action = 'Create'): boolean[] {
  let now = 0;
  const admit = createRateLimit(limit, () => now);
  return times.map((time) => {
    now = time;
    return admit(action);
  });
}

describe('a bucket', () => {
  const limit = { kind: 'bucket', perSecond: 4 } as const;

  it('admits a second in one burst, then what flows in', () =>
    expect(admitted(limit, [0, 0, 0, 0, 0, 249, 250, 251])).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
      true,
      false,
    ]));

  it('keeps no more than a second, however long nobody came', () =>
    expect(admitted(limit, [0, 0, 0, 0, 60_000, 60_000, 60_000, 60_000, 60_000])).toEqual([
      ...Array<boolean>(8).fill(true),
      false,
    ]));
});

describe('a sliding second', () => {
  const limit = { kind: 'sliding', perSecond: 2 } as const;

  it('admits so many in any second, wherever it begins', () =>
    expect(admitted(limit, [900, 950, 1_100, 1_899, 1_900, 1_949, 1_950])).toEqual([
      true,
      true,
      false,
      false,
      true,
      false,
      true,
    ]));

  it('does not count what it refused', () =>
    expect(admitted(limit, [0, 0, 500, 999, 1_000, 1_000])).toEqual([true, true, false, false, true, true]));
});

describe('a second of the clock', () => {
  it('admits so many until the clock strikes, and as many at once after it', () =>
    expect(admitted({ kind: 'clock', perSecond: 2 }, [990, 995, 999, 1_000, 1_001, 1_002, 2_000])).toEqual([
      true,
      true,
      false,
      true,
      true,
      false,
      true,
    ]));
});

describe.each(['bucket', 'sliding', 'clock'] as const)('a limit of the kind %s', (kind) => {
  it('of 0.2 a second admits one in five seconds', () =>
    expect(admitted({ kind, perSecond: 0.2 }, [0, 1, 4_999, 5_000, 9_999, 10_000])).toEqual([
      true,
      false,
      false,
      true,
      false,
      true,
    ]));

  it.each([
    ['is shared by all actions', false, [true, false]],
    ['is one for each action where that is asked for', true, [true, true]],
  ])('%s', (_, perAction, expected) => {
    const admit = createRateLimit({ kind, perSecond: 1, perAction }, () => 0);
    expect([admit('Create'), admit('Describe')]).toEqual(expected);
  });
});

describe('the sandbox', () => {
  it.each([
    ['Throttling.User', false],
    ['Throttling.Api', true],
  ])('answers what is beyond its limit with %s', async (code, perAction) => {
    const opened = Date.now();
    const sandbox = await sandboxWith({ rateLimit: { kind: 'bucket', perSecond: 1, perAction }, now: () => opened });
    const client = officialClient(sandbox.url, sandbox.credentials, REGION);
    const create = () =>
      client.createSslVpnClientCert(
        new Vpc.CreateSslVpnClientCertRequest({ regionId: REGION, sslVpnServerId: SERVER }),
      );
    await create();
    await expect(create()).rejects.toMatchObject({ code, statusCode: 400 });
  });
});
