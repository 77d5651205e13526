import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAuthority } from '../src/sandbox/authority.js';
import { createSecrets, maskKeyId } from '../src/secrets.js';

const html = (text: string): string => text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
const htmlNamed = (text: string): string =>
  text.replace(
    /[&<>"']/g,
    (mark) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' })[mark] ?? mark,
  );
const json = (text: string): string => JSON.stringify(text).slice(1, -1);
const percent = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
const lower = (text: string): string => text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
const base64 = (text: string, pad: number): string =>
  Buffer.from(`${'x'.repeat(pad)}${text}yz`, 'utf8').toString('base64');

/** Every way in which a faulty or hostile service could send a text back. */
const ENCODINGS: [string, (text: string) => string][] = [
  ['as it is', (text) => text],
  ['trimmed', (text) => text.trim()],
  ['percent-encoded', percent],
  ['percent-encoded in lower case', (text) => lower(percent(text))],
  ['percent-encoded twice', (text) => percent(percent(text))],
  [
    'every byte percent-encoded',
    (text) => Array.from(Buffer.from(text), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  ],
  ['as a form', (text) => percent(text).replaceAll('%20', '+')],
  ['JSON-escaped', json],
  ['JSON-escaped twice', (text) => json(json(text))],
  ['in \\u escapes', (text) => Array.from(text, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')],
  ['HTML-escaped', html],
  ['HTML-escaped by name', htmlNamed],
  ['HTML-escaped twice', (text) => htmlNamed(htmlNamed(text))],
  ['in base64', (text) => base64(text, 0)],
  ['in base64, one byte in', (text) => base64(text, 1)],
  ['in base64, two bytes in', (text) => base64(text, 2)],
  ['in base64 for URLs', (text) => base64(text, 0).replaceAll('+', '-').replaceAll('/', '_')],
  ['in base64, percent-encoded', (text) => percent(base64(text, 1))],
];

const secretText = fc.string({
  // What keys, tokens and passwords are made of. A backslash or a percent sign is taken for the start of an escape.
  unit: fc.constantFrom(...'ABCXYZabcxyz0189+/=&<>"!()*._~-'),
  minLength: 24,
  maxLength: 900,
});

describe.each(ENCODINGS)('a secret %s', (name, encode) => {
  it('is cut out of any text, and nothing that is left of it is longer than a few characters', () => {
    fc.assert(
      fc.property(secretText, fc.string(), fc.string(), (secret, before, after) => {
        fc.pre(!/^\s|\s$/.test(secret));
        const secrets = createSecrets();
        secrets.add({ accessKeyId: 'LTAI5tExampleExampleExample', accessKeySecret: secret, securityToken: undefined });
        const cleaned = secrets.clean(`${before}${encode(secret)}${after}`);
        // No good part of the secret may be left: sixteen characters of it, or what base64 makes of them.
        const whole = encode(secret);
        const parts = name.includes('base64')
          ? Array.from({ length: Math.max(0, whole.length - 40) }, (_, index) => whole.slice(index + 8, index + 32))
          : Array.from({ length: secret.length - 16 }, (_, index) => encode(secret.slice(index, index + 16)));
        for (const part of parts)
          if (!before.includes(part) && !after.includes(part)) expect(cleaned).not.toContain(part);
      }),
      { numRuns: 60 },
    );
  });
});

describe('secrets', () => {
  const keys = {
    accessKeyId: 'LTAI5tExampleExampleExample',
    accessKeySecret: 'a-secret-of-some-length',
    securityToken: 'CAIS+token/with==marks',
  };

  it('are cut out wherever they stand, names of fields included; key ids are masked', () => {
    const secrets = createSecrets();
    secrets.add(keys);
    secrets.addPassword('p@ss word!');
    expect(
      secrets.clean({
        [`x-${keys.accessKeySecret}`]: [{ deep: `Bearer ${keys.securityToken}` }],
        id: keys.accessKeyId,
        proxy: 'http://user:p%40ss%20word!@proxy/%41',
        count: 3,
      }),
    ).toEqual({
      'x-[removed]': [{ deep: 'Bearer [removed]' }],
      id: maskKeyId(keys.accessKeyId),
      proxy: 'http://user:[removed]@proxy/A',
      count: 3,
    });
  });

  it('that were renewed are still known, for answers that are under way', () => {
    const secrets = createSecrets();
    secrets.add(keys);
    for (let turn = 0; turn < 5; turn += 1)
      secrets.add({ accessKeyId: `STS.key-number-${turn}`, accessKeySecret: `another-secret-${turn}` });
    expect(secrets.clean(keys.accessKeySecret)).toBe('[removed]');
  });

  it('of a proxy are never forgotten, however often credentials are renewed', () => {
    const secrets = createSecrets();
    secrets.addPassword('password-of-a-proxy');
    for (let turn = 0; turn < 50; turn += 1)
      secrets.add({
        accessKeyId: 'id',
        accessKeySecret: `secret-number-${turn}`,
        securityToken: `token-number-${turn}`,
      });
    expect(secrets.clean('password-of-a-proxy')).toBe('[removed]');
  });

  it('leave everything else as it is', () => {
    const secrets = createSecrets();
    secrets.add(keys);
    const path = '/mnt/MIGRATION/customers/europe/frankfurt/offices/of-the-company/vpn/configs/zhang.wei.ovpn';
    const value = { path, name: '张伟', list: ['a', 1, null, true], text: 'a-secret-of-another-length; MII is no key' };
    expect(secrets.clean(value)).toEqual(value);
  });

  it('are looked for in megabytes of anything without standing still', () => {
    const secrets = createSecrets();
    secrets.add({ ...keys, securityToken: 'CAIS'.repeat(200) });
    for (const filler of ['CAISCAI ', '-----BEGIN ', 'MII', '%2D%2D', '\\\\\\\\', '&amp;', 'LS0tLS1CRUdJT '])
      expect(secrets.clean(filler.repeat(1_000_000 / filler.length)).length).toBeGreaterThan(0);
  });
});

describe('private keys', () => {
  const pems = Promise.all(
    ['one', 'two'].map((commonName) =>
      createAuthority(Date.now).issue(
        'vss-1',
        { commonName, notBefore: Date.now() - 1e6, notAfter: Date.now() + 1e9 },
        'client',
      ),
    ),
  );

  it.each(ENCODINGS)('%s are cut out', async (_name, encode) => {
    for (const { key } of await pems) {
      const cleaned = createSecrets().clean(`before ${encode(key)} after`);
      const encoded = encode(key);
      for (let start = 0; start + 60 < encoded.length; start += 20)
        expect(cleaned).not.toContain(encoded.slice(start, start + 60));
      expect(cleaned).toMatch(/^before .{0,4}\[removed\]/);
    }
  });

  it('without their first and last line are cut out too', async () => {
    for (const { key } of await pems) {
      const body = key.split('\n').slice(1, -2).join('');
      expect(createSecrets().clean(`before ${body} after`)).toBe('before [removed] after');
    }
  });

  it.each(['rsa', 'ec', 'ed25519'] as const)(
    'of the kind %s are cut out without their PEM, indented or encrypted too',
    (kind) => {
      const pair =
        kind === 'rsa'
          ? generateKeyPairSync('rsa', { modulusLength: 2048 })
          : kind === 'ec'
            ? generateKeyPairSync('ec', { namedCurve: 'P-521' })
            : generateKeyPairSync('ed25519');
      const privateKey = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
      const body = privateKey.split('\n').slice(1, -2);
      for (const text of [body.join(''), body.join('\n'), body.join('\n    ')])
        expect(createSecrets().clean(`before ${text} after`)).toBe('before [removed] after');
      const encrypted = `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n${body.join('\n')}`;
      expect(createSecrets().clean(`before ${encrypted}`)).toBe('before [removed]');
    },
  );

  it('stay in what is yet to be made a file of', async () => {
    const [first] = await pems;
    expect(createSecrets().cleanCredentials(first)).toEqual(first);
  });
});
