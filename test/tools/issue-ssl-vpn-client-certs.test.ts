/** One certificate per name, whatever happens, over real sockets. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { explain } from '../../src/errors/explain.js';
import type { Sandbox } from '../../src/sandbox/http.js';
import { memoryStore } from '../../src/store/memory.js';
import { createBatches } from '../../src/tools/issue/batches.js';
import batch from '../../src/tools/issue-ssl-vpn-client-certs.js';
import { deleteSslVpnClientCert } from '../../src/vpc/actions.js';
import { renewalToken, rowToken } from '../../src/vpc/client-token.js';
import { rememberingDeletions } from '../../src/vpc/deletions.js';
import { args, checkAnswer, idsByName, issue, joiners } from '../support/batches.js';
import type { Result } from '../support/bin.js';
import { clientOf, closeAll, endless, LONG_MS, REGION, SERVER, sandboxWith, within } from '../support/client.js';
import { contextOf } from '../support/context.js';

afterEach(closeAll);

describe('a batch', () => {
  it('leaves names alone that exist, and says which', async () => {
    const sandbox = await sandboxWith();
    const vpc = await clientOf(sandbox.url);
    const answer = await issue(vpc, args(['alice', 'carol', 'new-one']));
    expect(answer.already_existed).toEqual(
      expect.arrayContaining([
        { name: 'alice', ssl_vpn_client_cert_id: 'vsc-sandbox-alice', status: 'normal' },
        { name: 'carol', ssl_vpn_client_cert_id: 'vsc-sandbox-carol', status: 'expired' },
      ]),
    );
    expect(answer.created).toHaveLength(1);
    expect(answer.complete).toBe(true);
  });

  it('names all wrong and all double names at once, and sends nothing', async () => {
    const sandbox = await sandboxWith();
    const vpc = await clientOf(sandbox.url);
    const error = explain(
      await issue(vpc, args(['anna', '1abc', 'anna', 'x', 'ok-name', 'http://x', 'anna'])).catch(
        (thrown: unknown) => thrown,
      ),
    );
    expect(error.code).toBe('Client.InvalidArguments');
    for (const part of [
      'names[1]: "1abc" is not accepted',
      'names[3]: "x"',
      'names[5]: "http://x"',
      'names[2]: "anna" is in the list twice',
      'names[6]: "anna" is in the list twice',
    ])
      expect(error.message).toContain(part);
    expect(error.message).not.toContain('ok-name');
    expect(error.message.match(/Accepted:/g)).toHaveLength(1);
    expect(sandbox.requests).toHaveLength(0);
  });

  it.each([[[]], [Array.from({ length: 501 }, (_, index) => `n${index}x`)]])('takes 1 to 500 names', async (names) => {
    const vpc = await clientOf('http://127.0.0.1:9');
    expect(explain(await issue(vpc, args(names)).catch((thrown: unknown) => thrown)).message).toContain('1-500');
  });

  it.each([
    ['Resource.QuotaFull', 400],
    ['Forbidden', 403],
    ['VpnGateway.FinancialLocked', 400],
    ['InvalidAccessKeyId.Inactive', 400],
  ])('stops at once at %s, explains it once, and leaves the rest in remaining', async (code, status) => {
    const sandbox = await sandboxWith({
      fault: ({ action, parameters }) =>
        action === 'CreateSslVpnClientCert' && parameters.Name === 'joiner-5'
          ? { status, body: JSON.stringify({ RequestId: 'R', Code: code, Message: 'no' }) }
          : undefined,
    });
    const vpc = await clientOf(sandbox.url);
    const answer = await issue(vpc, args(joiners(40)));
    checkAnswer(answer, joiners(40), sandbox);
    expect(answer).toMatchObject({ complete: false, failed: [], stopped_by: { code, effect: 'none' } });
    expect(answer.remaining).toContain('joiner-5');
    expect(answer.created.length).toBeLessThan(30);
    expect(answer.next_steps.at(-1)).toContain('same arguments');
  });

  it('an error of one row stands at that row, and the others go on', async () => {
    const sandbox = await sandboxWith({
      fault: ({ parameters }) =>
        parameters.Name === 'joiner-2'
          ? { status: 400, body: JSON.stringify({ RequestId: 'R', Code: 'InvalidName', Message: 'no' }) }
          : undefined,
    });
    const answer = await issue(await clientOf(sandbox.url), args(joiners(5)));
    expect(answer).toMatchObject({
      complete: true,
      remaining: [],
      failed: [{ name: 'joiner-2', code: 'InvalidName', message: 'no' }],
    });
    expect(answer.created).toHaveLength(4);
  });

  it('ends at its deadline, says what is left, and goes on when called again', async () => {
    const { budget, end } = endless();
    let creates = 0;
    const sandbox = await sandboxWith({
      fault({ action }) {
        if (action === 'CreateSslVpnClientCert') creates += 1;
        if (creates === 15) end();
        return undefined;
      },
    });
    const vpc = await clientOf(sandbox.url);
    let answer = await issue(vpc, args(joiners(60)), LONG_MS, { budget });
    expect(answer.complete).toBe(false);
    expect(answer.created).toHaveLength(creates);
    expect(creates).toBeLessThan(60);
    checkAnswer(answer, joiners(60), sandbox);
    answer = await issue(vpc, args(joiners(60), { batch_id: answer.batch_id }));
    expect(answer.complete).toBe(true);
    for (const name of joiners(60)) expect(idsByName(sandbox).get(name)).toHaveLength(1);
  });

  it('a service that hangs: the call ends at its deadline, and the rows whose fate is open are in remaining', async () => {
    const { budget, end } = endless();
    const hung = new Set<string | undefined>();
    let hanging = true;
    const sandbox = await sandboxWith({
      fault({ action, parameters }) {
        if (!hanging || action !== 'CreateSslVpnClientCert') return undefined;
        hung.add(parameters.Name);
        if (hung.size === 3) end();
        return 'hang-after';
      },
    });
    const vpc = await clientOf(sandbox.url);
    const answer = await issue(vpc, args(joiners(3)), LONG_MS, { budget });
    expect(answer).toMatchObject({ complete: false, remaining: joiners(3), stopped_by: { code: 'Client.Timeout' } });
    hanging = false;
    expect((await issue(vpc, args(joiners(3), { batch_id: answer.batch_id }))).complete).toBe(true);
    for (const name of joiners(3)) expect(idsByName(sandbox).get(name)).toHaveLength(1);
  });

  it('cancellation begins no new rows, lets those in flight end, and logs their fate', async () => {
    const cancelling = new AbortController();
    let creates = 0;
    const sandbox = await sandboxWith({
      latencyMs: 60,
      fault({ action }) {
        if (action === 'CreateSslVpnClientCert') creates += 1;
        if (creates === 5) cancelling.abort();
        return undefined;
      },
    });
    const vpc = await clientOf(sandbox.url);
    const logged: Result[] = [];
    const context = contextOf(vpc, LONG_MS, { budget: within(LONG_MS, cancelling.signal) });
    const log = { ...context.log, warn: (_message: string, facts: unknown) => logged.push(facts) };
    const answer: Result = await batch.invoke(args(joiners(60)), { ...context, log });
    const made = sandbox.cloud.certificates().filter(({ Name }) => Name.startsWith('joiner-')).length;
    expect(answer.created).toHaveLength(made);
    expect(made).toBeGreaterThanOrEqual(5);
    // No more than are under way at once.
    expect(made).toBeLessThanOrEqual(5 + 20);
    await sleep(300);
    expect(sandbox.cloud.certificates().filter(({ Name }) => Name.startsWith('joiner-'))).toHaveLength(made);
    expect(logged).toEqual([expect.objectContaining({ batch_id: answer.batch_id, remaining: answer.remaining })]);
    expect(logged[0].created).toHaveLength(made);
  });

  it('cancellation ends the waiting between two attempts: no row is tried again', async () => {
    const sandbox = await sandboxWith({
      fault: ({ action }) => (action === 'CreateSslVpnClientCert' ? 'unavailable' : undefined),
    });
    const cancelling = new AbortController();
    const vpc = await clientOf(sandbox.url);
    const answering = issue(vpc, args(joiners(30)), LONG_MS, { budget: within(LONG_MS, cancelling.signal) });
    while (sandbox.requests.length < 15) await sleep(5);
    cancelling.abort();
    await answering;
    const sent = sandbox.requests.length;
    await sleep(1_000);
    expect(sandbox.requests).toHaveLength(sent);
    expect(sandbox.cloud.certificates().filter(({ Name }) => Name.startsWith('joiner-'))).toEqual([]);
  });

  it('tells progress that only rises, with the name last finished', async () => {
    const seen: { progress: number; total: number; message: string }[] = [];
    const sandbox = await sandboxWith({
      fault: ({ parameters }) => (parameters.Name === 'joiner-3' && seen.length < 3 ? 'hang-before' : undefined),
    });
    const vpc = await clientOf(sandbox.url);
    await issue(vpc, args(joiners(4)), LONG_MS, {
      progress: (progress: number, total: number, message: string) => seen.push({ progress, total, message }),
    });
    expect(seen.map(({ progress }) => progress)).toEqual(
      [...seen.map(({ progress }) => progress)].sort((a, b) => a - b),
    );
    expect(seen.every(({ total }) => total === 4)).toBe(true);
    expect(seen.at(-1)).toMatchObject({ progress: 4, message: 'joiner-3' });
  });

  it('no row fails because of throttling', async () => {
    const sandbox = await sandboxWith({ rateLimit: { kind: 'bucket', perSecond: 4 } });
    const answer = await issue(await clientOf(sandbox.url), args(joiners(12)));
    expect(answer).toMatchObject({ complete: true, failed: [] });
    expect(sandbox.requests.some(({ code }) => code === 'Throttling.User')).toBe(true);
  });
});

describe('a batch that is repeated after a revocation', () => {
  it('does not report the certificate that was revoked as created', async () => {
    const sandbox = await sandboxWith();
    const vpc = await clientOf(sandbox.url);
    const first = await issue(vpc, args(joiners(2), { batch_id: 'mine' }));
    const id = first.created.find((row: Result) => row.name === 'joiner-0').ssl_vpn_client_cert_id;
    await vpc.call(deleteSslVpnClientCert(REGION, { SslVpnClientCertId: id, ClientToken: 'revoked' }), within(LONG_MS));
    const again = await issue(vpc, args(joiners(2), { batch_id: 'mine' }));
    expect(again).toMatchObject({ created: [], failed: [{ name: 'joiner-0', message: expect.stringContaining(id) }] });
    const another = await issue(vpc, args(joiners(2), { batch_id: 'another' }));
    expect(another.created).toMatchObject([{ name: 'joiner-0' }]);
    checkAnswer(another, joiners(2), sandbox);
  });

  it('does not take one for existing whose revocation is under way', async () => {
    const sandbox = await sandboxWith({ changeMs: 400 });
    const vpc = rememberingDeletions(await clientOf(sandbox.url, { random: () => 0.2 }));
    const id = 'vsc-sandbox-alice';
    await vpc.call(deleteSslVpnClientCert(REGION, { SslVpnClientCertId: id, ClientToken: 'revoked' }), within(LONG_MS));
    const answer = await issue(vpc, args(['alice']));
    expect(answer).toMatchObject({ complete: true, already_existed: [], created: [{ name: 'alice' }] });
    checkAnswer(answer, ['alice'], sandbox);
  });
});

describe('two at the same time', () => {
  it('with the same batch_id: no doubles', async () => {
    const sandbox = await sandboxWith({ latencyMs: 5 });
    const [one, other] = [await clientOf(sandbox.url), await clientOf(sandbox.url)];
    const answers = await Promise.all([one, other].map((vpc) => issue(vpc, args(joiners(30), { batch_id: 'same' }))));
    for (const answer of answers) {
      expect(answer.complete).toBe(true);
      checkAnswer(answer, joiners(30), sandbox);
    }
    for (const name of joiners(30)) expect(idsByName(sandbox).get(name)).toHaveLength(1);
  });

  it('without one, in one server, as a client does that gave up waiting: no doubles either', async () => {
    const sandbox = await sandboxWith({ latencyMs: 5 });
    const vpc = await clientOf(sandbox.url);
    const batches = createBatches(memoryStore(), Date.now);
    const both = await Promise.all([1, 2].map(() => issue(vpc, args(joiners(20)), LONG_MS, { batches })));
    for (const name of joiners(20)) expect(idsByName(sandbox).get(name)).toHaveLength(1);
    expect(new Set(both.map(({ batch_id }) => batch_id)).size).toBe(1);
    // Once it is finished, the same call is another batch.
    const later = await issue(vpc, args(joiners(20)), LONG_MS, { batches });
    expect(later.batch_id).not.toBe(both[0]?.batch_id);
  });

  it('with different ones: each name at least once and at most once a batch, and a later call makes no more', async () => {
    const sandbox = await sandboxWith({ latencyMs: 5 });
    const vpc = await clientOf(sandbox.url);
    await Promise.all(['one', 'other'].map((batch_id) => issue(vpc, args(joiners(10), { batch_id }))));
    const counts = joiners(10).map((name) => idsByName(sandbox).get(name)?.length ?? 0);
    for (const count of counts) expect([1, 2]).toContain(count);
    await issue(vpc, args(joiners(10), { batch_id: 'third' }));
    expect(joiners(10).map((name) => idsByName(sandbox).get(name)?.length)).toEqual(counts);
  });
});

describe('an id that the service replays', () => {
  it.each<[string, (sandbox: Sandbox, id: string) => void, RegExp]>([
    ['was renamed since', (sandbox, id) => rename(sandbox, id, { Name: 'bert' }), /"bert"/],
    ['is on another server', (sandbox, id) => rename(sandbox, id, { SslVpnServerId: 'vss-other' }), /"anna"/],
    ['was revoked since', (sandbox, id) => sandbox.cloud.remove(id), /not there now/],
  ])('of a certificate that %s is not handed out as this one', async (_what, change, message) => {
    const sandbox = await sandboxWith();
    const vpc = await clientOf(sandbox.url);
    const first = await issue(vpc, args(['anna'], { batch_id: 'mine' }));
    change(sandbox, first.created[0].ssl_vpn_client_cert_id);
    const again = await issue(vpc, args(['anna'], { batch_id: 'mine' }));
    expect(again.created).toEqual([]);
    expect(again.failed).toMatchObject([{ name: 'anna', message: expect.stringMatching(message) }]);
  });

  function rename(sandbox: Sandbox, id: string, part: Record<string, string>): void {
    const found = sandbox.cloud.certificates().find((cert) => cert.SslVpnClientCertId === id);
    if (found !== undefined) sandbox.cloud.seed({ ...found, ...part });
  }
});

describe('one name in two calls at the same time', () => {
  it('without ids, the second for a part of the names, after the first was cancelled: one certificate', async () => {
    const sandbox = await sandboxWith({ latencyMs: 40 });
    const vpc = await clientOf(sandbox.url);
    const batches = createBatches(memoryStore(), Date.now);
    const first = issue(vpc, args(['anna', 'bert']), LONG_MS, { batches });
    while (!sandbox.requests.some(({ action }) => action === 'DescribeSslVpnClientCerts'))
      await new Promise((resolve) => setTimeout(resolve, 5));
    await Promise.all([first, issue(vpc, args(['anna']), LONG_MS, { batches })]);
    expect(idsByName(sandbox).get('anna')).toHaveLength(1);
  });
});

describe('a batch that read what exists before another one made it', () => {
  /** The other batch, which has another id, runs between this one's list and its first row. */
  async function overtaken(
    between: (sandbox: Sandbox, id: string) => void,
  ): Promise<{ answer: Result; sandbox: Sandbox }> {
    const sandbox = await sandboxWith();
    const vpc = await clientOf(sandbox.url);
    const batches = createBatches(memoryStore(), Date.now);
    const slow = {
      open: async (...about: Parameters<typeof batches.open>) => {
        const other = await issue(vpc, args(['anna', 'bert'], { batch_id: 'other' }), 10_000, { batches });
        between(sandbox, other.created[0].ssl_vpn_client_cert_id);
        return batches.open(...about);
      },
    };
    const answer = await issue(vpc, args(['anna', 'carla'], { batch_id: 'slow' }), 10_000, { batches: slow });
    checkAnswer(answer, ['anna', 'carla'], sandbox);
    return { answer, sandbox };
  }

  it('makes none twice', async () => {
    const { answer, sandbox } = await overtaken(() => {});
    expect(answer).toMatchObject({ created: [{ name: 'carla' }], already_existed: [{ name: 'anna' }] });
    for (const name of ['anna', 'bert', 'carla']) expect(idsByName(sandbox).get(name)).toHaveLength(1);
  });

  it('makes its own where that is revoked by then', async () => {
    const { answer, sandbox } = await overtaken(({ cloud }, id) => void cloud.remove(id));
    expect(answer).toMatchObject({ created: [{ name: 'anna' }, { name: 'carla' }], failed: [] });
    expect(idsByName(sandbox).get('anna')).toHaveLength(1);
  });
});

describe('a clock that is off', () => {
  const HOUR_MS = 3_600_000;

  it.each([-8, 8])('by %d hours does not decide what this batch made', async (hours) => {
    const sandbox = await sandboxWith();
    const wrong = () => Date.now() + hours * HOUR_MS;
    const open = () => clientOf(sandbox.url, { now: wrong });
    const vpc = await open();
    const boss = { SslVpnClientCertId: 'vsc-boss', Name: 'boss', RegionId: REGION, SslVpnServerId: SERVER };
    sandbox.cloud.seed({
      ...boss,
      CreateTime: Date.now() - 2 * HOUR_MS,
      EndTime: Date.now() + 900 * 24 * HOUR_MS,
    });
    const first = await issue(vpc, args(['boss', 'anna']));
    const saved: string[] = [];
    const handOver = {
      folder: undefined,
      give: async ({ certificate }: { certificate: { Name: string } }) => {
        saved.push(certificate.Name);
        return { file: { path: '/nowhere/x', sha256: '' } };
      },
    };
    // Another process, which knows the batch by its id alone.
    const later = await open();
    const again = await issue(
      later,
      args(['boss', 'anna'], { batch_id: first.batch_id, save_configs: 'new' }),
      LONG_MS,
      { handOver },
    );
    expect(saved).toEqual(['anna']);
    expect(again).not.toHaveProperty('unsaved');
  });

  it('by years renews once', async () => {
    const sandbox = await sandboxWith();
    const DAY = 24 * HOUR_MS;
    const EndTime = Date.now() + 5 * DAY;
    sandbox.cloud.seed({
      SslVpnClientCertId: 'vsc-old',
      Name: 'soon',
      RegionId: REGION,
      SslVpnServerId: SERVER,
      CreateTime: EndTime - 1_095 * DAY,
      EndTime,
    });
    for (let turn = 0; turn < 3; turn += 1) {
      const vpc = await clientOf(sandbox.url, { now: () => Date.now() + 900 * DAY });
      await issue(vpc, args(['soon'], { renew_within_days: 365 }));
    }
    expect(idsByName(sandbox).get('soon')).toHaveLength(2);
  });
});

describe('renew_within_days', () => {
  const DAY_MS = 86_400_000;
  const LIFETIME_MS = 1_095 * DAY_MS;

  async function opened(held: [string, number][], lifetimeMs = LIFETIME_MS) {
    const sandbox = await sandboxWith();
    for (const { SslVpnClientCertId } of sandbox.cloud.certificates()) sandbox.cloud.remove(SslVpnClientCertId);
    held.forEach(([Name, days], index) => {
      const EndTime = Date.now() + (days + 0.5) * DAY_MS;
      sandbox.cloud.seed({
        SslVpnClientCertId: `vsc-old${index}`,
        Name,
        RegionId: REGION,
        SslVpnServerId: SERVER,
        CreateTime: EndTime - lifetimeMs,
        EndTime,
      });
    });
    return { sandbox, vpc: await clientOf(sandbox.url) };
  }

  it('issues a new one for those whose last one runs out, and says what it replaces', async () => {
    const { sandbox, vpc } = await opened([
      ['soon', 10],
      ['late', -5],
      ['fits', 200],
      // The one that lasts longest decides.
      ['twice', 5],
      ['twice', 300],
      ['both', 3],
      ['both', 9],
    ]);
    const names = ['soon', 'late', 'fits', 'twice', 'both', 'new'];
    const answer = await issue(vpc, args(names, { renew_within_days: 30 }));
    expect(answer.complete).toBe(true);
    expect(answer.created.map((row: Result) => row.name)).toEqual(['new']);
    expect(answer.already_existed.map((row: Result) => row.name).sort()).toEqual(['fits', 'twice']);
    const replaced = Object.fromEntries(answer.renewed.map((row: Result) => [row.name, row.replaces]));
    expect(replaced).toEqual({ soon: ['vsc-old0'], late: ['vsc-old1'], both: ['vsc-old6', 'vsc-old5'] });
    for (const row of answer.renewed) expect(idsByName(sandbox).get(row.name)).toContain(row.ssl_vpn_client_cert_id);
    expect(sandbox.requests.filter(({ action }) => action === 'DeleteSslVpnClientCert')).toEqual([]);
    expect(answer.next_steps.join(' ')).toContain('revoke');
  });

  it('a repeat, with the id of the batch in another process, tells the same and makes none more', async () => {
    const { sandbox, vpc } = await opened([['soon', 10]]);
    const first = await issue(vpc, args(['soon'], { renew_within_days: 30 }));
    const again = await issue(vpc, args(['soon'], { renew_within_days: 30, batch_id: first.batch_id }));
    expect(again.renewed).toMatchObject([
      { name: 'soon', ssl_vpn_client_cert_id: first.renewed[0].ssl_vpn_client_cert_id, replaces: ['vsc-old0'] },
    ]);
    expect(idsByName(sandbox).get('soon')).toHaveLength(2);
  });

  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['the same', { batch_id: 'one' }, { batch_id: 'one' }],
    ['others', { batch_id: 'one' }, { batch_id: 'other' }],
    ['none', {}, {}],
  ])('at the same time in batches with %s: exactly one new one each', async (_which, one, other) => {
    const names = joiners(10);
    const { sandbox, vpc } = await opened(names.map((name) => [name, 3]));
    await Promise.all([one, other].map((more) => issue(vpc, args(names, { renew_within_days: 30, ...more }))));
    for (const name of names) expect(idsByName(sandbox).get(name), name).toHaveLength(2);
  });

  it('does not renew again and again where new ones last no longer than that', async () => {
    const { sandbox, vpc } = await opened([['soon', 10]], 90 * DAY_MS);
    // The service of this test issues for 90 days.
    const now = Date.now();
    const renewed = { CreateTime: now - DAY_MS, EndTime: now + 89 * DAY_MS };
    sandbox.cloud.seed({
      ...renewed,
      SslVpnClientCertId: 'vsc-new',
      Name: 'soon',
      RegionId: REGION,
      SslVpnServerId: SERVER,
    });
    const answer = await issue(vpc, args(['soon'], { renew_within_days: 365 }));
    expect(answer.renewed ?? []).toEqual([]);
    expect(idsByName(sandbox).get('soon')).toHaveLength(2);
  });

  it('names only what runs out under replaces, not what somebody made for another device', async () => {
    const { sandbox, vpc } = await opened([
      ['soon', 10],
      ['fits', 900],
    ]);
    const first = await issue(vpc, args(['fits', 'soon'], { renew_within_days: 30 }));
    expect(first.already_existed.map((row: Result) => row.name)).toEqual(['fits']);
    const now = Date.now();
    const second = { Name: 'fits', RegionId: REGION, SslVpnServerId: SERVER, CreateTime: now + 1_000 };
    sandbox.cloud.seed({ SslVpnClientCertId: 'vsc-phone', ...second, EndTime: now + LIFETIME_MS });
    const again = await issue(vpc, args(['fits', 'soon'], { renew_within_days: 30, batch_id: first.batch_id }));
    expect(again.renewed.map((row: Result) => row.name)).toEqual(['soon']);
  });

  it('of two that end at the same moment, one renewal whatever the order of the list', async () => {
    const { sandbox, vpc } = await opened([
      ['twin', 3],
      ['twin', 3],
    ]);
    const EndTime = Date.now() + 3 * DAY_MS;
    for (const cert of sandbox.cloud.certificates()) sandbox.cloud.seed({ ...cert, EndTime });
    await issue(vpc, args(['twin'], { renew_within_days: 30, batch_id: 'one' }));
    const made = sandbox.cloud
      .certificates()
      .filter(({ SslVpnClientCertId }) => !SslVpnClientCertId.startsWith('vsc-old'));
    for (const { SslVpnClientCertId } of made) sandbox.cloud.remove(SslVpnClientCertId);
    const olds = sandbox.cloud.certificates();
    for (const { SslVpnClientCertId } of olds) sandbox.cloud.remove(SslVpnClientCertId);
    for (const cert of olds.reverse()) sandbox.cloud.seed(cert);
    const again = await issue(vpc, args(['twin'], { renew_within_days: 30, batch_id: 'other' }));
    // The service replays the first one, which is not there any more: nothing else is made.
    expect(again.failed).toMatchObject([{ name: 'twin' }]);
  });
});

describe('the client token of a row', () => {
  it('is a UUID of version 5 that its batch, server and name alone decide', () => {
    const token = rowToken('b', 's', 'n');
    expect(token).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(rowToken('b', 's', 'n')).toBe(token);
    const others = [
      rowToken('b2', 's', 'n'),
      rowToken('b', 's2', 'n'),
      rowToken('b', 's', 'n2'),
      rowToken('bs', '', 'n'),
      rowToken('b', 'sn', ''),
    ];
    expect(new Set([token, ...others]).size).toBe(6);
  });

  it('is the one that another implementation arrives at', () => {
    // python3: uuid.uuid5(uuid.UUID('5c1f6b0e-8a3d-4f7e-9b2a-61d0c4e7f853'), '["joiners","vss-1","张伟"]')
    expect(rowToken('joiners', 'vss-1', '张伟')).toBe('ee934ea6-b1e9-5911-a11c-239afae8f25d');
    // … '["renewal","vss-1","张伟","vsc-1"]'
    expect(renewalToken('vss-1', '张伟', 'vsc-1')).toBe('862ae1ed-d3b8-5826-b74e-f613ee793b34');
  });
});
