/**
 * What a client file may hold. A directive is here if an ordinary client needs it and it can neither run, load, read,
 * send nor write anything on the person's machine, nor weaken the connection. Meanings are those of openvpn(8).
 */
import {
  cipher,
  count,
  digest,
  either,
  type Form,
  host,
  ipv4,
  ipv6,
  like,
  listOf,
  name,
  number,
  oneOf,
  or,
  phrase,
  port,
  takes,
  takesMany,
  tlsCipher,
  tlsCiphersuite,
  type Values,
} from './forms.js';

const flag = takes([]);
/** `tcp-server` would listen. */
const protocol = oneOf('udp', 'udp4', 'udp6', 'tcp', 'tcp4', 'tcp6', 'tcp-client', 'tcp4-client', 'tcp6-client');
const dataCiphers = takes([
  listOf(or(cipher, (word) => word.startsWith('?') && cipher(word.slice(1)), oneOf('DEFAULT'))),
]);
const mtu = number(68, 65_535);
/** Verbosity 6 prints packets and 7 the keys of the session. */
const verbosity = number(0, 5);
const metric = or(count, oneOf('default'));
const ipv6Network: Form = (word) => {
  const [address = '', bits = '128', ...rest] = word.split('/');
  return rest.length === 0 && ipv6(address) && number(0, 128)(bits);
};
const dnsAddress: Form = (word) => {
  const [, address = word, portAfter] = /^\[([^\]]*)\]:(\d+)$/.exec(word) ?? /^([\d.]+):(\d+)$/.exec(word) ?? [];
  return or(ipv4, ipv6)(address) && (portAfter === undefined || port(portAfter));
};
const dnsServer = [oneOf('server'), like(/^-?\d{1,3}$/)];

/** Those that set a proxy (PROXY_HTTP, PROXY_AUTO_CONFIG_URL) would send elsewhere what the person does. */
const dhcpOption = either(
  takes([oneOf('DNS', 'DNS6'), or(ipv4, ipv6)]),
  takes([oneOf('WINS', 'NBDD', 'NTP'), ipv4]),
  takes([oneOf('DOMAIN', 'DOMAIN-SEARCH', 'ADAPTER_DOMAIN_SUFFIX', 'NBS'), name]),
  takes([oneOf('NBT'), oneOf('1', '2', '4', '8')]),
  takes([oneOf('DISABLE-NBT')]),
);
const dns = either(
  takesMany([oneOf('search-domains')], 1, name),
  takesMany([...dnsServer, oneOf('address')], 1, dnsAddress),
  takesMany([...dnsServer, oneOf('resolve-domains')], 1, name),
  takes([...dnsServer, oneOf('dnssec'), oneOf('yes', 'no', 'optional')]),
  takes([...dnsServer, oneOf('transport'), oneOf('plain', 'DoH', 'DoT')]),
  takes([...dnsServer, oneOf('sni'), name]),
);
const redirect = takesMany(
  [],
  0,
  oneOf('local', 'autolocal', 'def1', 'bypass-dhcp', 'bypass-dns', 'block-local', 'ipv6', '!ipv4'),
);

/** The directives that OpenVPN takes within `<connection>` too. */
const OF_A_CONNECTION: readonly (readonly [string, Values])[] = [
  ['remote', takes([host], [port, protocol])],
  ['proto', takes([protocol])],
  ['port', takes([port])],
  ['lport', takes([port])],
  ['rport', takes([port])],
  ['nobind', flag],
  ['float', flag],
  ['connect-retry', takes([count], [count])],
  ['connect-retry-max', takes([count])],
  ['connect-timeout', takes([count])],
  ['server-poll-timeout', takes([count])],
  ['explicit-exit-notify', takes([], [count])],
  ['tun-mtu', takes([mtu], [mtu])],
  ['fragment', takes([mtu], [oneOf('mtu')])],
  ['mssfix', takes([], [number(0, 65_535), oneOf('mtu', 'fixed')])],
  ['key-direction', takes([oneOf('0', '1')])],
];

const OF_THE_FILE: readonly (readonly [string, Values])[] = [
  ['client', flag],
  ['tls-client', flag],
  ['pull', flag],
  ['dev', takes([like(/^(?:tun|tap)\d{0,5}$/)])],
  ['dev-type', takes([oneOf('tun', 'tap')])],
  ['topology', takes([oneOf('net30', 'p2p', 'subnet')])],
  ['remote-random', flag],
  ['resolv-retry', takes([or(count, oneOf('infinite'))])],
  ['persist-key', flag],
  ['persist-tun', flag],
  ['sndbuf', takes([count])],
  ['rcvbuf', takes([count])],
  ['verb', takes([verbosity])],
  ['mute', takes([count])],
  ['mute-replay-warnings', flag],
  ['keepalive', takes([count, count])],
  ['ping', takes([count])],
  ['ping-exit', takes([count])],
  ['ping-restart', takes([count])],
  ['ping-timer-rem', flag],
  ['inactive', takes([count], [count])],

  ['remote-cert-tls', takes([oneOf('server')])],
  ['verify-x509-name', takes([phrase], [oneOf('subject', 'name', 'name-prefix')])],
  ['tls-version-min', takes([oneOf('1.2', '1.3')], [oneOf('or-highest')])],
  ['tls-cipher', takes([listOf(tlsCipher)])],
  ['tls-ciphersuites', takes([listOf(tlsCiphersuite)])],
  ['cipher', takes([cipher])],
  ['data-ciphers', dataCiphers],
  ['data-ciphers-fallback', takes([cipher])],
  ['ncp-ciphers', dataCiphers],
  ['auth', takes([digest])],
  ['reneg-sec', takes([count], [count])],
  ['reneg-bytes', takes([count])],
  ['reneg-pkts', takes([count])],
  ['hand-window', takes([count])],
  ['tran-window', takes([count])],
  ['tls-timeout', takes([count])],
  ['auth-user-pass', flag],
  ['auth-nocache', flag],
  ['auth-retry', takes([oneOf('none', 'interact', 'nointeract')])],
  // A client needs these to understand a server that compresses; `allow-compression yes` would have it compress too.
  ['comp-lzo', takes([], [oneOf('yes', 'no', 'adaptive')])],
  ['compress', takes([], [oneOf('stub', 'stub-v2', 'lzo', 'lz4', 'lz4-v2', 'migrate')])],
  ['allow-compression', takes([oneOf('no', 'asym')])],

  ['route', takes([name], [or(ipv4, oneOf('default')), name, metric])],
  ['route-ipv6', takes([ipv6Network], [or(ipv6, oneOf('default')), metric])],
  ['route-gateway', takes([name])],
  ['route-ipv6-gateway', takes([ipv6])],
  ['route-metric', takes([count])],
  ['route-delay', takes([], [count, count])],
  ['route-nopull', flag],
  ['redirect-gateway', redirect],
  ['redirect-private', redirect],
  ['block-ipv6', flag],
  ['block-outside-dns', flag],
  ['dhcp-option', dhcpOption],
  ['dns', dns],
  ['pull-filter', takes([oneOf('accept', 'ignore', 'reject'), phrase])],
  ['ignore-unknown-option', takesMany([], 1, like(/^[a-z0-9][a-z0-9-]*$/))],
];

/** The file itself, or a `<connection>` in it. */
export type Place = 'file' | 'connection';

const CONNECTION_DIRECTIVES = new Map(OF_A_CONNECTION);
const DIRECTIVES = new Map([...OF_THE_FILE, ...OF_A_CONNECTION]);

/** Whether a directive with these values may be written there. */
export function isAllowed(directive: string, values: readonly string[], place: Place): boolean {
  const allowed = place === 'file' ? DIRECTIVES : CONNECTION_DIRECTIVES;
  return allowed.get(directive)?.(values) === true;
}
