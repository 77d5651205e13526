/** The pace of a batch against services that limit in different ways, in virtual time: minutes pass in milliseconds. */
import { setMaxListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../src/errors/errors.js';
import { createRateLimit, type RateLimit } from '../../src/sandbox/rate-limit.js';
import { createPace, type Pace, type PaceOutcome } from '../../src/vpc/pace.js';
import { throttlingOf } from '../../src/vpc/retry.js';
import { randomFrom } from '../support/random.js';
import { type VirtualTime, virtualTime } from '../support/virtual-time.js';

const WORKERS = 20;
const LATENCY_MS = 50;

/** How a network delays: up to `jitterMs` each way, and one packet in fifty by up to `spikeMs` more. */
const NETWORKS = {
  'a steady network': { jitterMs: 2, spikeMs: 0 },
  'a restless network': { jitterMs: 10, spikeMs: 0 },
  'a network with stalls': { jitterMs: 5, spikeMs: 60 },
};
type Network = (typeof NETWORKS)[keyof typeof NETWORKS];

/** A process with its pace, and the service that it calls, on one virtual clock. */
class World {
  readonly time: VirtualTime;
  readonly pace: Pace;
  private readonly random: () => number;

  constructor(
    seed = 1,
    private readonly network: Network = NETWORKS['a steady network'],
  ) {
    this.random = randomFrom(seed);
    // Where in the second of the clock it begins is chance.
    this.time = virtualTime(1_000_000 + 1_000 * this.random());
    this.pace = createPace(this.time);
  }

  private delay(): number {
    const { jitterMs, spikeMs } = this.network;
    return LATENCY_MS / 2 + this.random() * jitterMs + (this.random() < 0.02 ? this.random() * spikeMs : 0);
  }

  /** One attempt. @returns whether the service accepted it */
  async attempt(admit: Service, action: string, signal: AbortSignal): Promise<boolean> {
    await this.pace.turn(action, signal);
    await this.time.sleep(this.delay());
    const outcome = admit(action);
    await this.time.sleep(this.delay());
    this.pace.report(action, outcome);
    return outcome === 'accepted';
  }

  /** Calls one action until so many were accepted. @returns a rate in requests a second, and a share from 0 to 1 */
  async batch(admit: Service, count: number, action = 'Create'): Promise<{ rate: number; refused: number }> {
    const { signal } = unlimited();
    const begun = this.time.now();
    let left = count;
    let attempts = 0;
    const work = async (): Promise<void> => {
      while (left > 0) {
        left -= 1;
        do attempts += 1;
        while (!(await this.attempt(admit, action, signal)));
      }
    };
    await Promise.all(Array.from({ length: WORKERS }, work));
    return { rate: (count * 1_000) / (this.time.now() - begun), refused: 1 - count / attempts };
  }

  service(limit: RateLimit, throttled: 'all' | 'action' = 'all'): Service {
    const admit = createRateLimit(limit, this.time.now);
    return (action) => (admit(action) ? 'accepted' : { throttled });
  }
}

type Service = (action: string) => PaceOutcome;

function unlimited(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}

const KINDS = ['bucket', 'sliding', 'clock'] as const;

describe.each(KINDS)('a limit of the kind %s', (kind) => {
  it.each([5, 20, 60])('of %i a second: fast at once, faster later, and hardly ever refused', async (perSecond) => {
    const missed: object[] = [];
    for (const [name, network] of Object.entries(NETWORKS))
      for (let seed = 1; seed <= 3; seed += 1) {
        const world = new World(seed, network);
        const service = world.service({ kind, perSecond });
        for (const [batch, goal] of [
          ['cold', 0.75],
          ['warm', 0.9],
          ['warm again', 0.9],
        ] as const) {
          // As many as 40 s admit, a call's usual time.
          const { rate, refused } = await world.time.run(world.batch(service, Math.min(300, 40 * perSecond)));
          const share = rate / perSecond;
          if (share < goal || refused >= 0.05) missed.push({ name, seed, batch, share, refused });
          await world.time.run(world.time.sleep(3_000));
        }
      }
    expect(missed).toEqual([]);
  });

  it.each([1, 0.2])('of %d a second: neither starves nor hammers', async (perSecond) => {
    const world = new World();
    const { rate, refused } = await world.time.run(world.batch(world.service({ kind, perSecond }), 60));
    expect(rate / perSecond).toBeGreaterThan(0.7);
    const asked = rate / (1 - refused);
    expect(asked).toBeLessThan(1.2);
  });

  it.each([
    [40, 20],
    [60, 6],
    [10, 40],
  ])('that changes from %i to %i a second is followed', async (before, after) => {
    const world = new World();
    await world.time.run(world.batch(world.service({ kind, perSecond: before }), 300));
    const service = world.service({ kind, perSecond: after });
    const meanwhile = await world.time.run(world.batch(service, 20 * after));
    expect(meanwhile.rate / after).toBeGreaterThan(0.5);
    const { rate, refused } = await world.time.run(world.batch(service, 300));
    expect(rate / after).toBeGreaterThan(0.9);
    expect(refused).toBeLessThan(0.05);
  });
});

describe('odd services', () => {
  it('that count refused requests too still admit 75 % of what they permit', async () => {
    const world = new World();
    const arrived: number[] = [];
    const service = (): PaceOutcome => {
      const now = world.time.now();
      while ((arrived[0] ?? now) <= now - 1_000) arrived.shift();
      arrived.push(now);
      return arrived.length <= 20 ? 'accepted' : { throttled: 'all' };
    };
    const { rate, refused } = await world.time.run(world.batch(service, 300));
    expect(rate / 20).toBeGreaterThan(0.75);
    expect(refused).toBeLessThan(0.05);
  });

  it('that refuse once for no reason cost a tenth of the rate, and that not for long', async () => {
    const world = new World();
    const permitted = world.service({ kind: 'sliding', perSecond: 40 });
    await world.time.run(world.batch(permitted, 300));
    await world.time.run(world.time.sleep(10_000));
    let asked = 0;
    const service: Service = (action) => {
      asked += 1;
      return asked === 3 ? { throttled: 'all' } : permitted(action);
    };
    const meanwhile = await world.time.run(world.batch(service, 300));
    expect(meanwhile.rate / 40).toBeGreaterThan(0.8);
    const later = await world.time.run(world.batch(service, 300));
    expect(later.rate / 40).toBeGreaterThan(0.9);
  });

  it('that refuse every second request, however rare, are still asked every other second', async () => {
    const world = new World();
    let asked = 0;
    const service = (): PaceOutcome => {
      asked += 1;
      return asked % 2 === 0 ? 'accepted' : { throttled: 'all' };
    };
    const { rate } = await world.time.run(world.batch(service, 40));
    expect(rate).toBeGreaterThan(0.35);
  });

  it('that refuse everything are asked ever more seldom', async () => {
    const world = new World();
    const times: number[] = [];
    const stop = unlimited();
    const service = (): PaceOutcome => {
      times.push(world.time.now());
      return { throttled: 'all' };
    };
    const work = async (): Promise<void> => {
      for (;;) await world.attempt(service, 'Create', stop.signal);
    };
    const workers = Promise.allSettled(Array.from({ length: WORKERS }, work));
    await world.time.run(world.time.sleep(60_000));
    stop.abort();
    await world.time.run(workers);
    expect(times.length).toBeLessThan(20);
    expect((times.at(-1) ?? 0) - (times.at(-2) ?? 0)).toBeGreaterThan(10_000);
  });

  it('that accept again after a minute of refusals are used again at once', async () => {
    const world = new World();
    const over = world.time.now() + 60_000;
    const service = (): PaceOutcome => (world.time.now() < over ? { throttled: 'all' } : 'accepted');
    await world.time.run(world.batch(service, 1));
    const { rate } = await world.time.run(world.batch(service, 20));
    expect(rate).toBeGreaterThan(0.75);
  });

  it('that leave the request after a refusal without an answer hold up no other', async () => {
    const world = new World();
    const { signal } = unlimited();
    await world.time.run(world.attempt(() => ({ throttled: 'all' }), 'Create', signal));
    await world.time.run(world.pace.turn('Create', signal));
    const asked = world.time.now();
    await world.time.run(world.pace.turn('Create', signal));
    expect(world.time.now() - asked).toBeLessThanOrEqual(500);
  });
});

describe('an action that is throttled by itself', () => {
  it('slows no other action', async () => {
    const world = new World();
    const all = world.service({ kind: 'sliding', perSecond: 40 });
    const save = world.service({ kind: 'sliding', perSecond: 5 }, 'action');
    const service: Service = (action) => {
      const outcome = action === 'Save' ? save(action) : 'accepted';
      return outcome === 'accepted' ? all(action) : outcome;
    };
    const both = Promise.all([world.batch(service, 300, 'Create'), world.batch(service, 100, 'Save')]);
    const [creates, saves] = await world.time.run(both);
    expect(creates.rate / 35).toBeGreaterThan(0.75);
    expect(saves.rate / 5).toBeGreaterThan(0.75);
    expect(saves.refused).toBeLessThan(0.06);
  });

  it.each([
    ['Throttling.Api', 'action'],
    ['Throttling.API', 'action'],
    ['Rejected.Throttling.Api', 'action'],
    ['Throttling', 'all'],
    ['Throttling.User', 'all'],
    ['Throttling.ApiGateway', 'all'],
  ])('is told by the code: %s limits %s', (code, scope) => expect(throttlingOf(refused(code))).toBe(scope));
});

describe('a turn', () => {
  const refusal = (retryAfterSeconds: number): PaceOutcome => ({ throttled: 'all', retryAfterSeconds });

  it('that is never waited for says nothing about how fast the next may come', async () => {
    const world = new World();
    const { signal } = unlimited();
    for (let second = 0; second < 60; second += 1) {
      await world.time.run(world.attempt(() => 'accepted', 'Create', signal));
      await world.time.run(world.time.sleep(1_000));
    }
    const begun = world.time.now();
    await world.time.run(Promise.all(Array.from({ length: 20 }, () => world.pace.turn('Create', signal))));
    expect(world.time.now() - begun).toBeGreaterThan(800);
  });

  it('comes evenly spaced, also after minutes without any', async () => {
    const world = new World();
    await world.time.run(world.batch(world.service({ kind: 'sliding', perSecond: 20 }), 300));
    await world.time.run(world.time.sleep(600_000));
    const times: number[] = [];
    const turns = Array.from({ length: 10 }, async () => {
      await world.pace.turn('Create', unlimited().signal);
      times.push(world.time.now());
    });
    await world.time.run(Promise.all(turns));
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    // Only the first is in time for some of what was missed.
    for (const gap of gaps.slice(1)) expect(gap).toBeCloseTo(gaps.at(-1) ?? 0, 5);
    expect(1_000 / (gaps.at(-1) ?? 0)).toBeGreaterThan(18);
  });

  it.each([
    ['as long as the service asks', 7, 7_000],
    ['a minute at most, whatever it asks', 999_999_999, 60_000],
  ])('waits after a refusal %s', async (_, seconds, ms) => {
    const world = new World();
    await world.time.run(world.attempt(() => refusal(seconds), 'Create', unlimited().signal));
    const refusedAt = world.time.now();
    expect(world.pace.nextIn('Create')).toBe(ms);
    await world.time.run(world.pace.turn('Create', unlimited().signal));
    expect(world.time.now() - refusedAt).toBe(ms);
  });

  it('that is cancelled rejects with the reason of its signal, and its slot goes to the next', async () => {
    const world = new World();
    await world.time.run(world.attempt(() => refusal(5), 'Create', unlimited().signal));
    const slot = world.time.now() + world.pace.nextIn('Create');
    const [cancelled, patient] = [unlimited(), unlimited()];
    const first = world.pace.turn('Create', cancelled.signal);
    const second = world.pace.turn('Create', patient.signal);
    await world.time.run(world.time.sleep(1_000));
    const reason = new Error('no longer wanted');
    cancelled.abort(reason);
    await expect(first).rejects.toBe(reason);
    await world.time.run(second);
    expect(world.time.now()).toBe(slot);
  });

  it('is refused at once where its signal has fired, and takes no slot', async () => {
    const world = new World();
    await expect(world.pace.turn('Create', AbortSignal.abort('over'))).rejects.toBe('over');
    expect(world.pace.nextIn('Create')).toBe(0);
  });

  it('of one action does not wait behind another action that is throttled', async () => {
    const world = new World();
    const throttled: PaceOutcome = { throttled: 'action', retryAfterSeconds: 30 };
    await world.time.run(world.attempt(() => throttled, 'Save', unlimited().signal));
    const saved = world.pace.turn('Save', unlimited().signal);
    await world.time.run(world.time.sleep(1_000));
    const asked = world.time.now();
    await world.time.run(world.pace.turn('Create', unlimited().signal));
    expect(world.time.now()).toBe(asked);
    expect(world.pace.nextIn('Save')).toBe(29_000);
    await world.time.run(saved);
    expect(world.time.now()).toBe(asked + 29_000);
  });

  it('comes on the real clock too', async () => {
    const pace = createPace();
    const { signal } = unlimited();
    await Promise.all(Array.from({ length: 3 }, () => pace.turn('Create', signal)));
    expect(pace.nextIn('Create')).toBeGreaterThan(0);
  });
});

function refused(code: string): ServiceError {
  return new ServiceError('refused', {
    code,
    httpStatus: 400,
    requestId: undefined,
    recommend: undefined,
    retryAfterSeconds: undefined,
    serverTime: undefined,
  });
}
