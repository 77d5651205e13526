/** What of the service's configuration is written, and in which form. */
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/openvpn/read-config.js';
import { openvpnInstalled, refusalOf } from '../support/openvpn.js';

/** Written as they are. */
const KEPT = `
client
pull
tls-client
dev tun
dev tap0
dev-type tun
topology subnet
proto udp
proto tcp4-client
remote vpn.example.com
remote 203.0.113.1 1194
remote 2001:db8::1 443 tcp6-client
remote-random
port 1194
lport 1195
rport 1196
nobind
float
resolv-retry infinite
resolv-retry 30
connect-retry 5 60
connect-retry-max 3
connect-timeout 10
server-poll-timeout 10
persist-key
persist-tun
sndbuf 0
rcvbuf 393216
verb 0
verb 5
mute 20
mute-replay-warnings
keepalive 10 120
ping 10
ping-exit 60
ping-timer-rem
inactive 3600 1000
explicit-exit-notify
explicit-exit-notify 2
tun-mtu 1500
mssfix
mssfix 1450
mssfix 1450 mtu
fragment 1300
remote-cert-tls server
verify-x509-name server name
verify-x509-name "C=CN, O=Example Ltd, CN=server 1"
tls-version-min 1.2
tls-version-min 1.3 or-highest
tls-cipher TLS-ECDHE-RSA-WITH-AES-256-GCM-SHA384:TLS-DHE-RSA-WITH-AES-128-CBC-SHA
tls-ciphersuites TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256
cipher AES-128-CBC
cipher aes-256-gcm
data-ciphers AES-256-GCM:?CHACHA20-POLY1305:AES-128-CBC
data-ciphers-fallback AES-192-CBC
ncp-ciphers AES-256-GCM
auth SHA1
auth sha512
auth SHA3-256
auth-user-pass
auth-nocache
auth-retry interact
reneg-sec 0
reneg-sec 3600 300
reneg-bytes 64000000
reneg-pkts 1000
hand-window 60
tran-window 3600
tls-timeout 2
key-direction 1
comp-lzo
comp-lzo no
compress stub-v2
allow-compression asym
route 10.0.0.0 255.255.0.0
route 10.1.0.0 255.255.0.0 vpn_gateway 5
route 192.0.2.7 default net_gateway default
route-ipv6 2001:db8::/32 2001:db8::1 5
route-gateway 10.8.0.1
route-ipv6-gateway 2001:db8::1
route-metric 50
route-delay 5 30
route-nopull
redirect-gateway def1 bypass-dhcp !ipv4
redirect-private local
block-ipv6
block-outside-dns
dhcp-option DNS 100.100.2.136
dhcp-option DNS 2001:db8::53
dhcp-option DOMAIN corp.example.com
dhcp-option DISABLE-NBT
dns search-domains corp.example.com example.com
dns server 1 address 10.0.0.53 10.0.0.54:853 2001:db8::53 [2001:db8::54]:853
dns server -1 resolve-domains corp.example.com
dns server 1 dnssec optional
dns server 1 transport DoT
dns server 1 sni dns.example.com
pull-filter ignore redirect-gateway
pull-filter accept "dhcp-option DNS 10."
ignore-unknown-option block-outside-dns data-ciphers
setenv opt block-outside-dns`
  .trim()
  .split('\n');

/** Allowed directives whose value would weaken the connection, reach the machine, or not be understood. */
const BAD_VALUES = String.raw`
cipher none
cipher NONE
cipher null
cipher BF-CBC
cipher DES-CBC
cipher RC2-40-CBC
cipher
cipher AES-128-CBC x
data-ciphers none
data-ciphers AES-256-GCM:none
data-ciphers AES-256-GCM:?none
data-ciphers AES-256-GCM:
data-ciphers [null-cipher]
data-ciphers-fallback none
ncp-ciphers none
auth none
auth None
auth [null-digest]
auth MD5
tls-version-min 1.0
tls-version-min 1.1
tls-cipher DEFAULT:@SECLEVEL=0
tls-cipher TLS-ECDHE-RSA-WITH-NULL-SHA
tls-cipher TLS-RSA-WITH-RC4-128-MD5
tls-cipher TLS-ECDHE-RSA-WITH-AES-256-GCM-SHA384:NULL
tls-ciphersuites TLS_SHA256_SHA256
remote-cert-tls client
remote-cert-tls
remote-cert-tls server x
auth-user-pass /etc/passwd
auth-user-pass stdin
allow-compression yes
verb 6
verb 11
verb -1
proto tcp-server
proto UDP
dev null
dev /dev/mem
dev tun../../x
dev-type null
port 0
port 65536
port 1e3
port 0x10
port openvpn
remote -h
remote $(id)
remote fe80::1%eth0
remote "a b"
remote h 1194 tcp-server
remote h 1194 udp x
remote h\\i
remote 'a"b'
dhcp-option PROXY_HTTP proxy.example.com 3128
dhcp-option PROXY_AUTO_CONFIG_URL http://pac.example.com
dhcp-option DNS ns.example.com
dhcp-option DOMAIN $(id)
dns server 1 address ns.example.com
dns server 1 address 10.0.0.53:0
dns server 1 exec x
dns search-domains
route 10.0.0.0 255.255.0.0;id
route $(id)
route-ipv6 2001:db8::/129
redirect-gateway def1 $(id)
keepalive 10
keepalive 10 2147483648
explicit-exit-notify x
verify-x509-name "a\"b"
verify-x509-name server type
pull-filter run x
ignore-unknown-option ../x
client x
nobind x
persist-key 1
comp-lzo x
compress none
key-direction 2`
  .trim()
  .split('\n');

describe('a directive of a client', () => {
  it.each(KEPT)('%s is written', (line) => {
    expect(readConfig(line)).toMatchObject({ directives: [{ text: line }], leftOut: [] });
  });

  it.skipIf(!openvpnInstalled)('is one that OpenVPN knows in that form', () => {
    const unknown = (line: string) => /^Options error: .*client\.conf/m.test(refusalOf(`client\n${line}\n`));
    expect(unknown('remote')).toBe(true);
    // Only Windows has it; elsewhere `setenv opt` makes it an option.
    expect(KEPT.filter(unknown)).toEqual(['block-outside-dns']);
  });
});

describe('a directive with another value', () => {
  it.each(BAD_VALUES)('%s is left out and named', (line) => {
    expect(readConfig(line)).toMatchObject({ directives: [], leftOut: [line.split(' ')[0]] });
  });
});

describe('the reading of a configuration', () => {
  it('takes a directive in every way of writing it, and writes each in one', () => {
    for (const line of [
      'remote h 1',
      '\tremote\vh\f1\r',
      '--remote h 1',
      '"remote"h 1',
      "'remote''h''1'",
      '"--remote" "h" 1 # comment',
      'remote h 1 ;x',
    ]) {
      expect(readConfig(line)).toMatchObject({ directives: [{ name: 'remote', text: 'remote h 1' }], leftOut: [] });
    }
  });

  it('takes `setenv opt X` for the directive X, however deep', () => {
    expect(readConfig('setenv opt setenv opt verb 3').directives).toEqual([
      { name: 'verb', text: 'setenv opt verb 3' },
    ]);
    expect(readConfig('setenv opt up x\n"setenv""opt" setenv opt plugin x\nsetenv UV_X y\nsetenv opt')).toMatchObject({
      directives: [],
      leftOut: ['up', 'plugin', 'setenv'],
    });
  });

  it('writes a connection with what may be in one, where that names a server', () => {
    const text =
      '<connection>\nremote h 1\nproto tcp\nup x\nverb 3\n<tls-auth>\nremote i\n</tls-auth>\n  </connection>x\nnobind\n<connection>\nport 1\n</connection>';
    expect(readConfig(text)).toEqual({
      directives: [
        { name: 'connection', text: '<connection>\nremote h 1\nproto tcp\n</connection>' },
        { name: 'nobind', text: 'nobind' },
      ],
      staticKeys: new Map(),
      leftOut: ['up', 'verb', 'tls-auth', 'connection'],
    });
  });

  it('takes nothing of what a block holds, up to the line that OpenVPN takes for its end', () => {
    expect(readConfig('<up>\nremote in\n </up \n</down>\n\t</up> x\nremote out')).toMatchObject({
      directives: [{ text: 'remote out' }],
      leftOut: ['up'],
    });
    expect(readConfig('verb 3\n<ca>\nremote in')).toMatchObject({ directives: [{ text: 'verb 3' }], leftOut: [] });
  });

  it('leaves out lines that OpenVPN would stop at', () => {
    const longest = `ignore-unknown-option ${'x'.repeat(254 - 'ignore-unknown-option '.length)}`;
    expect(readConfig(longest).directives).toHaveLength(1);
    expect(readConfig(`${longest}x`)).toMatchObject({ directives: [], leftOut: ['(unreadable)'] });
    // Written with quotes in place of backslashes, it would be longer than it was.
    const escaped = `verify-x509-name a\\ ${'x'.repeat(254 - 'verify-x509-name a\\ '.length)}`;
    expect(readConfig(escaped)).toMatchObject({ directives: [], leftOut: ['verify-x509-name'] });
    expect(readConfig('remote "h')).toMatchObject({ directives: [], leftOut: ['(unreadable)'] });
  });

  it('names what it leaves out once, visibly, and up to a number', () => {
    expect(readConfig('up a\nup b\n--up c\nu\u200bp\n"\u001b[2J"\n\u202eup\nUP x').leftOut).toEqual([
      'up',
      '(unreadable)',
      'UP',
    ]);
    const many = readConfig(Array.from({ length: 100 }, (_, at) => `evil-${at}`).join('\n')).leftOut;
    expect(many).toHaveLength(21);
    expect(many.slice(-2)).toEqual(['evil-19', '(80 more)']);
    expect(readConfig('x'.repeat(41)).leftOut).toEqual(['(unreadable)']);
  });

  it('does not name certificate, key and CA, which are written from elsewhere', () => {
    expect(readConfig('ca ca.crt\ncert x.crt\nkey x.key\n<key>\nx\n</key>').leftOut).toEqual([]);
  });
});

describe('an inline key of the control channel', () => {
  const hex = Array.from({ length: 16 }, (_, at) => at.toString(16).repeat(32));
  const pem = (lines: string[]) =>
    ['-----BEGIN OpenVPN Static key V1-----', ...lines, '-----END OpenVPN Static key V1-----'].join('\n');
  const v2 = (bytes: number) =>
    `-----BEGIN OpenVPN tls-crypt-v2 client key-----\n${Buffer.alloc(bytes, 7).toString('base64')}\n-----END OpenVPN tls-crypt-v2 client key-----`;

  it('is kept without its comments', () => {
    for (const tag of ['tls-auth', 'tls-crypt']) {
      const { staticKeys, leftOut } = readConfig(`<${tag}>\n#\n# 2048 bit\n${pem(hex)}\nup x\n</${tag}>`);
      expect(Object.fromEntries(staticKeys)).toEqual({ [tag]: pem(hex) });
      expect(leftOut).toEqual([]);
    }
    for (const bytes of [546, 1280]) {
      const key = readConfig(`<tls-crypt-v2>\n${v2(bytes)}\n</tls-crypt-v2>`).staticKeys.get('tls-crypt-v2');
      expect(Buffer.from(key?.split('\n').slice(1, -1).join('') ?? '', 'base64')).toEqual(Buffer.alloc(bytes, 7));
      expect(Math.max(...(key?.split('\n').map(({ length }) => length) ?? []))).toBeLessThanOrEqual(64);
    }
  });

  it('of another form, or in a file, is left out and named', () => {
    for (const bad of [pem(hex.slice(1)), pem([...hex, '00']), pem(['g'.repeat(512)]), 'x', '', v2(600)]) {
      expect(readConfig(`<tls-auth>\n${bad}\n</tls-auth>`)).toMatchObject({ leftOut: ['tls-auth'] });
    }
    for (const bad of [v2(545), v2(1281), pem(hex)]) {
      expect(readConfig(`<tls-crypt-v2>\n${bad}\n</tls-crypt-v2>`)).toMatchObject({ leftOut: ['tls-crypt-v2'] });
    }
    expect(readConfig('tls-auth ta.key 1\n<secret>\nx\n</secret>')).toMatchObject({ leftOut: ['tls-auth', 'secret'] });
  });
});
