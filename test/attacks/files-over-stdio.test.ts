/** Files are written below the output folder only, by safe names, past whatever stands in the way: through the whole product. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { REGION } from '../support/client.js';
import {
  against,
  CERT_ID,
  certificate,
  closeHostile,
  hostileCloud,
  pageOf,
  SERVER_ID,
} from '../support/hostile-cloud.js';

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'files-'));
  folder = join(root, 'out');
});
afterEach(async () => {
  await closeHostile();
  rmSync(root, { recursive: true, force: true });
});

const SAVE = 'save_ssl_vpn_client_config';
const save = { region_id: REGION, ssl_vpn_client_cert_id: CERT_ID };
const batch = { region_id: REGION, ssl_vpn_server_id: SERVER_ID, names: ['anna'], save_configs: 'all' };

async function world(part: Record<string, unknown> = {}) {
  const cert = await certificate(part);
  const cloud = await hostileCloud(({ action }) => (action === 'DescribeSslVpnClientCerts' ? pageOf(cert) : cert));
  return { cloud, cert, session: await against(cloud, ['--output-dir', folder]) };
}

describe('a file', () => {
  it('has a safe name below the folder, whatever the certificate is called', async () => {
    const cert = await certificate();
    let Name = '';
    const cloud = await hostileCloud(() => ({ ...cert, Name }));
    const session = await against(cloud, ['--output-dir', folder]);
    const hostile = fc.oneof(
      fc.constantFrom(
        '../../x',
        '/etc/passwd',
        '..',
        '.',
        'a/b\\c',
        'con',
        '=HYPERLINK("x")',
        '-rf',
        'a\nb',
        '\u202Etxt.ovpn',
        'x'.repeat(4_000),
      ),
      fc.string({ unit: 'binary', maxLength: 60 }),
    );
    await fc.assert(
      fc.asyncProperty(hostile, async (name) => {
        Name = name;
        await session.call(SAVE, { ...save, overwrite: true });
      }),
      { numRuns: 60 },
    );
    expect(readdirSync(root)).toEqual(['out']);
    const names = readdirSync(folder);
    expect(names.length).toBeGreaterThan(10);
    for (const name of names)
      expect(name).toMatch(/^[\p{L}\p{M}\p{Nd}_][\p{L}\p{M}\p{Nd}._-]*-?vsc-hostile1\.ovpn$|^vsc-hostile1\.ovpn$/u);
  });

  it('that is there already counts as done only if it is what would be written now', async () => {
    const { session } = await world();
    const [{ path }] = (await session.call(SAVE, save)).files;
    expect((await session.call(SAVE, save)).files[0].path).toBe(path);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('verb', '# verb').replace('remote 203', 'remote 204'));
    const { error } = await session.call(SAVE, save);
    expect(error).toMatchObject({ code: 'Client.FileExists', message: expect.stringContaining('differs') });
    expect(error.next_steps.join(' ')).toContain('overwrite');
    const row = (await session.call('issue_ssl_vpn_client_certs', batch)).already_existed[0];
    expect(row.file_error).toContain('differs');
    await session.call(SAVE, { ...save, overwrite: true });
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('does not go through a link in its place', async () => {
    const { session } = await world();
    mkdirSync(folder, { mode: 0o700 });
    const victim = join(root, 'victim');
    writeFileSync(victim, 'precious');
    symlinkSync(victim, join(folder, 'anna-vsc-hostile1.ovpn'));
    expect((await session.call(SAVE, save)).error.code).toBe('Client.FileExists');
    await session.call(SAVE, { ...save, overwrite: true });
    expect(readFileSync(victim, 'utf8')).toBe('precious');
  });
});

describe('a folder', () => {
  it('that everybody may write to is refused, with the command that mends it', async () => {
    const { session } = await world();
    mkdirSync(folder);
    chmodSync(folder, 0o777);
    const { error } = await session.call(SAVE, save);
    expect(error).toMatchObject({ code: 'Client.Refused', effect: 'none' });
    const command = /`(chmod [^`]+)`/.exec(error.next_steps[0])?.[1] ?? '';
    execFileSync('sh', ['-c', command]);
    expect((await session.call(SAVE, save)).files).toHaveLength(1);
  });

  it("that is the person's own link is resolved once, at the start", async () => {
    const { session } = await world();
    const real = join(root, 'real');
    mkdirSync(real, { mode: 0o700 });
    symlinkSync(real, folder);
    expect((await session.call(SAVE, save)).files).toHaveLength(1);
    const other = join(root, 'other');
    mkdirSync(other, { mode: 0o700 });
    rmSync(folder);
    symlinkSync(other, folder);
    await session.call(SAVE, { ...save, overwrite: true });
    expect(readdirSync(other)).toEqual([]);
    expect(readdirSync(real)).toHaveLength(1);
  });
});

describe('index.csv', () => {
  it.each<[string, (path: string) => void]>([
    ['a pipe', (path) => execFileSync('mkfifo', [path])],
    ['a folder', (path) => mkdirSync(path)],
    ['a link', (path) => symlinkSync(join(root, 'victim'), path)],
    ['a file of somebody else', (path) => writeFileSync(path, 'my own, list\n')],
  ])('behind %s is not written, and nothing hangs', async (_what, plant) => {
    const { session } = await world();
    mkdirSync(folder, { mode: 0o700 });
    plant(join(folder, 'index.csv'));
    const answer = await session.call('issue_ssl_vpn_client_certs', batch);
    expect(answer.already_existed[0].file).toMatch(/\.ovpn$/);
    expect(answer.index_error).toContain('index.csv');
    expect(existsSync(join(root, 'victim'))).toBe(false);
  });

  it('is safe to open in a spreadsheet, whatever the names are', async () => {
    const names = ['=HYPERLINK("http://x")', '+1', '-1', '@SUM(A1)', '\t=1', '＝1', 'a"b,c\n=1'];
    const certs = await Promise.all(
      names.map((Name, index) => certificate({ Name, SslVpnClientCertId: `vsc-hostile${index}` })),
    );
    const cloud = await hostileCloud(({ action, parameters }) =>
      action === 'DescribeSslVpnClientCerts'
        ? pageOf(...certs)
        : (certs.find((cert) => cert.SslVpnClientCertId === parameters.SslVpnClientCertId) ?? {}),
    );
    const session = await against(cloud, ['--output-dir', folder]);
    // Names of the batch are checked, so those of the cloud come in by way of its list.
    const { files } = await session.call(SAVE, { region_id: REGION, ssl_vpn_client_cert_id: 'vsc-hostile0' });
    expect(files[0].path).not.toContain('=');
    expect((await session.call('issue_ssl_vpn_client_certs', { ...batch, names: ['=x'] })).error.code).toBe(
      'Client.InvalidArguments',
    );
  });

  it('loses no row of several batches at once', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `joiner-${index}`);
    const certs = await Promise.all(
      names.map((Name, index) => certificate({ Name, SslVpnClientCertId: `vsc-joiner${index}` })),
    );
    const cloud = await hostileCloud(({ action, parameters }) =>
      action === 'DescribeSslVpnClientCerts'
        ? pageOf(...certs)
        : (certs.find((cert) => cert.SslVpnClientCertId === parameters.SslVpnClientCertId) ?? {}),
    );
    const sessions = await Promise.all([1, 2].map(() => against(cloud, ['--output-dir', folder])));
    const issue = (turn: number) =>
      sessions[turn % 2]?.call('issue_ssl_vpn_client_certs', { ...batch, names: names.slice(turn * 5, turn * 5 + 5) });
    await Promise.all([0, 1, 2, 3, 4, 5].map(issue));
    expect(readFileSync(join(folder, 'index.csv'), 'utf8').trimEnd().split('\n')).toHaveLength(31);
  });
});
