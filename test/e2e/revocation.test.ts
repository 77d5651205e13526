/** Thirty people taken off over stdio: calls that end, are cancelled or killed, and what is written down of it. */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/http.js';
import { closeSessions, progressOf, type Result, type Session, startBin } from '../support/bin.js';
import { closeAll, LONG_MS, REGION, sandboxWith } from '../support/client.js';

const REVOKE = 'revoke_ssl_vpn_client_certs';
const DELETE = 'DeleteSslVpnClientCert';
const DAY_MS = 86_400_000;
/** A minute, scaled. */
const CHANGE_MS = 100;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'revocation-'));
});
afterEach(async () => {
  await closeSessions();
  await closeAll();
  rmSync(folder, { recursive: true, force: true });
});

const SERVERS = ['vss-revoke-0', 'vss-revoke-1', 'vss-revoke-2'];

/** Certificates leaver-0, leaver-1, … on three servers in turn. */
async function world(count: number, options: SandboxOptions = {}) {
  const sandbox = await sandboxWith({ changeMs: CHANGE_MS, ...options });
  for (const SslVpnServerId of SERVERS)
    sandbox.cloud.seedServer({ SslVpnServerId, RegionId: REGION, Name: SslVpnServerId });
  const names = Array.from({ length: count }, (_, index) => `leaver-${index}`);
  const ids = names.map((Name, index) => {
    const SslVpnClientCertId = `vsc-${Name}`;
    const SslVpnServerId = SERVERS[index % SERVERS.length] ?? '';
    const times = { CreateTime: Date.now() - DAY_MS, EndTime: Date.now() + 100 * DAY_MS };
    sandbox.cloud.seed({ SslVpnClientCertId, Name, RegionId: REGION, SslVpnServerId, ...times });
    return SslVpnClientCertId;
  });
  return { sandbox, ids, names };
}

/** @param questions those that the person is asked, who always agrees; undefined is a client that cannot ask */
function start(sandbox: Sandbox, args: readonly string[], questions?: string[]): Promise<Session> {
  const environment = {
    ALIBABA_CLOUD_VPC_ENDPOINT: sandbox.url,
    ALIBABA_CLOUD_ACCESS_KEY_ID: sandbox.credentials.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: sandbox.credentials.accessKeySecret,
  };
  return startBin(args, environment, {
    ...(questions && { capabilities: { elicitation: { form: {} } } }),
    prepare(client) {
      if (questions === undefined) return;
      client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
        questions.push(params.message);
        return { action: 'accept', content: { confirm: true } };
      });
    },
  });
}

/** Those that were accepted, each once however often its answer was repeated. */
const deletions = ({ requests }: Sandbox): Set<string | undefined> =>
  new Set(
    requests
      .filter(({ action, status }) => action === DELETE && status === 200)
      .map(({ parameters }) => `${parameters.SslVpnClientCertId} ${parameters.ClientToken}`),
  );

const left = (sandbox: Sandbox, ids: readonly string[]): string[] =>
  sandbox.cloud
    .certificates()
    .flatMap((cert) => (ids.includes(cert.SslVpnClientCertId) ? cert.SslVpnClientCertId : []));

async function untilComplete(session: Session, args: Record<string, unknown>): Promise<Result> {
  for (let calls = 0; calls < 30; calls += 1) {
    const answer = await session.call(REVOKE, args);
    if (answer.complete !== false) return answer;
    expect(answer).not.toHaveProperty('stopped_by');
  }
  throw new Error('not complete after 30 calls');
}

describe('thirty revocations', () => {
  it('in calls of a short deadline, one of them cancelled: one question, thirty deletions', async () => {
    // Ten a gateway take longer than a call has.
    const { sandbox, ids } = await world(30, { changeMs: 3 * CHANGE_MS });
    const questions: string[] = [];
    const session = await start(sandbox, ['--deadline', '5000'], questions);
    const args = { region_id: REGION, ssl_vpn_client_cert_ids: ids };
    const first = await session.call(REVOKE, args);
    expect(first).toMatchObject({ complete: false, asked: true, failed: [] });
    const cancelled = new AbortController();
    const before = deletions(sandbox).size;
    const call = session.call(REVOKE, args, { signal: cancelled.signal }).catch(() => {});
    await vi.waitFor(() => expect(deletions(sandbox).size).toBeGreaterThan(before), LONG_MS);
    cancelled.abort();
    await call;
    const last = await untilComplete(session, args);
    expect(last).toMatchObject({ asked: false, failed: [], remaining: [] });
    expect(questions).toHaveLength(1);
    for (const id of ids) expect(questions[0]).toContain(id);
    expect(deletions(sandbox).size).toBe(30);
    await vi.waitFor(() => expect(left(sandbox, ids)).toEqual([]), LONG_MS);
  });

  it.each([
    ['whose client cannot ask', undefined, 0],
    // What a process was told dies with it: the next one does not know that anybody agreed.
    ['that may ask', [], 3],
  ])('of a process %s, killed twice in between: thirty deletions', async (_which, questions, asked) => {
    let session: Session | undefined;
    let untilKill = Number.POSITIVE_INFINITY;
    const { sandbox, ids, names } = await world(30, {
      fault: ({ action, earlier }) => {
        if (action === DELETE && earlier === 0) untilKill -= 1;
        if (untilKill === 0) session?.child.kill('SIGKILL');
        return undefined;
      },
    });
    const args = { region_id: REGION, ssl_vpn_client_cert_ids: ids, confirm_names: names };
    for (const kill of [8, 11]) {
      untilKill = kill;
      session = await start(sandbox, [], questions);
      session.call(REVOKE, args).catch(() => {});
      await once(session.child, 'exit');
      expect(session.child.signalCode).toBe('SIGKILL');
    }
    untilKill = Number.POSITIVE_INFINITY;
    session = await start(sandbox, [], questions);
    expect(await untilComplete(session, args)).toMatchObject({ failed: [], remaining: [] });
    expect(questions ?? []).toHaveLength(asked);
    expect(deletions(sandbox).size).toBe(30);
    await vi.waitFor(() => expect(left(sandbox, ids)).toEqual([]), LONG_MS);
  });
});

describe('what is written down', () => {
  it('is an intent and an outcome of each deletion, and nothing of a certificate that is not revoked', async () => {
    const { sandbox, ids, names } = await world(4, {
      fault: ({ action, parameters }) =>
        action === DELETE && parameters.SslVpnClientCertId === 'vsc-leaver-1'
          ? { status: 400, body: JSON.stringify({ RequestId: 'R', Code: 'UnsupportedOperation', Message: 'no' }) }
          : undefined,
    });
    const log = join(folder, 'audit.log');
    const session = await start(sandbox, ['--audit-log', log]);
    const confirm_names = [...names, 'unknown'];
    await session.call(REVOKE, {
      region_id: REGION,
      ssl_vpn_client_cert_ids: [...ids, 'vsc-unknown'],
      confirm_names,
    });
    const lines: Result[] = readFileSync(log, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const tokens = [...new Set(lines.map((line) => line.client_token))];
    expect(tokens).toHaveLength(4);
    for (const token of tokens) {
      const [intent, outcome, ...more] = lines.filter((line) => line.client_token === token);
      expect(intent).toMatchObject({ tool: REVOKE, outcome: 'intent', action: DELETE });
      const id = intent.parameters.SslVpnClientCertId;
      expect(outcome).toMatchObject({ outcome: id === 'vsc-leaver-1' ? 'failed' : 'ok' });
      expect(more).toEqual([]);
    }
  });
});

describe('progress', () => {
  it('rises up to the total, with the names', async () => {
    const { sandbox, ids, names } = await world(3);
    const session = await start(sandbox, []);
    const args = { region_id: REGION, ssl_vpn_client_cert_ids: ids, confirm_names: names };
    await session.call(REVOKE, args, { onprogress: () => {} });
    const seen = progressOf(session);
    expect(seen.map(({ progress }) => progress)).toEqual([1, 2, 3]);
    expect(seen.map(({ message }) => message).sort()).toEqual(names);
  });
});

describe('policy', () => {
  it.each([
    ['--allow-region', 'eu-central-1'],
    ['--read-only', undefined],
    ['--tools', 'delete_ssl_vpn_client_cert'],
  ])('%s is held', async (flag, value) => {
    const { sandbox, ids, names } = await world(2);
    const session = await start(sandbox, value === undefined ? [flag] : [flag, value]);
    const args = { region_id: REGION, ssl_vpn_client_cert_ids: ids, confirm_names: names };
    expect((await session.call(REVOKE, args)).error).toMatchObject({ code: 'Client.Refused', effect: 'none' });
    expect(sandbox.requests).toEqual([]);
  });

  it('--allow-server shows and revokes certificates of that server only', async () => {
    const { sandbox, ids, names } = await world(6);
    const questions: string[] = [];
    const session = await start(sandbox, ['--allow-server', 'vss-revoke-1'], questions);
    const answer = await session.call(REVOKE, { region_id: REGION, ssl_vpn_client_cert_ids: ids });
    const others = ids.filter((_, index) => index % 3 !== 1);
    expect(answer).toMatchObject({ complete: true, gone: [] });
    expect(answer.failed).toHaveLength(others.length);
    for (const [index, row] of answer.failed.entries())
      expect(row).toMatchObject({ ssl_vpn_client_cert_id: others[index], name: '', code: 'Client.Refused' });
    expect(JSON.stringify(answer)).not.toContain('"leaver-0"');
    expect(answer.revoked.map((row: Result) => row.name)).toEqual(names.filter((_, index) => index % 3 === 1));
    expect(questions[0]).not.toContain('leaver-0');
    await vi.waitFor(() => expect(left(sandbox, ids)).toEqual(others), LONG_MS);
  });
});
