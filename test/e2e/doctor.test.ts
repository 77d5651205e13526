import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SandboxOptions } from '../../src/sandbox/http.js';
import { feed, type Result } from '../support/bin.js';
import { closeAll, REGION, sandboxWith } from '../support/client.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'doctor-'));
});
afterEach(async () => {
  await closeAll();
  rmSync(folder, { recursive: true, force: true });
});

async function doctor(args: string[], env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await feed(
    ['doctor', '--json', '--output-dir', join(folder, 'out'), ...args],
    '',
    env,
  );
  expect(stderr).toBe('');
  const { ok, checks } = JSON.parse(stdout);
  expect(code).toBe(ok ? 0 : 1);
  expect(ok).toBe(checks.every((check: Result) => check.status !== 'failed'));
  return { ok, check: (name: string): Result => checks.find((check: Result) => check.name === name) };
}

async function doctorOf(options: SandboxOptions, env: Record<string, string> = {}, region = REGION) {
  const sandbox = await sandboxWith(options);
  return doctor(['--region', region], {
    ALIBABA_CLOUD_VPC_ENDPOINT: sandbox.url,
    ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAI5tExampleExampleExample',
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'a-secret-of-some-length',
    ...env,
  });
}

const KEY = { accessKeyId: 'LTAI5tExampleExampleExample', accessKeySecret: 'a-secret-of-some-length' };

describe('doctor --access-file', () => {
  const write = (name: string, value: unknown): string => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(value));
    return path;
  };
  const rules = [
    { who: { groups: 'staff' }, tools: ['create_ssl_vpn_client_cert'], regions: [REGION], names: ['{email:local}--*'] },
  ];

  it('says what somebody with the claims of --as may do', async () => {
    const access = write('access.json', { rules });
    const claims = write('claims.json', { groups: ['staff'], email: 'anna@example.com' });
    const { check } = await doctor(['--sandbox', '--access-file', access, '--as', claims]);
    expect(check('access_file').status).toBe('ok');
    expect(check('create_ssl_vpn_client_cert').detail).toBe(`allowed for regions ${REGION}, names anna--*`);
    expect(check('delete_ssl_vpn_client_cert').detail).toBe('not allowed');
  });

  it('fails where the file cannot be used, and says what is wrong', async () => {
    const access = write('access.json', { rules: [{ ...rules[0], tools: ['make_cert'] }] });
    const { ok, check } = await doctor(['--sandbox', '--access-file', access]);
    expect(ok).toBe(false);
    expect(check('access_file').detail).toContain('rules.0.tools');
  });
});

describe('doctor', () => {
  it('finds nothing wrong with the sandbox', async () => {
    const { ok, check } = await doctor(['--sandbox', '--region', REGION]);
    expect(ok).toBe(true);
    for (const name of [
      'node',
      'settings',
      'output_folder',
      'credentials',
      'name_resolution',
      'clock',
      'DescribeRegions',
      'DescribeSslVpnServers',
    ]) {
      expect(check(name), name).toMatchObject({ status: 'ok' });
    }
    expect(check('settings').detail).toContain(`${REGION} (--region)`);
  });

  it('prints a line a check, without colour where there is no terminal', async () => {
    const { stdout, code } = await feed(['doctor', '--sandbox', '--output-dir', join(folder, 'out')], '');
    expect(code).toBe(0);
    for (const line of stdout.trimEnd().split('\n')) expect(line).toMatch(/^(ok|warning|failed) +\w+ /);
    expect(stdout).not.toContain('\x1b');
  });

  it('finds a wrong secret', async () => {
    const { ok, check } = await doctorOf({ keys: [KEY] }, { ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'another-secret' });
    expect(ok).toBe(false);
    expect(check('DescribeRegions')).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('SignatureDoesNotMatch'),
      remedy: expect.stringContaining('ALIBABA_CLOUD_ACCESS_KEY_SECRET'),
    });
  });

  it('finds a wrong region, and names the likeliest', async () => {
    const { check } = await doctorOf({ keys: [KEY] }, {}, 'ap-southeast-11');
    expect(check('region')).toMatchObject({ status: 'failed', remedy: expect.stringContaining('ap-southeast-1') });
  });

  it.each([20, -20])('finds a clock that is %i minutes off, although the calls work', async (minutes) => {
    const { ok, check } = await doctorOf({ keys: [KEY], now: () => Date.now() + minutes * 60_000 });
    expect(check('clock')).toMatchObject({
      status: 'warning',
      detail: expect.stringMatching(/^1(1[89]|2[01])\d s (behind|ahead of)/),
    });
    expect(check('DescribeSslVpnServers').status).toBe('ok');
    expect(ok).toBe(true);
  });

  it('finds that there is no network', async () => {
    const { ok, check } = await doctor(['--region', REGION, '--endpoint', 'http://127.0.0.1:9'], {
      ALIBABA_CLOUD_ACCESS_KEY_ID: KEY.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: KEY.accessKeySecret,
    });
    expect(ok).toBe(false);
    expect(check('connection')).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('127.0.0.1:9 refused'),
      remedy: expect.any(String),
    });
    const unknown = await doctor(['--endpoint', 'vpc.invalid'], {
      ALIBABA_CLOUD_ACCESS_KEY_ID: KEY.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: KEY.accessKeySecret,
    });
    expect(unknown.check('name_resolution').status).toBe('failed');
  });

  it('finds that a permission is missing, and gives the policy', async () => {
    const { ok, check } = await doctorOf({ keys: [{ ...KEY, denied: ['DescribeSslVpnServers'] }] });
    expect(ok).toBe(false);
    expect(check('DescribeRegions').status).toBe('ok');
    expect(check('DescribeSslVpnServers')).toMatchObject({
      status: 'failed',
      remedy: expect.stringContaining('"vpc:DescribeSslVpnServers"'),
    });
  });

  it('finds that credentials are missing or look wrong, and shows none', async () => {
    const none = await doctor([]);
    expect(none.check('credentials')).toMatchObject({
      status: 'failed',
      remedy: expect.stringContaining('ALIBABA_CLOUD_ACCESS_KEY_ID'),
    });
    const odd = await doctorOf({ keys: [KEY] }, { ALIBABA_CLOUD_ACCESS_KEY_SECRET: '"a-secret-of-some-length"' });
    expect(odd.check('credentials')).toMatchObject({
      status: 'warning',
      detail: expect.stringContaining('wrapped in quotes'),
    });
    expect(JSON.stringify(odd.check('credentials'))).not.toContain('a-secret-of-some-length');
  });

  it('finds an output folder that is a file, and an audit log that cannot be written', async () => {
    writeFileSync(join(folder, 'file'), '');
    const { check } = await doctor([
      '--sandbox',
      '--output-dir',
      join(folder, 'file'),
      '--audit-log',
      join(folder, 'file', 'log'),
    ]);
    expect(check('output_folder')).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('a file stands where a folder is needed'),
    });
    expect(check('audit_log').status).toBe('failed');
  });
});
