/** Several revocations in one call: gateways side by side, one change at a time on each, whatever happens. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Budget } from '../../src/budget.js';
import { RefusedError } from '../../src/errors/errors.js';
import { openFolder } from '../../src/files/private-folder.js';
import { guarded } from '../../src/policy.js';
import { type Fault, SANDBOX_KEY, type Sandbox, type SandboxOptions } from '../../src/sandbox/http.js';
import { memoryStore } from '../../src/store/memory.js';
import deleteTool from '../../src/tools/delete-ssl-vpn-client-cert.js';
import { createConsents } from '../../src/tools/revoke/consents.js';
import revokeTool from '../../src/tools/revoke-ssl-vpn-client-certs.js';
import { filesIn } from '../../src/tools/saved-config.js';
import type { ToolContext } from '../../src/tools/tool.js';
import { deletionToken } from '../../src/vpc/client-token.js';
import { createPace, type Pace } from '../../src/vpc/pace.js';
import type { Result } from '../support/bin.js';
import { clientOf, closeAll, endless, LONG_MS, REGION, sandboxWith, within } from '../support/client.js';
import { contextOf } from '../support/context.js';

afterEach(closeAll);

const DELETE = 'DeleteSslVpnClientCert';
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** The first certificate of the second server, where the first has one. */
const OTHER = 'vsc-revoke-1';

/** A sandbox with certificates p0, p1, … on servers with a gateway each, or one gateway for all. */
async function world(perServer: readonly number[], options: SandboxOptions & { oneGateway?: boolean } = {}) {
  const sandbox = await sandboxWith(options);
  const ids: string[] = [];
  perServer.forEach((count, index) => {
    const SslVpnServerId = `vss-revoke-${index}`;
    const gateway = options.oneGateway ? { VpnGatewayId: 'vpn-revoke' } : {};
    sandbox.cloud.seedServer({ SslVpnServerId, RegionId: REGION, Name: SslVpnServerId, ...gateway });
    for (let one = 0; one < count; one += 1) {
      const Name = `p${ids.length}`;
      const SslVpnClientCertId = `vsc-revoke-${ids.length}`;
      const times = { CreateTime: Date.now() - DAY_MS, EndTime: Date.now() + 100 * DAY_MS };
      sandbox.cloud.seed({ SslVpnClientCertId, Name, RegionId: REGION, SslVpnServerId, ...times });
      ids.push(SslVpnClientCertId);
    }
  });
  return { sandbox, ids };
}

const YES: Partial<ToolContext> = { ask: async () => 'accepted' };
const args = (ids: string[]) => ({ region_id: REGION, ssl_vpn_client_cert_ids: ids });

async function revoke(sandbox: Sandbox, ids: string[], part: Partial<ToolContext> = {}, ms = LONG_MS): Promise<Result> {
  const vpc = await clientOf(sandbox.url, { random: () => 0.02 });
  return revokeTool.invoke(args(ids), contextOf(vpc, ms, { ...YES, ...part }));
}

const left = (sandbox: Sandbox): string[] => sandbox.cloud.certificates().map((cert) => cert.SslVpnClientCertId);
const idsOf = (rows: Result[]): string[] => rows.map((row) => row.ssl_vpn_client_cert_id);
const accepted = ({ requests }: Sandbox) =>
  requests.filter(({ action, status }) => action === DELETE && status === 200);
const refused = (Code: string, status = 400): Fault => ({
  status,
  body: JSON.stringify({ RequestId: 'R', Code, Message: 'no' }),
});

function rename(sandbox: Sandbox, id: string, Name: string): void {
  const cert = sandbox.cloud.certificates().find(({ SslVpnClientCertId }) => SslVpnClientCertId === id);
  if (cert !== undefined) sandbox.cloud.seed({ ...cert, Name });
}

/** What an answer says must be so, and every id must be in it once. */
function checkAnswer(answer: Result, ids: string[], sandbox: Sandbox): void {
  const said = [...idsOf(answer.revoked), ...answer.gone, ...idsOf(answer.failed), ...answer.remaining];
  expect([...said].sort()).toEqual([...ids].sort());
  for (const id of [...idsOf(answer.revoked), ...answer.gone]) expect(left(sandbox)).not.toContain(id);
  expect(answer.complete).toBe(answer.remaining.length === 0);
}

describe('gateways', () => {
  it('work side by side, each with one deletion at a time', async () => {
    const changeMs = 150;
    const { sandbox, ids } = await world([4, 4, 4], { changeMs });
    const answer = await revoke(sandbox, ids);
    expect(answer).toMatchObject({ complete: true, failed: [], asked: true });
    expect(accepted(sandbox)).toHaveLength(12);
    // The first of each gateway is accepted before the second of any.
    const servers = accepted(sandbox)
      .slice(0, 3)
      .map(({ parameters }) => Math.floor(Number(parameters.SslVpnClientCertId?.split('-').at(-1)) / 4));
    expect([...servers].sort()).toEqual([0, 1, 2]);
  });

  it('that serve two servers get one deletion at a time, and are never asked for more at once', async () => {
    let underway = 0;
    let most = 0;
    const { sandbox, ids } = await world([2, 2], {
      oneGateway: true,
      // Longer than two requests of a pace that has learned nothing yet are apart.
      latencyMs: 200,
      fault: ({ action }) => {
        if (action === DELETE) underway += 1;
        most = Math.max(most, underway);
        return undefined;
      },
    });
    const push = sandbox.requests.push.bind(sandbox.requests);
    sandbox.requests.push = (record) => {
      if (record.action === DELETE) underway -= 1;
      return push(record);
    };
    expect((await revoke(sandbox, ids)).complete).toBe(true);
    expect(most).toBe(1);
  });

  it('that may not be read are taken to be one for each server', async () => {
    const { sandbox, ids } = await world([2, 2], {
      keys: [{ ...SANDBOX_KEY, denied: ['DescribeSslVpnServers'] }],
      changeMs: 20,
    });
    expect(await revoke(sandbox, ids)).toMatchObject({ complete: true, failed: [] });
  });

  it('of which nothing can be learned in time are taken to be one for each server', async () => {
    const { sandbox, ids } = await world([1, 1], {
      fault: ({ action }) => (action === 'DescribeSslVpnServers' ? 'hang-before' : undefined),
    });
    const budget = within(LONG_MS);
    // Nothing is waited for that could be done without, as if its time were short.
    const share: Budget['share'] = (ms, ...rest) => budget.share(Number.isFinite(ms) ? 50 : ms, ...rest);
    const answer = await revoke(sandbox, ids, { budget: { ...budget, share } });
    expect(answer).toMatchObject({ complete: true, asked: true, failed: [] });
  });

  it('are not asked about where there is one server', async () => {
    const { sandbox, ids } = await world([2]);
    await revoke(sandbox, ids);
    expect(new Set(sandbox.requests.map(({ action }) => action))).toEqual(
      new Set(['DescribeSslVpnClientCerts', DELETE]),
    );
  });

  it('say how long it may take: as long as the one with the most certificates', async () => {
    const { sandbox, ids } = await world([1, 5, 2]);
    let question = '';
    const ask = async (text: string) => {
      question = text;
      return 'declined' as const;
    };
    const answer = await revoke(sandbox, ids, { ask });
    expect(question).toContain('5 minutes');
    expect(answer).toMatchObject({ complete: false, asked: true, remaining: ids, stopped_by: { effect: 'none' } });
    expect(answer.next_steps).toEqual(['Do not ask again unless the person brings it up.']);
  });
});

describe('a call', () => {
  it('ends at its deadline while a gateway is busy, and goes on when called again without a question', async () => {
    let busy = true;
    let refusals = 0;
    const { budget, end } = endless();
    const { sandbox, ids } = await world([3, 1], {
      fault({ action, parameters }) {
        if (action !== DELETE || !busy || parameters.SslVpnClientCertId !== 'vsc-revoke-1') return undefined;
        // The other gateway is done by then.
        if (accepted(sandbox).length === 2) refusals += 1;
        if (refusals === 3) end();
        return refused('VpnGateway.Configuring');
      },
    });
    const consents = createConsents(memoryStore());
    const first = await revoke(sandbox, ids, { consents, budget });
    checkAnswer(first, ids, sandbox);
    expect(first.remaining).toEqual(['vsc-revoke-1', 'vsc-revoke-2']);
    expect(first).not.toHaveProperty('stopped_by');
    expect(first.next_steps[0]).toContain('same arguments');
    busy = false;
    const ask = () => Promise.reject(new Error('asked again'));
    const second = await revoke(sandbox, first.remaining, { consents, ask });
    expect(second).toMatchObject({ complete: true, asked: false });
    expect(idsOf(second.revoked)).toEqual(['vsc-revoke-1', 'vsc-revoke-2']);
  });

  it('begins nothing so late that it would most likely not end in time', async () => {
    const { sandbox, ids } = await world([1]);
    const pace = createPace();
    const late = { ...pace, nextIn: () => LONG_MS };
    expect(await revoke(sandbox, ids, { pace: late })).toMatchObject({ complete: false, remaining: ids });
    expect(sandbox.requests.some(({ action }) => action === DELETE)).toBe(false);
  });

  it('finds one gone that somebody else revoked after the question', async () => {
    const { sandbox, ids } = await world([1], {
      fault: ({ action }) => (action === DELETE ? refused('InvalidSslVpnClientCertId.NotFound', 404) : undefined),
    });
    expect(await revoke(sandbox, ids)).toMatchObject({ complete: true, revoked: [], gone: ids });
  });

  it('reports its progress up to the total', async () => {
    const { sandbox, ids } = await world([2, 2]);
    const seen: [number, number, string][] = [];
    await revoke(sandbox, [...ids, 'vsc-unknown'], { progress: (...step) => seen.push(step) });
    expect(seen.map(([done, total]) => `${done}/${total}`)).toEqual(['2/5', '3/5', '4/5', '5/5']);
  });

  it.each([
    ['Forbidden.RAM', 403],
    ['InvalidAccessKeyId.Inactive', 400],
  ])('stops at once at %s, explains it once, and leaves the rest in remaining', async (code, status) => {
    const { sandbox, ids } = await world([5, 5], {
      fault: ({ action, parameters }) =>
        action === DELETE && parameters.SslVpnClientCertId === 'vsc-revoke-1' ? refused(code, status) : undefined,
    });
    const answer = await revoke(sandbox, ids);
    checkAnswer(answer, ids, sandbox);
    expect(answer).toMatchObject({ complete: false, failed: [], stopped_by: { code, effect: 'none' } });
    expect(answer.remaining).toContain('vsc-revoke-1');
    expect(answer.next_steps.at(-1)).toContain('same arguments');
  });

  it('a gateway that is locked for its payment stops its own certificates and no others', async () => {
    const { sandbox, ids } = await world([3, 3], {
      latencyMs: 5,
      fault: ({ action, parameters }) =>
        action === DELETE && Number(parameters.SslVpnClientCertId?.at(-1)) < 3
          ? refused('VpnGateway.FinancialLocked')
          : undefined,
    });
    const answer = await revoke(sandbox, ids);
    checkAnswer(answer, ids, sandbox);
    expect(answer).toMatchObject({ remaining: ids.slice(0, 3), stopped_by: { code: 'VpnGateway.FinancialLocked' } });
    expect(idsOf(answer.revoked)).toEqual(ids.slice(3));
  });

  it('an error of one certificate stands at it, and the others go on', async () => {
    const { sandbox, ids } = await world([3], {
      fault: ({ action, parameters }) =>
        action === DELETE && parameters.SslVpnClientCertId === 'vsc-revoke-1'
          ? refused('UnsupportedOperation')
          : undefined,
    });
    const answer = await revoke(sandbox, ids);
    checkAnswer(answer, ids, sandbox);
    expect(answer).toMatchObject({ complete: true, failed: [{ name: 'p1', code: 'UnsupportedOperation' }] });
  });

  it.each<Fault>(['reset-after', 'error-500-after', 'truncated', 'html-after', 'reset-before', 'unavailable'])(
    'with every first answer lost as %s, each is revoked and told so',
    async (fault) => {
      const { sandbox, ids } = await world([3, 3], {
        changeMs: 20,
        fault: ({ action, earlier }) => (action === DELETE && earlier === 0 ? fault : undefined),
      });
      const answer = await revoke(sandbox, ids);
      expect([...idsOf(answer.revoked)].sort()).toEqual([...ids].sort());
      expect(answer).toMatchObject({ complete: true, gone: [], failed: [] });
    },
  );

  it('whose answers never come leaves its certificates in remaining, and the repeat finds them gone', async () => {
    const { budget, end } = endless();
    const { sandbox, ids } = await world([1], {
      fault({ action }) {
        if (action !== DELETE) return undefined;
        end();
        return 'hang-after';
      },
    });
    const consents = createConsents(memoryStore());
    const first = await revoke(sandbox, ids, { consents, budget });
    expect(first).toMatchObject({ complete: false, revoked: [], stopped_by: { effect: 'unknown' } });
    expect(await revoke(sandbox, ids, { consents })).toMatchObject({ complete: true, asked: false, gone: ids });
  });

  it('takes 1 to 100 ids of the form of ids', async () => {
    const { sandbox } = await world([]);
    for (const ids of [[], Array.from({ length: 101 }, (_, index) => `vsc-${index}`), ['alice']])
      await expect(revoke(sandbox, ids)).rejects.toThrow('1-100');
    expect(sandbox.requests).toHaveLength(0);
  });

  it('twice at the same time revokes each once', async () => {
    const { sandbox, ids } = await world([3, 3], { changeMs: 30, latencyMs: 5 });
    const answers = await Promise.all([revoke(sandbox, ids), revoke(sandbox, ids)]);
    expect(answers.every(({ complete, failed }) => complete && failed.length === 0)).toBe(true);
    await vi.waitFor(() => expect(left(sandbox).filter((id) => ids.includes(id))).toEqual([]), LONG_MS);
  });
});

describe('a yes', () => {
  /** A gateway that is busy until the time of each call is up. */
  function busy() {
    let end = (): void => {};
    return {
      fault({ action }: { action: string }): Fault | undefined {
        if (action !== DELETE) return undefined;
        end();
        return refused('VpnGateway.Configuring');
      },
      next(): Budget {
        const call = endless();
        end = call.end;
        return call.budget;
      },
    };
  }

  it.each([
    ['just before two hours have passed', 2 * HOUR_MS - 1, 1],
    ['after two hours', 2 * HOUR_MS, 2],
  ])('%s', async (_when, passed, questions) => {
    let time = 0;
    let asked = 0;
    const { fault, next } = busy();
    const { sandbox, ids } = await world([2], { fault });
    const part: Partial<ToolContext> = {
      consents: createConsents(memoryStore(() => time)),
      async ask() {
        asked += 1;
        return 'accepted';
      },
    };
    await revoke(sandbox, ids, { ...part, budget: next() });
    time += passed;
    await revoke(sandbox, ids, { ...part, budget: next() });
    expect(asked).toBe(questions);
  });

  describe('by confirm_names', () => {
    /** Two certificates of a gateway that is always busy; no client to ask. */
    async function confirming() {
      let time = 0;
      const { fault, next } = busy();
      const { sandbox, ids } = await world([2], { fault });
      const part = { ask: undefined, consents: createConsents(memoryStore(() => time)) };
      const vpc = await clientOf(sandbox.url, { random: () => 0.02 });
      const confirm = (confirm_names?: string[]): Promise<Result> =>
        revokeTool.invoke(
          { ...args(ids), ...(confirm_names && { confirm_names }) },
          contextOf(vpc, LONG_MS, { ...part, budget: next() }),
        );
      const pass = (ms: number): void => {
        time += ms;
      };
      return { sandbox, confirm, pass };
    }

    it('lasts no longer for being repeated', async () => {
      const { confirm, pass } = await confirming();
      await confirm(['p0', 'p1']);
      pass(2 * HOUR_MS - 1);
      expect(await confirm(['p0', 'p1'])).toMatchObject({ complete: false });
      pass(1);
      await expect(confirm()).rejects.toThrow('confirm_names');
    });

    it('is for present names: one that is no more is held to by no repeat', async () => {
      const { sandbox, confirm, pass } = await confirming();
      await confirm(['p0', 'p1']);
      rename(sandbox, 'vsc-revoke-0', 'another');
      pass(2 * HOUR_MS - 1);
      expect(await confirm(['p0', 'p1'])).toMatchObject({ failed: [{ ssl_vpn_client_cert_id: 'vsc-revoke-0' }] });
      pass(1);
      await expect(confirm(['p0', 'p1'])).rejects.toThrow('"p0" in confirm_names does not confirm vsc-revoke-0');
      expect(await confirm(['another', 'p1'])).toMatchObject({ complete: false, failed: [] });
    });
  });

  it('lasts no longer for a clock that is set back', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const consents = createConsents(memoryStore());
    await consents.give(REGION, new Map([['vsc-1', 'one']]));
    const monotonic = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 2 * HOUR_MS);
    vi.setSystemTime(Date.now() - 30 * DAY_MS);
    expect(await consents.namesOf(REGION, ['vsc-1'])).toEqual(new Map());
    monotonic.mockRestore();
    vi.useRealTimers();
  });

  it('outlasts what failed, so that a repeat does not ask again', async () => {
    const consents = createConsents(memoryStore());
    let refuses = true;
    const { sandbox, ids } = await world([2], {
      fault: ({ action, parameters }) =>
        action === DELETE && refuses && parameters.SslVpnClientCertId === 'vsc-revoke-1'
          ? refused('UnsupportedOperation')
          : undefined,
    });
    expect(await revoke(sandbox, ids, { consents })).toMatchObject({ complete: true, failed: [{ name: 'p1' }] });
    refuses = false;
    expect(await revoke(sandbox, ids, { consents })).toMatchObject({ complete: true, asked: false, failed: [] });
  });

  it('ends once all is done', async () => {
    const consents = createConsents(memoryStore());
    const { sandbox, ids } = await world([2]);
    const certs = sandbox.cloud.certificates();
    await revoke(sandbox, ids, { consents });
    for (const cert of certs) sandbox.cloud.seed(cert);
    expect(await revoke(sandbox, ids, { consents })).toMatchObject({ asked: true });
  });

  it('is for one region only', async () => {
    const consents = createConsents(memoryStore());
    await consents.give('eu-central-1', new Map([['vsc-revoke-0', 'p0']]));
    const { sandbox, ids } = await world([1]);
    expect(await revoke(sandbox, ids, { consents })).toMatchObject({ asked: true });
  });
});

describe('a name', () => {
  it.each([1, 2])('that changes while attempt %i waits for its turn is not revoked', async (attempt) => {
    const { sandbox, ids } = await world([1], {
      fault: ({ action, earlier }) =>
        action === DELETE && earlier < attempt - 1 ? refused('Throttling.Api') : undefined,
    });
    const pace = createPace();
    let turns = 0;
    const turn: Pace['turn'] = async (action, signal) => {
      if (action === DELETE) turns += 1;
      if (action === DELETE && turns === attempt) rename(sandbox, 'vsc-revoke-0', 'another');
      return pace.turn(action, signal);
    };
    const answer = await revoke(sandbox, ids, { pace: { ...pace, turn } });
    expect(answer).toMatchObject({ complete: true, failed: [{ name: 'p0', code: 'Client.Refused' }] });
    expect(left(sandbox)).toContain('vsc-revoke-0');
  });

  it('is read once for each attempt', async () => {
    const { sandbox, ids } = await world([1], {
      fault: ({ action, earlier }) =>
        action === DELETE && earlier < 2 ? refused('VpnGateway.Configuring') : undefined,
    });
    expect(await revoke(sandbox, ids)).toMatchObject({ complete: true, failed: [] });
    const read = 'DescribeSslVpnClientCerts';
    expect(sandbox.requests.map(({ action }) => action)).toEqual([read, read, DELETE, read, DELETE, read, DELETE]);
  });
});

describe('a certificate of a server that the settings forbid', () => {
  const settings = { allowRegions: undefined, allowServers: ['vss-revoke-0'] };
  const own = { regions: undefined, servers: ['vss-revoke-0'], names: undefined };

  it.each([
    ['is refused', settings, { gone: [], failed: [{ name: '', code: 'Client.Refused', effect: 'none' }] }],
    ['is not there for a person who may not see it', { ...settings, grants: [own] }, { gone: [OTHER], failed: [] }],
  ])('%s', async (_what, policy, expected) => {
    const { sandbox, ids } = await world([1, 1]);
    const vpc = guarded(await clientOf(sandbox.url), policy);
    const answer: Result = await revokeTool.invoke(args(ids), contextOf(vpc, LONG_MS, YES));
    expect(answer).toMatchObject({ complete: true, ...expected });
    expect(idsOf(answer.revoked)).toEqual(ids.slice(0, 1));
    const one = { region_id: REGION, ssl_vpn_client_cert_id: OTHER };
    const alone = await deleteTool.invoke(one, contextOf(vpc, LONG_MS, YES)).catch((error) => error);
    if (expected.gone.length === 0) expect(alone).toBeInstanceOf(RefusedError);
    else expect(alone).toMatchObject({ outcome: 'gone' });
    expect(left(sandbox)).toContain(OTHER);
  });
});

describe('the client token of a deletion', () => {
  it('is the same in every call, and another for every certificate', async () => {
    const { sandbox, ids } = await world([2]);
    await revoke(sandbox, ids);
    expect(accepted(sandbox).map(({ parameters }) => parameters.ClientToken)).toEqual(
      ids.map((id) => deletionToken(REGION, id)),
    );
    // python3: uuid.uuid5(uuid.UUID('5c1f6b0e-8a3d-4f7e-9b2a-61d0c4e7f853'), '["deletion","eu-central-1","vsc-1"]')
    expect(deletionToken('eu-central-1', 'vsc-1')).toBe('c92cdc64-798d-5c39-b1c5-38c41738c00d');
    expect(deletionToken('eu-central-1', 'vsc-2')).not.toBe(deletionToken('eu-central-1', 'vsc-1'));
  });
});

describe('a saved file of a revoked certificate', () => {
  async function withFiles() {
    const path = mkdtempSync(join(tmpdir(), 'revoke-'));
    const { sandbox, ids } = await world([3]);
    writeFileSync(join(path, 'p0-vsc-revoke-0.ovpn'), 'key');
    symlinkSync(join(path, 'p0-vsc-revoke-0.ovpn'), join(path, 'p1-vsc-revoke-1.ovpn'));
    return { path, sandbox, ids, handOver: filesIn(openFolder(path)) };
  }

  it('is named, with its folder, where it is a file', async () => {
    const { path, sandbox, ids, handOver } = await withFiles();
    const answer = await revoke(sandbox, ids, { handOver });
    expect(answer.revoked.map((row: Result) => row.file)).toEqual(['p0-vsc-revoke-0.ovpn', undefined, undefined]);
    expect(answer.next_steps.at(-1)).toContain(path);
    rmSync(path, { recursive: true });
  });

  it('is named by delete_ssl_vpn_client_cert too, which shows no status of what is revoked', async () => {
    const { path, sandbox, handOver } = await withFiles();
    const context = contextOf(await clientOf(sandbox.url), LONG_MS, { ...YES, handOver });
    const one = { region_id: REGION, ssl_vpn_client_cert_id: 'vsc-revoke-0' };
    const answer: Result = await deleteTool.invoke(one, context);
    expect(answer).toMatchObject({ outcome: 'revoked', file: 'p0-vsc-revoke-0.ovpn' });
    expect(answer.certificate).not.toHaveProperty('status');
    expect(answer.next_steps.at(-1)).toContain(path);
    rmSync(path, { recursive: true });
  });

  it('is not looked for where no configuration may be saved', async () => {
    const { path, sandbox, ids } = await withFiles();
    expect(JSON.stringify(await revoke(sandbox, ids))).not.toContain('.ovpn');
    rmSync(path, { recursive: true });
  });
});

describe('delete_ssl_vpn_client_cert', () => {
  it('does not revoke a certificate that was renamed while the person was asked', async () => {
    const { sandbox } = await world([1]);
    const ask = async () => {
      const [cert] = sandbox.cloud.certificates().filter(({ Name }) => Name === 'p0');
      if (cert !== undefined) sandbox.cloud.seed({ ...cert, Name: 'another' });
      return 'accepted' as const;
    };
    const context = contextOf(await clientOf(sandbox.url), LONG_MS, { ask });
    await expect(
      deleteTool.invoke({ region_id: REGION, ssl_vpn_client_cert_id: 'vsc-revoke-0' }, context),
    ).rejects.toThrow(RefusedError);
    expect(left(sandbox)).toContain('vsc-revoke-0');
  });
});
