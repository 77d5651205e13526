/** Lists over real sockets, with a sandbox whose certificates a test chooses. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { explain } from '../../src/errors/explain.js';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/http.js';
import list from '../../src/tools/list-ssl-vpn-client-certs.js';
import type { Result } from '../support/bin.js';
import { clientOf, closeAll, LONG_MS, ONE_ATTEMPT, REGION, sandboxWith } from '../support/client.js';
import { contextOf } from '../support/context.js';

afterEach(() => {
  vi.useRealTimers();
  return closeAll();
});

const DAY_MS = 86_400_000;

async function opened(options: SandboxOptions = {}) {
  const sandbox = await sandboxWith(options);
  const vpc = await clientOf(sandbox.url, ONE_ATTEMPT);
  const call = (args: Record<string, unknown>): Promise<Result> => list.invoke(args, contextOf(vpc, LONG_MS));
  return { sandbox, call };
}

function seed(sandbox: Sandbox, server: string, RegionId: string, Name: string, days: number, id = `vsc-${Name}`) {
  const now = Date.now();
  sandbox.cloud.seed({
    SslVpnClientCertId: id.toLowerCase(),
    Name,
    RegionId,
    SslVpnServerId: server,
    CreateTime: now - 10 * DAY_MS,
    EndTime: now + days * DAY_MS,
  });
}

describe('region_id "all"', () => {
  it('merges the regions in one order, each row with its region and server', async () => {
    const { sandbox, call } = await opened();
    seed(sandbox, 'vss-sandbox-frankfurt', 'eu-central-1', 'greta', 3);
    const { certificates, total_count } = await call({ region_id: 'all', expires_within_days: 30 });
    expect(certificates.map((row: Result) => [row.name, row.region_id, row.server_name])).toEqual([
      ['dave', 'cn-hangzhou', 'error-quota-full'],
      ['carol', 'ap-southeast-1', 'singapore-office'],
      ['greta', 'eu-central-1', 'frankfurt-office'],
      ['bob', 'ap-southeast-1', 'singapore-office'],
    ]);
    expect(total_count).toBe(4);
  });

  it('in pages of any size shows each certificate once and in order', async () => {
    const { sandbox, call } = await opened();
    for (let index = 0; index < 25; index += 1)
      seed(sandbox, 'vss-sandbox-frankfurt', 'eu-central-1', `person${index % 5}`, index, `vsc-p${index}`);
    const whole = await call({ region_id: 'all', limit: 200 });
    const ids = whole.certificates.map((row: Result) => row.ssl_vpn_client_cert_id);
    expect(ids).toHaveLength(31);
    for (const limit of [1, 7, 30]) {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await call({ region_id: 'all', limit, ...(cursor !== undefined && { cursor }) });
        seen.push(...page.certificates.map((row: Result) => row.ssl_vpn_client_cert_id));
        cursor = page.next_cursor;
      } while (cursor !== undefined);
      expect(seen, `limit ${limit}`).toEqual(ids);
    }
  });

  it('names the region that failed beside what the others have', async () => {
    const { call } = await opened({
      fault: ({ action, parameters }) =>
        action === 'DescribeSslVpnClientCerts' && parameters.RegionId === 'cn-hangzhou' ? 'unavailable' : undefined,
    });
    const answer = await call({ region_id: 'all' });
    expect(answer.failed_regions).toEqual([
      { region_id: 'cn-hangzhou', code: 'ServiceUnavailable', message: expect.any(String) },
    ]);
    expect(answer.certificates.map((row: Result) => row.name).sort()).toEqual(['alice', 'bob', 'carol']);
  });
});

describe('a cursor', () => {
  it.each<[string, Record<string, unknown>]>([
    ['a name', { name: 'a' }],
    ['a status', { status: 'usable' }],
    ['another order', { expires_within_days: 3_000 }],
    ['one region', { region_id: REGION }],
    ['a server', { ssl_vpn_server_id: 'vss-sandbox-singapore' }],
  ])('is of no use with %s that it was not made with', async (_what, more) => {
    const { call } = await opened();
    const { next_cursor } = await call({ region_id: 'all', limit: 1 });
    await expect(call({ region_id: 'all', limit: 1, cursor: next_cursor, ...more })).rejects.toThrow(/other filters/);
    expect((await call({ region_id: 'all', limit: 2, cursor: next_cursor })).certificates).toHaveLength(2);
  });

  it('is of no use once another set of regions answers: a page would leave gaps', async () => {
    let broken = true;
    const { call } = await opened({
      fault: ({ action, parameters }) =>
        broken && action === 'DescribeSslVpnClientCerts' && parameters.RegionId === 'cn-hangzhou'
          ? 'unavailable'
          : undefined,
    });
    const { next_cursor } = await call({ region_id: 'all', limit: 1 });
    expect((await call({ region_id: 'all', limit: 1, cursor: next_cursor })).certificates).toHaveLength(1);
    broken = false;
    const error = await call({ region_id: 'all', limit: 1, cursor: next_cursor }).catch(explain);
    expect(error).toMatchObject({ code: 'Client.InvalidArguments', effect: 'none' });
  });
});

describe('a list that is hostile', () => {
  /** @param parts of certificates that all regions have */
  async function of(...parts: Record<string, unknown>[]) {
    const members = parts.map((part, index) => ({
      SslVpnClientCertId: `vsc-${index}`,
      Name: `n${index}`,
      RegionId: REGION,
      SslVpnServerId: 'vss-1',
      Status: 'normal',
      CreateTime: 0,
      EndTime: Date.now() + 900 * DAY_MS,
      ...part,
    }));
    const body = (certs: object[]): string =>
      JSON.stringify({
        RequestId: 'R',
        TotalCount: certs.length,
        SslVpnClientCertKeys: { SslVpnClientCertKey: certs },
      });
    return opened({
      fault: ({ action }) => (action === 'DescribeSslVpnClientCerts' ? { body: body(members) } : undefined),
    });
  }

  it.each([-5, -1.5, 0, 1e300, -1e300])('created at %d has cursors that are accepted', async (CreateTime) => {
    const { call } = await of({ CreateTime }, { CreateTime }, { CreateTime });
    const first = await call({ region_id: REGION, limit: 2 });
    const second = await call({ region_id: REGION, limit: 2, cursor: first.next_cursor });
    expect(second.certificates.map((row: Result) => row.name)).toEqual(['n2']);
  });

  it('that names another region is of the region that was asked, and nothing is sent to the other', async () => {
    const { sandbox, call } = await of({ RegionId: 'us-west-1' });
    const { certificates } = await call({ region_id: REGION });
    expect(certificates).toMatchObject([{ region_id: REGION }]);
    expect(new Set(sandbox.requests.map(({ parameters }) => parameters.RegionId))).toEqual(new Set([REGION]));
  });
});

describe('regions that hang', () => {
  it('take none of those along that answer, however many they are', async () => {
    const ids = ['eu-central-1', ...Array.from({ length: 29 }, (_, index) => `xx-region-${index}`)];
    const Regions = { Region: ids.map((RegionId) => ({ RegionId, LocalName: RegionId, RegionEndpoint: '' })) };
    let hanging = 0;
    const sandbox = await sandboxWith({
      fault({ action, parameters }) {
        if (action === 'DescribeRegions') return { body: JSON.stringify({ RequestId: 'R', Regions }) };
        if (parameters.RegionId === 'eu-central-1') return undefined;
        hanging += 1;
        return 'hang-before';
      },
    });
    seed(sandbox, 'vss-sandbox-frankfurt', 'eu-central-1', 'greta', 900);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const vpc = await clientOf(sandbox.url, { timeoutMs: LONG_MS });
    let done = 0;
    const progress = (regions: number): void => {
      done = regions;
    };
    const context = contextOf(vpc, 4_000, { progress });
    const answering = list.invoke({ region_id: 'all' }, context);
    while (hanging < 29 || done === 0) await new Promise((resolve) => setImmediate(resolve));
    vi.advanceTimersByTime(3_000);
    const answer: Result = await answering;
    expect(context.budget.signal.aborted).toBe(false);
    expect(answer.certificates).toMatchObject([{ name: 'greta', region_id: 'eu-central-1' }]);
    expect(answer.failed_regions).toHaveLength(29);
  });
});

describe('filters', () => {
  it('by expiry: the last moment of the days counts', async () => {
    const { sandbox } = await opened();
    const time = Date.now();
    seed(sandbox, 'vss-sandbox-singapore', REGION, 'edge', 0, 'vsc-edge');
    const [cert] = sandbox.cloud.certificates().filter(({ SslVpnClientCertId }) => SslVpnClientCertId === 'vsc-edge');
    const now = (): number => (cert?.EndTime ?? time) - 2 * DAY_MS;
    const vpc = await clientOf(sandbox.url);
    const names = async (expires_within_days: number) => {
      const answer: Result = await list.invoke(
        { region_id: REGION, expires_within_days },
        contextOf(vpc, LONG_MS, { now }),
      );
      return answer.certificates.map((row: Result) => row.name);
    };
    expect(await names(2)).toContain('edge');
    expect(await names(1)).not.toContain('edge');
  });

  it('by status: usable is what can still connect', async () => {
    const { call } = await opened();
    const names = async (status: string) =>
      (await call({ region_id: REGION, status })).certificates.map((row: Result) => row.name).sort();
    expect(await names('usable')).toEqual(['alice', 'bob']);
    expect(await names('normal')).toEqual(['alice']);
    expect(await names('expiring-soon')).toEqual(['bob']);
    expect(await names('expired')).toEqual(['carol']);
  });

  it('by a part of the name in any case', async () => {
    const { sandbox, call } = await opened();
    seed(sandbox, 'vss-sandbox-singapore', REGION, 'ZHANG.Wei', 900, 'vsc-zhang');
    for (const name of ['zhang', 'ZHANG', 'g.wei'])
      expect((await call({ region_id: REGION, name })).certificates).toMatchObject([{ name: 'ZHANG.Wei' }]);
  });
});

describe('a row', () => {
  it.each([
    ['normal', -1, 'expired'],
    ['expired', 400, 'normal'],
    ['normal', 6, 'expiring-soon'],
    ['frozen', 6, 'frozen'],
  ])('that the service calls %s with %d days left is %s', async (Status, days, shown) => {
    const EndTime = Date.now() + (days + 0.5) * DAY_MS;
    const cert = {
      SslVpnClientCertId: 'vsc-1',
      Name: 'anna',
      RegionId: REGION,
      SslVpnServerId: 'vss-1',
      Status,
      CreateTime: 0,
      EndTime,
    };
    const { call } = await opened({
      fault: ({ action }) =>
        action === 'DescribeSslVpnClientCerts'
          ? {
              body: JSON.stringify({
                RequestId: 'R',
                TotalCount: 1,
                SslVpnClientCertKeys: { SslVpnClientCertKey: [cert] },
              }),
              status: 200,
            }
          : undefined,
    });
    expect((await call({ region_id: REGION })).certificates).toMatchObject([{ status: shown, days_left: days }]);
  });

  it('has no server_name where the servers may not be seen, and times without milliseconds', async () => {
    const sandbox = await sandboxWith({
      keys: [{ accessKeyId: 'id', accessKeySecret: 'secret', denied: ['DescribeSslVpnServers'] }],
    });
    const { fixedCredentials } = await import('../../src/vpc/credentials.js');
    const credentials = fixedCredentials({ accessKeyId: 'id', accessKeySecret: 'secret' }, 'test');
    const vpc = await clientOf(sandbox.url, { credentials });
    const { certificates }: Result = await list.invoke({ region_id: REGION }, contextOf(vpc, LONG_MS));
    expect(certificates).toHaveLength(3);
    for (const row of certificates) {
      expect(row).not.toHaveProperty('server_name');
      for (const time of [row.created_at, row.expires_at]) expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    }
  });
});
