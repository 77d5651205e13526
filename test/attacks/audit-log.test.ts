/** No change without its intent on the disk, whatever ends the process; and an outcome after each. */

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fault, SandboxRequest } from '../../src/sandbox/faults.js';
import type { Sandbox } from '../../src/sandbox/http.js';
import { closeSessions, type Result, type Session, startBin } from '../support/bin.js';
import { closeAll, REGION, SERVER, sandboxWith } from '../support/client.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'audit-'));
  path = join(folder, 'audit.jsonl');
});
afterEach(async () => {
  await closeSessions();
  await closeAll();
  rmSync(folder, { recursive: true, force: true });
});

const CREATE = 'create_ssl_vpn_client_cert';
const BATCH = 'issue_ssl_vpn_client_certs';
const create = (name: string) => ({ region_id: REGION, ssl_vpn_server_id: SERVER, name });
const batch = (count: number) => ({
  region_id: REGION,
  ssl_vpn_server_id: SERVER,
  names: Array.from({ length: count }, (_, index) => `joiner-${index}`),
  batch_id: 'audited',
});

function lines(file = path): Result[] {
  if (!existsSync(file)) return [];
  const texts = readFileSync(file, 'utf8').split('\n');
  // Only the very last may be torn, where the process was killed within its write.
  return texts.slice(0, -1).map((line) => JSON.parse(line));
}

function audited(sandbox: Sandbox, args: readonly string[] = [], log = path): Promise<Session> {
  return startBin(['--audit-log', log, '--output-dir', join(folder, 'out'), ...args], {
    ALIBABA_CLOUD_VPC_ENDPOINT: sandbox.url,
    ALIBABA_CLOUD_ACCESS_KEY_ID: sandbox.credentials.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: sandbox.credentials.accessKeySecret,
  });
}

/** Every request that may have changed something has its intent in the log, under its token. */
function expectIntents(sandbox: Sandbox, log: readonly Result[] = lines()): void {
  const intents = new Set(log.filter(({ outcome }) => outcome === 'intent').map((line) => line.client_token));
  const changes = sandbox.requests.filter(({ action }) => /^(Create|Modify|Delete)/.test(action));
  for (const { parameters } of changes) expect(intents).toContain(parameters.ClientToken);
}

/** Every intent was followed by an outcome. */
function expectClosed(log: readonly Result[] = lines()): void {
  const open = new Map<string, number>();
  for (const { client_token, outcome } of log) {
    open.set(client_token, (open.get(client_token) ?? 0) + (outcome === 'intent' ? 1 : -1));
  }
  // At the last moment an outcome may be written twice rather than not at all.
  expect([...open].filter(([, count]) => count > 0)).toEqual([]);
}

const createsOf = (sandbox: Sandbox): number =>
  sandbox.requests.filter(({ action }) => action === 'CreateSslVpnClientCert').length;

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('each change', () => {
  it('has an intent before its first attempt and an outcome after its last, tied by its token', async () => {
    const sandbox = await sandboxWith({
      // What becomes of a change behind such an answer is not known, and it is not tried again.
      fault: ({ parameters }) =>
        parameters.Name === 'lost' ? { status: 407, body: '<html>Log in</html>', after: true } : undefined,
    });
    const session = await audited(sandbox, ['--profile', 'work']);
    const { certificate, request_id, client_token } = await session.call(CREATE, create('one'));
    const id = { region_id: REGION, ssl_vpn_client_cert_id: certificate.ssl_vpn_client_cert_id };
    await session.call('preview_api_call', { tool: CREATE, arguments: create('preview') });
    await session.call('list_ssl_vpn_client_certs', { region_id: REGION });
    const lost = await session.call(CREATE, create('lost'));
    await session.call(CREATE, { region_id: REGION, ssl_vpn_server_id: 'vss-nothing' });
    await session.call('save_ssl_vpn_client_config', id);
    await session.call('delete_ssl_vpn_client_cert', { ...id, confirm_name: 'one' });
    const log = lines();
    expect(log).toMatchObject([
      {
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        tool: CREATE,
        action: 'CreateSslVpnClientCert',
        client_token,
        outcome: 'intent',
        parameters: { RegionId: REGION, SslVpnServerId: SERVER, Name: 'one' },
        who: {
          access_key_id: sandbox.credentials.accessKeyId,
          credentials_from: 'environment variables',
          profile: 'work',
          client: 'test-client 1.0.0',
        },
      },
      { client_token, outcome: 'ok', request_id, attempts: 1, ssl_vpn_client_cert_id: id.ssl_vpn_client_cert_id },
      { outcome: 'intent', client_token: lost.error.client_token },
      { outcome: 'unknown', client_token: lost.error.client_token, code: 'Client.MalformedResponse' },
      { outcome: 'intent', parameters: { SslVpnServerId: 'vss-nothing' } },
      { outcome: 'failed', code: 'InvalidSslVpnServerId.NotFound' },
      {
        outcome: 'intent',
        tool: 'save_ssl_vpn_client_config',
        parameters: { SslVpnClientCertId: id.ssl_vpn_client_cert_id },
      },
      { outcome: 'ok', file: expect.stringMatching(/\.ovpn$/) },
      { outcome: 'intent', action: 'DeleteSslVpnClientCert' },
      { outcome: 'ok', attempts: 1 },
    ]);
    expectIntents(sandbox);
    expectClosed();
    expect(readFileSync(path, 'utf8')).not.toContain(sandbox.credentials.accessKeySecret);
    expect(readFileSync(path, 'utf8')).not.toContain('PRIVATE KEY');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('of a batch has its own, and a repeat of one is a new intent with the same token', async () => {
    const sandbox = await sandboxWith({
      fault: ({ parameters, earlier }) =>
        parameters.Name === 'joiner-1' && earlier < 1 ? { status: 403, body: '{"Code":"Forbidden"}' } : undefined,
    });
    const session = await audited(sandbox);
    expect((await session.call(BATCH, batch(3))).complete).toBe(false);
    expect((await session.call(BATCH, batch(3))).complete).toBe(true);
    expectIntents(sandbox);
    expectClosed();
    const failed = lines().find(({ outcome }) => outcome === 'failed');
    const same = lines().filter(({ client_token }) => client_token === failed.client_token);
    expect(same.map(({ outcome }) => outcome)).toEqual(['intent', 'failed', 'intent', 'ok']);
  });

  it('whose code from the service is "ok" is a failure all the same', async () => {
    const sandbox = await sandboxWith({
      fault: () => ({ status: 400, body: '{"RequestId":"R","Code":"ok","Message":""}' }),
    });
    const session = await audited(sandbox);
    expect((await session.call(CREATE, create('one'))).error.code).toBe('ok');
    expect(lines().map(({ outcome }) => outcome)).toEqual(['intent', 'failed']);
  });
});

describe('a log that cannot be written', () => {
  it.each<[string, () => string]>([
    ['a full disk', () => '/dev/full'],
    ['a folder', () => folder],
    [
      'a pipe that nobody reads',
      () => {
        execFileSync('mkfifo', [join(folder, 'pipe')]);
        return join(folder, 'pipe');
      },
    ],
    ['a path through a file', () => `${writeAndName('file')}/audit`],
    [
      'a link to a device',
      () => {
        symlinkSync('/dev/null', join(folder, 'link'));
        return join(folder, 'link');
      },
    ],
  ])('because it is %s: the server starts, changes nothing, and reads as ever', async (_what, target) => {
    const sandbox = await sandboxWith();
    const log = target();
    const session = await audited(sandbox, [], log);
    const { error } = await session.call(CREATE, create('one'));
    expect(error).toMatchObject({ code: 'Client.Refused', effect: 'none', message: expect.stringContaining(log) });
    expect(sandbox.requests).toEqual([]);
    const read = await session.call('get_ssl_vpn_client_cert', {
      region_id: REGION,
      ssl_vpn_client_cert_id: 'vsc-sandbox-alice',
    });
    expect(read.certificate.name).toBe('alice');
  });

  function writeAndName(name: string): string {
    writeFileSync(join(folder, name), '');
    return join(folder, name);
  }

  it('works again once it can be, without a restart', async () => {
    const sandbox = await sandboxWith();
    mkdirSync(path);
    const session = await audited(sandbox);
    expect((await session.call(CREATE, create('one'))).error.code).toBe('Client.Refused');
    rmSync(path, { recursive: true });
    expect((await session.call(CREATE, create('two'))).certificate.name).toBe('two');
    expectIntents(sandbox);
  });

  it('for an outcome alone: the answer is given, stderr has the line, and the next change waits for it', async () => {
    const aside = join(folder, 'aside');
    const sandbox = await sandboxWith({
      fault: ({ action }) => {
        // Between intent and outcome the file is taken away, and a folder stands in its place.
        if (action === 'CreateSslVpnClientCert' && existsSync(path) && !existsSync(aside)) {
          renameSync(path, aside);
          mkdirSync(path);
        }
        return undefined;
      },
    });
    const session = await audited(sandbox);
    const { certificate, client_token } = await session.call(CREATE, create('one'));
    expect(certificate.name).toBe('one');
    await until(() => session.stderr().includes('audit log not written'));
    const said = session
      .stderr()
      .split('\n')
      .find((line) => line.includes('audit log not written'));
    expect(JSON.parse(said ?? '{}').entry).toMatchObject({ client_token, outcome: 'ok' });
    expect((await session.call(CREATE, create('two'))).error.code).toBe('Client.Refused');
    rmSync(path, { recursive: true });
    await session.call(CREATE, create('three'));
    expect(lines().slice(0, 2)).toMatchObject([{ client_token, outcome: 'ok' }, { outcome: 'intent' }]);
    expectClosed([...lines(aside), ...lines()]);
  });
});

describe('a file that changes under it', () => {
  it('may be rotated or deleted: the next line goes to the file that is named then', async () => {
    const sandbox = await sandboxWith();
    const session = await audited(sandbox);
    await session.call(CREATE, create('one'));
    renameSync(path, `${path}.1`);
    await session.call(CREATE, create('two'));
    expect(lines(`${path}.1`)).toHaveLength(2);
    expect(lines()).toHaveLength(2);
    rmSync(path);
    await session.call(CREATE, create('three'));
    expect(lines().map(({ parameters }) => parameters.Name)).toEqual(['three', 'three']);
  });

  it('whose last line is torn: it is closed first', async () => {
    const sandbox = await sandboxWith();
    const session = await audited(sandbox);
    await session.call(CREATE, create('one'));
    appendFileSync(path, '{"time":"2026-11-');
    await session.call(CREATE, create('two'));
    const texts = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(texts).toHaveLength(5);
    expect(texts[2]).toBe('{"time":"2026-11-');
    expect(texts.filter((_text, index) => index !== 2).map((text) => JSON.parse(text).outcome)).toEqual([
      'intent',
      'ok',
      'intent',
      'ok',
    ]);
  });

  it('that several processes write to has whole lines', async () => {
    const sandbox = await sandboxWith();
    const sessions = await Promise.all([1, 2, 3].map(() => audited(sandbox)));
    await Promise.all(
      sessions.map((session, index) =>
        session.call(BATCH, {
          ...batch(20),
          batch_id: `b${index}`,
          names: batch(20).names.map((name) => `${name}-${index}`),
        }),
      ),
    );
    expect(lines()).toHaveLength(120);
    expectIntents(sandbox);
    expectClosed();
  });
});

describe('a sudden end', () => {
  const slow = { latencyMs: 15 };

  it('by cancellation and the end of stdin: what is in flight ends, and is recorded', async () => {
    const sandbox = await sandboxWith(slow);
    const session = await audited(sandbox);
    const cancelling = new AbortController();
    session.call(BATCH, batch(60), { signal: cancelling.signal }).catch(() => {});
    await until(() => createsOf(sandbox) > 5);
    cancelling.abort();
    session.child.stdin.end();
    await once(session.child, 'exit');
    expectIntents(sandbox);
    expectClosed();
    const made = sandbox.cloud.certificates().filter(({ Name }) => Name.startsWith('joiner-')).length;
    expect(lines().filter(({ outcome }) => outcome === 'ok' || outcome === 'unknown').length).toBeGreaterThanOrEqual(
      made,
    );
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('by %s', async (signal) => {
    const sandbox = await sandboxWith(slow);
    const session = await audited(sandbox);
    session.call(BATCH, batch(60)).catch(() => {});
    await until(() => createsOf(sandbox) > 5);
    session.child.kill(signal);
    await once(session.child, 'exit');
    expectIntents(sandbox);
    expectClosed();
  });

  it('while the cloud hangs: what is open is recorded as open', async () => {
    const sandbox = await sandboxWith({
      fault: ({ action }) => (action === 'CreateSslVpnClientCert' ? 'hang-after' : undefined),
    });
    const session = await audited(sandbox);
    session.call(CREATE, create('one')).catch(() => {});
    await until(() => lines().length === 1 && sandbox.cloud.certificates().some(({ Name }) => Name === 'one'));
    session.child.stdin.end();
    await once(session.child, 'exit');
    expect(lines().map(({ outcome }) => outcome)).toEqual(['intent', 'unknown']);
    expect(lines()[1].why).toContain('stdin');
  });

  it('with two calls in flight under one id', async () => {
    const sandbox = await sandboxWith({ latencyMs: 300 });
    const session = await audited(sandbox);
    for (const name of ['one', 'two'])
      session.child.stdin.write(
        `${JSON.stringify({ jsonrpc: '2.0', id: 77, method: 'tools/call', params: { name: CREATE, arguments: create(name) } })}\n`,
      );
    await until(() => lines().length >= 2);
    session.child.stdin.end();
    await once(session.child, 'exit');
    expectIntents(sandbox);
    expectClosed();
    expect(lines()).toHaveLength(4);
  });

  // Before and after the n-th create: where the service has not acted yet, and where it has.
  const points = (['before', 'after'] as const).flatMap((side) =>
    Array.from({ length: 10 }, (_, index) => [side, 2 * index + 1] as const),
  );
  it.each(points)('by SIGKILL %s the service acts on create %i', async (side, point) => {
    let session: Session | undefined;
    let creates = 0;
    const fault = ({ action }: SandboxRequest): Fault | undefined => {
      if (action !== 'CreateSslVpnClientCert') return undefined;
      creates += 1;
      if (creates < point) return undefined;
      session?.child.kill('SIGKILL');
      return side === 'before' ? 'reset-before' : 'reset-after';
    };
    const sandbox = await sandboxWith({ fault });
    session = await audited(sandbox);
    session.call(BATCH, batch(40)).catch(() => {});
    await once(session.child, 'exit');
    expect(creates).toBeGreaterThanOrEqual(point);
    expectIntents(sandbox);
  });
});
