import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { explain } from '../../src/errors/explain.js';
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
    const { text, fingerprint } = checkedConfig(from, Date.now());
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
    expect(text).not.toContain('\nold\n');
  });

  it.each([
    ['without a name', '/'],
    ['of X.509 version 1, which cannot say that it is a CA', '/CN=v1'],
  ])('takes a CA %s', (_, name) => {
    const file = (part: string) => join(folder, part);
    writeFileSync(file('config'), '[req]\ndistinguished_name=name\n[name]\n');
    const args = `req -x509 -newkey rsa:2048 -nodes -days 2 -keyout ${file('key')} -out ${file('crt')} -subj ${name}`;
    execFileSync('openssl', [...args.split(' '), '-config', file('config')], { stdio: 'ignore' });
    const [CaCert, ClientKey] = [readFileSync(file('crt'), 'utf8'), readFileSync(file('key'), 'utf8')];
    const parts = { CaCert, ClientCert: CaCert, ClientKey, ClientConfig: 'remote h 1' };
    expect(checkedConfig(parts, Date.now()).text).toContain('remote h 1');
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
