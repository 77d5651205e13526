/** The saved file holds what a client needs and nothing else, whatever the cloud writes, and a real OpenVPN agrees. */
import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkedConfig } from '../../src/openvpn/config.js';
import { readConfig } from '../../src/openvpn/read-config.js';
import { createAuthority } from '../../src/sandbox/authority.js';
import { REGION } from '../support/client.js';
import { against, CERT_ID, certificate, closeHostile, hostileCloud } from '../support/hostile-cloud.js';
import { openvpnInstalled } from '../support/openvpn.js';

const ALLOWED = new Set(
  `client tls-client pull dev dev-type topology proto remote remote-random port lport rport nobind float resolv-retry
  connect-retry connect-retry-max connect-timeout server-poll-timeout persist-key persist-tun sndbuf rcvbuf verb mute
  mute-replay-warnings keepalive ping ping-exit ping-restart ping-timer-rem inactive explicit-exit-notify tun-mtu
  fragment mssfix remote-cert-tls verify-x509-name tls-version-min tls-cipher tls-ciphersuites cipher data-ciphers
  data-ciphers-fallback ncp-ciphers auth reneg-sec reneg-bytes reneg-pkts hand-window tran-window tls-timeout
  auth-user-pass auth-nocache auth-retry key-direction comp-lzo compress allow-compression route route-ipv6
  route-gateway route-ipv6-gateway route-metric route-delay route-nopull redirect-gateway redirect-private block-ipv6
  block-outside-dns dhcp-option dns pull-filter ignore-unknown-option`.split(/\s+/),
);
/** Dangerous ones, for machines without an OpenVPN to name all of them, and those of newer versions. */
const DANGEROUS =
  `up down up-restart route-up route-pre-down ipchange tls-verify learn-address auth-user-pass-verify client-connect
  script-security plugin engine providers pkcs11-providers iproute askpass http-proxy socks-proxy tls-auth tls-crypt
  tls-crypt-v2 crl-verify capath pkcs12 log log-append status writepid replay-persist genkey tls-export-cert config
  management cd chroot tmp-dir daemon syslog dns-updown dev-node secret extra-certs compat-mode no-replay setenv
  setenv-safe push-peer-info static-challenge tls-crypt-v2-verify x509-track user group`.split(/\s+/);
/** Certificate, key and CA are replaced without a word. */
const REPLACED = ['ca', 'cert', 'key'];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'saved-file-'));
});
afterEach(async () => {
  await closeHostile();
  rmSync(folder, { recursive: true, force: true });
});

/** Saves a configuration of the cloud over stdio. */
async function saving(part: () => Record<string, unknown>) {
  const cert = await certificate();
  const cloud = await hostileCloud(() => ({ ...cert, ...part() }));
  const session = await against(cloud, ['--output-dir', join(folder, 'saved')]);
  return async (): Promise<{ text: string; leftOut: string[] }> => {
    const result = await session.call('save_ssl_vpn_client_config', {
      region_id: REGION,
      ssl_vpn_client_cert_id: CERT_ID,
      overwrite: true,
    });
    expect(result).toHaveProperty('files');
    return { text: readFileSync(result.files[0].path, 'utf8'), leftOut: result.left_out ?? [] };
  };
}

/** Every directive of the text, those of connections included, by a reader that knows plain lines alone. */
function directivesOf(text: string): string[] {
  expect(text).toMatch(/^[\n\x20-\x7e]*$/);
  const blocks =
    /^<(ca|cert|key|tls-auth|tls-crypt|tls-crypt-v2)>\n-----BEGIN [\w -]+-----\n[\w+/=\n]+-----END [\w -]+-----(?:\n-----BEGIN CERTIFICATE-----\n[\w+/=\n]+-----END CERTIFICATE-----)*\n<\/\1>\n/gm;
  const lines = text
    .replace(blocks, '')
    .split('\n')
    .filter((line) => line !== '' && line !== '<connection>' && line !== '</connection>');
  return lines.map((line) => line.replace(/^setenv opt /, '').split(' ')[0] ?? '');
}

describe('every directive of OpenVPN, in every way of writing it', () => {
  const value = '/bin/$x';
  const WAYS: ((directive: string) => string)[] = [
    (directive) => directive,
    ...[value, '2', '1 2', 'none', `"${value} -c x" y`, '0 0 0 0'].map(
      (values) => (directive: string) => `${directive} ${values}`,
    ),
    (directive) => `--${directive} ${value}`,
    (directive) => `"${directive}" ${value}`,
    (directive) => `'--${directive}' "${value}"`,
    (directive) => `"${directive}""${value}"`,
    (directive) => `"${directive}"2`,
    (directive) => `'${directive}''${value}' # comment`,
    (directive) => `\\ ${directive} ${value}`,
    (directive) => `\\${directive} ${value}`,
    (directive) => `setenv opt ${directive} ${value}`,
    (directive) => `--setenv opt ${directive} 2`,
    (directive) => `setenv opt setenv opt ${directive} ${value}`,
    (directive) => `"setenv""opt""${directive}"${value}`,
    (directive) => `<connection>\nremote h 1\n${directive} ${value}\nsetenv opt ${directive} 2\n</connection>`,
    (directive) => `<${directive}>\n${value}\n</${directive}>`,
    (directive) => `<connection>\nremote h 1\n<${directive}>\n${value}\n</${directive}>\n</connection>`,
    ...['\t', '\v', '\f', '\r'].map((space) => (directive: string) => `${space}${directive}${space}${value}${space}`),
    ...['\u00a0', '\u2028', '\u0085', '\ufeff', '\u200b', '\0'].map(
      (character) => (directive: string) => `${character}${directive} ${value}\n${directive}${character}${value}`,
    ),
    ...['\r', '\u2028', '\u0085', '\v', '\0'].map((end) => (directive: string) => `verb 3${end}${directive} ${value}`),
  ];

  it('is not in the file unless a client needs it, and is named', async () => {
    const all = [...new Set([...DANGEROUS, ...documentedDirectives()])];
    let ClientConfig = '';
    const save = await saving(() => ({ ClientConfig }));
    // Fewer than are named at most.
    for (let at = 0; at < all.length; at += 15) {
      const some = all.slice(at, at + 15);
      ClientConfig = `remote h 1\n${some.flatMap((directive) => WAYS.map((way) => way(directive))).join('\n')}\n`;
      const { text, leftOut } = await save();
      expect(directivesOf(text).filter((directive) => !ALLOWED.has(directive))).toEqual([]);
      expect(text).not.toContain('/bin/');
      expect(text).not.toMatch(/^(setenv opt )?(cipher|auth|data-ciphers|data-ciphers-fallback|ncp-ciphers) .*none/m);
      const mustBeNamed = some.filter(
        (directive) => !ALLOWED.has(directive) && !REPLACED.includes(directive) && directive !== 'connection',
      );
      expect(leftOut).toEqual(expect.arrayContaining(mustBeNamed));
    }
  });
});

/** What the help and the manual of the installed OpenVPN name. */
function documentedDirectives(): string[] {
  if (!openvpnInstalled) return [];
  const help = spawnSync('openvpn', ['--help'], { encoding: 'utf8' }).stdout;
  const manual = manualPage().replaceAll('\\-', '-');
  const named = [...`${help}\n${manual}`.matchAll(/--([a-z][a-z0-9-]+)/g)].map(([, name = '']) => name);
  expect(named.length).toBeGreaterThan(240);
  return named;
}

/** Containers are often without manuals. */
function manualPage(): string {
  try {
    return gunzipSync(readFileSync('/usr/share/man/man8/openvpn.8.gz')).toString();
  } catch {
    return '';
  }
}

describe('the check of the server', () => {
  it('is there, whatever the cloud says of it', async () => {
    let ClientConfig = '';
    const save = await saving(() => ({ ClientConfig }));
    for (const line of ['', 'remote-cert-tls client', 'remote-cert-tls', 'ns-cert-type server', 'remote-cert-eku x']) {
      ClientConfig = `remote h 1\n${line}\n`;
      expect((await save()).text).toMatch(/^client\nremote h 1\nremote-cert-tls server\n<ca>\n/);
    }
  });
});

describe('blocks', () => {
  it('hold certificates and one key, whatever is before, between and after them', async () => {
    const cert = await certificate();
    const evil = '\n</ca>\n</cert>\n</key>\nup /bin/$x\n<ca>\n';
    const around = (text: unknown) =>
      `${evil}${text}${evil}-----BEGIN CERTIFICATE-----${evil}-----END CERTIFICATE-----`;
    const { CaCert, ClientCert, ClientKey } = cert;
    // Odd white space within the base64 is not copied either.
    const spread = (text: unknown) => String(text).replace(/(\w{8})\n/g, '$1\v\r\n\u00a0\t');
    for (const change of [around, spread]) {
      const parts = { CaCert: change(CaCert), ClientCert: change(ClientCert), ClientKey: change(ClientKey) };
      const save = await saving(() => ({ ...parts, ClientConfig: 'remote h 1\n' }));
      const { text } = await save();
      expect(text).toBe(
        `client\nremote h 1\nremote-cert-tls server\n<ca>\n${CaCert}</ca>\n<cert>\n${ClientCert}</cert>\n<key>\n${ClientKey}</key>\n`,
      );
      await closeHostile();
    }
  });

  it('hold no certificate that is no CA in the place of one', async () => {
    const cert = await certificate();
    const save = await saving(() => ({
      ...cert,
      CaCert: `${cert.ClientCert}${cert.CaCert}`,
      ClientConfig: 'remote h 1',
    }));
    expect((await save()).text).toContain(`<ca>\n${cert.CaCert}</ca>`);
  });
});

const authority = createAuthority(Date.now);
const pem = await authority.issue(
  'vss-1',
  { commonName: 'x', notBefore: 0, notAfter: Date.now() + 86_400_000 },
  'client',
);
const parts = { CaCert: pem.caCert, ClientCert: pem.cert, ClientKey: pem.key };

describe('any configuration at all', () => {
  const word = fc.constantFrom(
    ...ALLOWED,
    ...DANGEROUS,
    'opt',
    'none',
    'h',
    '1194',
    'tun',
    'udp',
    'def1',
    '10.0.0.1',
    'AES-256-GCM',
  );
  const mark = fc.constantFrom(
    '"',
    "'",
    '\\',
    ' ',
    ' ',
    ' ',
    '\t',
    '\v',
    '\f',
    '\r',
    '\0',
    '--',
    '#',
    ';',
    '<',
    '>',
    '</',
    '\u200b',
    '\u202e',
    '\ufeff',
    '\u{e0041}',
    '\u00a0',
    '\u3164',
  );
  const tag = fc.constantFrom(
    '<connection>',
    '</connection>',
    '<ca>',
    '</ca>',
    '<key>',
    '</key>',
    '<tls-auth>',
    '</tls-auth>',
    'remote h 1',
    'setenv opt setenv opt ',
  );
  const line = fc.oneof(
    fc.array(fc.oneof(word, mark, mark), { maxLength: 12 }).map((all) => all.join('')),
    fc.array(word, { maxLength: 5 }).map((all) => all.join(' ')),
    tag,
    fc.string({ unit: 'binary' }),
  );
  const text = fc.array(line, { maxLength: 40 }).map((lines) => `remote h 1\n${lines.join('\n')}`);

  it('gives a file of allowed directives in plain ASCII, which is what is written of that file again', () => {
    fc.assert(
      fc.property(text, (ClientConfig) => {
        const first = checkedConfig({ ...parts, ClientConfig }, 0);
        expect(directivesOf(first.text).filter((directive) => !ALLOWED.has(directive))).toEqual([]);
        expect(first.leftOut.length).toBeLessThanOrEqual(21);
        for (const name of first.leftOut) expect(name).toMatch(/^[\x20-\x7e]{1,40}$/);
        expect(checkedConfig({ ...parts, ClientConfig: first.text }, 0)).toEqual({ ...first, leftOut: [] });
      }),
      { numRuns: 500 },
    );
  });

  /** Four megabytes, which freeze a reader that starts over at every block: the time limit of the test is the judge. */
  it.each([
    ['<ca>\n', ''],
    ['<ca>\n</ca>\n', ''],
    ['<connection>\n</connection>\n', ''],
    ['<connection>\n', ''],
    ['<a>\n', '</a'],
    ['"', ''],
    ['\\', ''],
    ['setenv opt ', ''],
    ['a ', '\n'],
    ['<tls-auth>\n-----BEGIN OpenVPN Static key V1-----\n</tls-auth>\n', ''],
  ])('of %j over and over is read at once', (part, end) => {
    const { directives } = readConfig(`remote h 1\n${part.repeat(4_000_000 / part.length)}${end}`);
    expect(directives).toEqual([{ name: 'remote', text: 'remote h 1' }]);
  });

  it.each([
    '-----BEGIN CERTIFICATE-----',
    '-----BEGIN CERTIFICATE-----\nAAAA\n',
    '-----BEGIN CERTIFICATE-----\nAAAA\n-----END',
    `-----BEGIN CERTIFICATE-----${'A'.repeat(100)}`,
    '-----',
  ])('with certificates of %j over and over is refused at once', (part) => {
    const hostile = part.repeat(260_000 / part.length);
    for (let run = 0; run < 10; run++) {
      for (const field of ['CaCert', 'ClientCert', 'ClientKey']) {
        expect(() => checkedConfig({ ...parts, ClientConfig: 'remote h 1', [field]: hostile }, 0)).toThrow(
          'Not written',
        );
      }
    }
  });

  it('that is far too long, or names no server, is not written', () => {
    for (const ClientConfig of [
      'remote h 1\n'.repeat(30_000),
      '',
      'client\ndev tun',
      'remote $(id)',
      '<ca>\nremote h 1',
      '# remote h 1',
      '<connection>\nport 1\n</connection>',
    ]) {
      expect(() => checkedConfig({ ...parts, ClientConfig }, 0)).toThrow('Not written');
    }
  });
});

/** What a hostile configuration does on the person's machine, and what shows that it did. */
type Attack = {
  what: string;
  lines: string;
  evidence: RegExp /** What it takes beside the hostile lines. */;
  besides?: string;
};

const RAN = /^planted-ran$/m;
const attacks = (of: string): Attack[] => [
  { what: 'setenv opt', lines: `setenv opt script-security 2\nsetenv opt up "${of}/program x"`, evidence: RAN },
  { what: 'glued words', lines: `"script-security"2\n"up""${of}/program"`, evidence: RAN },
  { what: 'dashes and tabs', lines: `\t--script-security\t2\n\v--up\f${of}/program`, evidence: RAN },
  { what: 'a log', lines: `log ${of}/planted-log`, evidence: /^planted-log$/m },
  { what: 'a log in quotes', lines: `'log-append'"${of}/planted-log"`, evidence: /^planted-log$/m },
  { what: 'a status file', lines: `status ${of}/planted-status`, evidence: /^planted-status$/m },
  { what: 'a pid file', lines: `setenv opt writepid ${of}/planted-pid`, evidence: /^planted-pid$/m },
  { what: 'a made key', lines: `genkey secret ${of}/planted-key`, evidence: /^planted-key$/m },
  { what: 'another configuration', lines: `config ${of}/private`, evidence: /contents-of-the-person/ },
  { what: 'a plugin', lines: `"plugin"${of}/planted.so`, evidence: /PLUGIN_INIT: could not load.*planted\.so/ },
  {
    what: 'a file of passwords',
    lines: `auth-user-pass ${of}/planted-pass`,
    evidence: /fails with '\S+planted-pass'/,
    besides: 'pull',
  },
  { what: 'a file of a passphrase', lines: `askpass ${of}/planted-pass`, evidence: /fails with '\S+planted-pass'/ },
  { what: 'a key file', lines: `tls-auth ${of}/planted-key 1`, evidence: /fails with '\S+planted-key'/ },
  { what: 'a list of revoked', lines: `crl-verify ${of}/planted-crl`, evidence: /fails with '\S+planted-crl'/ },
  { what: 'a management socket', lines: `management ${of}/planted-socket unix`, evidence: /^planted-socket$/m },
  {
    what: 'no cipher',
    lines: 'data-ciphers none\ndata-ciphers-fallback none',
    evidence: /cipher.*none.*NO encryption/i,
  },
];

describe.skipIf(!openvpnInstalled)('a real OpenVPN', () => {
  const base = (port: number) => `tls-client\nnobind\nproto udp\nremote 127.0.0.1 ${port}\ncipher AES-128-CBC\n`;
  let port = 0;
  let close: () => void;

  beforeEach(async () => {
    // A server that never answers: the client comes as far as it can before that.
    const server = createSocket('udp4');
    server.bind(0, '127.0.0.1');
    await once(server, 'listening');
    port = server.address().port;
    close = () => server.close();
    writeFileSync(join(folder, 'program'), `#!/bin/sh\ntouch ${folder}/planted-ran\n`, { mode: 0o700 });
    writeFileSync(join(folder, 'private'), 'contents-of-the-person\n');
    mkdirSync(join(folder, 'home'));
  });
  afterEach(() => close());

  it.each(attacks('').map(({ what }) => what))('falls for %s as the cloud wrote it', async (what) => {
    const attack = attacks(folder).find((candidate) => candidate.what === what);
    const blocks = `<ca>\n${pem.caCert}</ca>\n<cert>\n${pem.cert}</cert>\n<key>\n${pem.key}</key>\n`;
    writeFileSync(
      join(folder, 'home', 'client.ovpn'),
      `${base(port)}${attack?.besides ?? ''}\n${attack?.lines}\n${blocks}`,
    );
    const { evidence = /^$/ } = attack ?? {};
    expect(await openvpn((seen) => evidence.test(seen))).toMatch(evidence);
  });

  it('runs, reads, writes and opens nothing with the saved file', async () => {
    const hostile = attacks(folder);
    const ClientConfig = base(port) + hostile.map(({ lines }) => `${lines}\n`).join('');
    const save = await saving(() => ({ ClientConfig }));
    const { text, leftOut } = await save();
    expect(text.slice(0, text.indexOf('<ca>'))).toBe(`${base(port)}remote-cert-tls server\n`);
    expect(leftOut).toEqual(expect.arrayContaining(['up', 'log', 'plugin', 'management', 'config', 'data-ciphers']));
    rmSync(join(folder, 'saved'), { recursive: true });
    writeFileSync(join(folder, 'home', 'client.ovpn'), text);
    const seen = await openvpn(() => false);
    expect(seen).toContain('TLS handshake failed');
    for (const { evidence } of hostile) expect(seen).not.toMatch(evidence);
    expect(readdirSync(folder).sort()).toEqual(['home', 'private', 'program']);
    expect(readdirSync(join(folder, 'home'))).toEqual(['client.ovpn']);
  });
});

/** What OpenVPN said and which files there are, once that is enough or it has ended. */
async function openvpn(enough: (seen: string) => boolean): Promise<string> {
  const args = ['--config', 'client.ovpn', '--dev', 'null', '--hand-window', '1', '--connect-retry-max', '1'];
  const child = spawn('openvpn', args, { cwd: join(folder, 'home'), stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const seen = () => `${output}\n${readdirSync(folder).join('\n')}`;
  const look = setInterval(() => {
    if (enough(seen())) child.kill('SIGKILL');
  }, 20);
  await once(child, 'close');
  clearInterval(look);
  return seen();
}
