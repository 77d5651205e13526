import { execFileSync } from 'node:child_process';
import {
  lstatSync,
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
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { explain } from '../../src/errors/explain.js';
import { configFileName, writeConfig } from '../../src/files/private-file.js';
import { checkedConfig } from '../../src/openvpn/config.js';
import { createAuthority } from '../../src/sandbox/authority.js';
import type { CertDetail } from '../../src/vpc/actions.js';

const DAY = 86_400_000;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-file-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const authority = createAuthority(Date.now);

async function detail(part: Partial<CertDetail> = {}, days = 100): Promise<CertDetail> {
  const pem = await authority.issue(
    'vss-1',
    { commonName: 'x', notBefore: Date.now() - 200 * DAY, notAfter: Date.now() + days * DAY },
    'client',
  );
  return {
    SslVpnClientCertId: 'vsc-1',
    Name: 'x',
    RegionId: 'r',
    SslVpnServerId: 'vss-1',
    Status: 'normal',
    CreateTime: 0,
    EndTime: 0,
    CaCert: pem.caCert,
    ClientCert: pem.cert,
    ClientKey: pem.key,
    ClientConfig: 'client\r\nca ca.crt\r\ncert vsc-1.crt\r\nkey vsc-1.key\r\nremote 203.0.113.1 1194\r\n',
    ...part,
  };
}

async function codeOf(work: Promise<unknown> | (() => unknown)) {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    return explain(error);
  }
  throw new Error('no error');
}

describe('the text of the file', () => {
  it('holds CA, certificate and key inline and names no other file', async () => {
    const from = await detail();
    const { text, subject, issuer, fingerprint } = checkedConfig(from, Date.now());
    for (const [tag, pem] of [
      ['ca', from.CaCert],
      ['cert', from.ClientCert],
      ['key', from.ClientKey],
    ]) {
      expect(text).toContain(`<${tag}>\n${pem?.trim()}\n</${tag}>`);
    }
    expect(text).toContain('remote 203.0.113.1 1194');
    expect(text).not.toMatch(/^(ca|cert|key) /m);
    expect(text).not.toContain('\r');
    expect({ subject, issuer }).toEqual({
      subject: 'CN=x, O=SSL-VPN Sandbox',
      issuer: 'CN=vss-1 CA, O=SSL-VPN Sandbox',
    });
    // OpenSSL's own word for it.
    writeFileSync(join(folder, 'c.pem'), from.ClientCert);
    const printed = execFileSync(
      'openssl',
      ['x509', '-in', join(folder, 'c.pem'), '-noout', '-fingerprint', '-sha256'],
      { encoding: 'utf8' },
    );
    expect(printed.toUpperCase()).toContain(fingerprint);
  });

  it('takes PEM with a dump in words before it, as the service sends it', async () => {
    const from = await detail();
    const { text } = checkedConfig({ ...from, ClientCert: `Certificate:\n    Data:\n${from.ClientCert}` }, Date.now());
    expect(text).not.toContain('Data:');
  });

  it('leaves out what would run programs on the machine of the person, in whatever way it is written', async () => {
    const ClientConfig =
      'client\nscript-security 2\n  up /bin/sh\n--down x\n"plugin" evil.so\nroute-up x\nremote h 1\n<ca>\nold\n</ca>\nverb 3\n';
    const { text, leftOut } = checkedConfig(await detail({ ClientConfig }), Date.now());
    expect(leftOut).toEqual(['script-security', 'up', 'down', 'plugin', 'route-up']);
    expect(text).toMatch(/^client\nremote h 1\nverb 3\nremote-cert-tls server\n<ca>/);
    expect(text).not.toContain('old');
  });

  it("is not made of another's key, of a CA that did not sign, of what is no PEM, or of an expired certificate", async () => {
    const [mine, other] = [await detail(), await detail()];
    const foreign = await createAuthority(Date.now).issue(
      'vss-2',
      { commonName: 'x', notBefore: 0, notAfter: Date.now() + DAY },
      'client',
    );
    expect((await codeOf(() => checkedConfig({ ...mine, ClientKey: other.ClientKey }, Date.now()))).message).toContain(
      'its key does not belong to it',
    );
    expect((await codeOf(() => checkedConfig({ ...mine, CaCert: foreign.caCert }, Date.now()))).message).toContain(
      'did not sign it',
    );
    for (const broken of [{ ClientCert: 'x' }, { ClientKey: 'SECRET' }, { CaCert: '' }]) {
      const error = await codeOf(() => checkedConfig({ ...mine, ...broken }, Date.now()));
      expect(error.code).toBe('Client.MalformedResponse');
      expect(JSON.stringify(error)).not.toContain('SECRET');
    }
    const expired = await detail({}, -1);
    const error = await codeOf(() => checkedConfig(expired, Date.now()));
    expect(error.code).toBe('Client.Refused');
    expect(error.message).toContain('expired');
  });
});

describe('the name of the file', () => {
  it.each([
    ['zhang.wei', 'zhang.wei-vsc-1.ovpn'],
    ['张伟', '张伟-vsc-1.ovpn'],
    ['../../x', '_.._x-vsc-1.ovpn'],
    ['..', 'vsc-1.ovpn'],
    ['/etc/passwd', '_etc_passwd-vsc-1.ovpn'],
    ['a\\b:c*d?"<>|\n', 'a_b_c_d_-vsc-1.ovpn'],
    ['CON', '_CON-vsc-1.ovpn'],
    ['con.txt', '_con.txt-vsc-1.ovpn'],
    ['.hidden', 'hidden-vsc-1.ovpn'],
    ['-rf', 'rf-vsc-1.ovpn'],
    ['', 'vsc-1.ovpn'],
  ])('of %j is %j', (name, expected) => {
    expect(configFileName(name, 'vsc-1')).toBe(expected);
  });

  it('of 128 letters of three bytes fits into every file system, and is not cut within a letter', () => {
    const name = configFileName('猫'.repeat(128), `vsc-${'x'.repeat(60)}`);
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
    expect(name).toMatch(/^猫+-vsc-x+\.ovpn$/);
  });

  it('differs for two certificates of one name', () => {
    expect(configFileName('twin', 'vsc-1')).not.toBe(configFileName('twin', 'vsc-2'));
  });
});

describe('writing it', () => {
  it('makes the folder for its owner alone, and the file too', async () => {
    const { path } = await writeConfig(join(folder, 'new', 'deep'), 'a.ovpn', 'text', false);
    expect(readFileSync(path, 'utf8')).toBe('text');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'new', 'deep')).mode & 0o777).toBe(0o700);
  });

  it('keeps a file that exists unless told otherwise, and leaves nothing else behind', async () => {
    await writeConfig(folder, 'a.ovpn', 'first', false);
    expect(await codeOf(writeConfig(folder, 'a.ovpn', 'second', false))).toMatchObject({
      code: 'Client.FileExists',
      message: expect.stringContaining(join(folder, 'a.ovpn')),
    });
    expect(readFileSync(join(folder, 'a.ovpn'), 'utf8')).toBe('first');
    await writeConfig(folder, 'a.ovpn', 'third', true);
    expect(readFileSync(join(folder, 'a.ovpn'), 'utf8')).toBe('third');
    expect(readdirSync(folder)).toEqual(['a.ovpn']);
  });

  it('never writes through a link planted in the folder', async () => {
    const outside = join(folder, 'outside');
    const inside = join(folder, 'inside');
    mkdirSync(inside);
    writeFileSync(outside, 'precious');
    symlinkSync(outside, join(inside, 'a.ovpn'));
    symlinkSync(join(folder, 'nowhere'), join(inside, 'b.ovpn'));
    expect((await codeOf(writeConfig(inside, 'a.ovpn', 'x', false))).code).toBe('Client.FileExists');
    expect((await codeOf(writeConfig(inside, 'b.ovpn', 'x', false))).code).toBe('Client.FileExists');
    await writeConfig(inside, 'a.ovpn', 'mine', true);
    expect(lstatSync(join(inside, 'a.ovpn')).isSymbolicLink()).toBe(false);
    expect(readFileSync(outside, 'utf8')).toBe('precious');
    expect(() => statSync(join(folder, 'nowhere'))).toThrow();
  });

  it('of many at once on one name exactly one wins', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => writeConfig(folder, 'a.ovpn', String(index), false)),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(['a.ovpn']);
  });

  it('where a file stands in the place of the folder: the path is named and nothing is written', async () => {
    writeFileSync(join(folder, 'file'), '');
    for (const bad of [join(folder, 'file'), join(folder, 'file', 'sub')]) {
      const error = await codeOf(writeConfig(bad, 'a.ovpn', 'x', false));
      expect(error.message).toContain(bad);
      expect(error.message).toContain('a file, not a folder');
    }
  });

  it.skipIf(!canMount())('on a full disk: the path is named and nothing half-written is left', async () => {
    const full = join(folder, 'full');
    mkdirSync(full);
    mountSmallDisk(full);
    try {
      const error = await codeOf(writeConfig(full, 'a.ovpn', 'x'.repeat(100_000), false));
      expect(error.message).toContain(join(full, 'a.ovpn'));
      expect(error.message).toContain('the disk is full');
      expect(readdirSync(full)).toEqual([]);
    } finally {
      execFileSync('umount', [full]);
    }
  });
});

function mountSmallDisk(path: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', path], { stdio: 'ignore' });
}

/** Only root may, and not in every container. */
function canMount(): boolean {
  const path = mkdtempSync(join(tmpdir(), 'can-mount-'));
  try {
    mountSmallDisk(path);
    execFileSync('umount', [path]);
    return true;
  } catch {
    console.warn('the test of a full disk is skipped: this machine does not let it mount a small one');
    return false;
  } finally {
    rmSync(path, { recursive: true });
  }
}
