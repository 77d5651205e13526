/** The batch tool over stdio, processes killed and racing included. */
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/http.js';
import { closeSessions, progressOf, type Result, type Session, startBin } from '../support/bin.js';
import { closeAll, REGION, SERVER, sandboxWith } from '../support/client.js';

const BATCH = 'issue_ssl_vpn_client_certs';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'batch-'));
});
afterEach(async () => {
  await closeSessions();
  await closeAll();
  rmSync(folder, { recursive: true, force: true });
});

const environment = (sandbox: Sandbox) => ({
  ALIBABA_CLOUD_VPC_ENDPOINT: sandbox.url,
  ALIBABA_CLOUD_ACCESS_KEY_ID: sandbox.credentials.accessKeyId,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: sandbox.credentials.accessKeySecret,
});
const joiners = (count: number): string[] => Array.from({ length: count }, (_, index) => `joiner-${index}`);
const args = (names: string[], more: Record<string, unknown> = {}) => ({
  region_id: REGION,
  ssl_vpn_server_id: SERVER,
  names,
  ...more,
});
const countOf = (sandbox: Sandbox, name: string): number =>
  sandbox.cloud.certificates().filter((cert) => cert.Name === name).length;

describe('a batch whose process is killed', () => {
  it('at 30 points of its work ends with 200 certificates and no doubles', async () => {
    let session: Session | undefined;
    let left = 0;
    const sandbox = await sandboxWith({
      latencyMs: 3,
      fault: ({ action }) => {
        if (action === 'CreateSslVpnClientCert') left -= 1;
        if (left === 0) session?.child.kill('SIGKILL');
        return undefined;
      },
    });
    const given = args(joiners(200), { batch_id: 'killed' });
    for (let kills = 0; kills < 30; kills += 1) {
      // At its first create, its second, … its sixth.
      left = 1 + (kills % 6);
      session = await startBin([], environment(sandbox));
      session.call(BATCH, given).catch(() => {});
      await once(session.child, 'exit');
      expect(session.child.signalCode).toBe('SIGKILL');
    }
    left = Number.POSITIVE_INFINITY;
    session = await startBin([], environment(sandbox));
    const answer = await session.call(BATCH, given);
    expect(answer.complete).toBe(true);
    expect(answer.created.length + answer.already_existed.length).toBe(200);
    for (const name of joiners(200)) expect(countOf(sandbox, name), name).toBe(1);
  });
});

describe('two processes', () => {
  it('with one batch_id at the same time make no doubles', async () => {
    const sandbox = await sandboxWith({ latencyMs: 5 });
    const sessions = await Promise.all([1, 2].map(() => startBin([], environment(sandbox))));
    const answers = await Promise.all(
      sessions.map((session) => session.call(BATCH, args(joiners(40), { batch_id: 'shared' }))),
    );
    for (const answer of answers) expect(answer.complete).toBe(true);
    for (const name of joiners(40)) expect(countOf(sandbox, name)).toBe(1);
  });
});

describe('save_configs', () => {
  it('writes each file and an index for handing them out, and a repeat adds what is missing', async () => {
    const sandbox = await sandboxWith();
    const session = await startBin(['--output-dir', folder], environment(sandbox));
    const first = await session.call(BATCH, args(['alice', '张伟'], { save_configs: 'all' }));
    expect(first).toMatchObject({
      complete: true,
      folder,
      index: 'index.csv',
      already_existed: [{ name: 'alice', file: expect.stringContaining('alice-vsc-sandbox-alice.ovpn') }],
    });
    const second = await session.call(
      BATCH,
      args(['alice', '张伟', 'carol', 'anna'], { save_configs: 'all', batch_id: first.batch_id }),
    );
    expect(second.complete).toBe(true);
    // carol's certificate has expired: it is left alone, and no file is made of it.
    expect(second.already_existed.find((row: Result) => row.name === 'carol')).toMatchObject({
      status: 'expired',
      file_error: expect.stringContaining('expired'),
    });
    const index = readFileSync(join(folder, 'index.csv'), 'utf8').trimEnd().split('\n');
    expect(index[0]).toBe('name,certificate_id,file,expires_at,fingerprint_sha256');
    expect(
      index
        .slice(1)
        .map((line) => line.split(',')[0])
        .sort(),
    ).toEqual(['"alice"', '"anna"', '"张伟"']);
    for (const line of index.slice(1)) {
      const [, , file = '', expires = '', fingerprint = ''] = line.replaceAll('"', '').split(',');
      expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
      expect(Date.parse(expires)).toBeGreaterThan(Date.now());
      expect(fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    }
    expect(readdirSync(folder)).toHaveLength(4);
    expect(session.stdout()).not.toContain('PRIVATE KEY');
  });

  const files = () => readdirSync(folder).filter((name) => name.endsWith('.ovpn'));

  it('new writes nothing for those who have one, and what this batch made in earlier calls and processes', async () => {
    const sandbox = await sandboxWith();
    const start = () => startBin(['--output-dir', folder], environment(sandbox));
    const first = await (await start()).call(BATCH, args(['alice', 'anna']));
    expect(first).toMatchObject({ complete: true, created: [{ name: 'anna' }] });
    expect(files()).toEqual([]);
    const more = { save_configs: 'new', batch_id: first.batch_id };
    const second = await (await start()).call(BATCH, args(['alice', 'anna'], more));
    expect(second).toMatchObject({ complete: true, folder, index: 'index.csv' });
    expect(second).not.toHaveProperty('unsaved');
    expect(files()).toEqual([`anna-${first.created[0].ssl_vpn_client_cert_id}.ovpn`]);
  });

  it('new, with an id of the caller and a process that does not remember, says whose file is not written', async () => {
    const sandbox = await sandboxWith();
    const start = () => startBin(['--output-dir', folder], environment(sandbox));
    await (await start()).call(BATCH, args(['anna'], { batch_id: 'mine' }));
    const second = await (await start()).call(
      BATCH,
      args(['anna', 'alice'], { save_configs: 'new', batch_id: 'mine' }),
    );
    expect(second).toMatchObject({ complete: true, unsaved: ['anna'] });
    expect(second.next_steps.join(' ')).toContain('unsaved');
    expect(files()).toEqual([]);
  });

  it('a disk that takes nothing: the certificates are made, and each row says that its file is not', async () => {
    const sandbox = await sandboxWith();
    const session = await startBin(['--output-dir', '/dev/null/x'], environment(sandbox));
    const answer = await session.call(BATCH, args(['anna'], { save_configs: 'new' }));
    expect(answer.created).toEqual([
      expect.objectContaining({ name: 'anna', file_error: expect.stringContaining('/dev/null/x') }),
    ]);
    expect(countOf(sandbox, 'anna')).toBe(1);
  });
});

describe('progress', () => {
  it('comes over the wire when asked for, rising up to the total', async () => {
    const session = await startBin(['--sandbox']);
    await session.call(BATCH, args(joiners(6)), { onprogress: () => {} });
    const seen = progressOf(session);
    const values = seen.map(({ progress }) => progress);
    expect(values).toEqual([...new Set(values)].sort((a, b) => a - b));
    expect(seen.at(-1)).toMatchObject({ progress: 6, total: 6, message: expect.stringMatching(/^joiner-\d$/) });
  });
});
