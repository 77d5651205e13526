/** One table of options -> one checked Settings value. Help, the README's table, defaults and doctor follow from it. */
import { isIP } from 'node:net';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { LOG_LEVELS, type LogLevel } from './log.js';
import { TOOL_NAMES } from './tools/names.js';
import type { Credentials } from './vpc/credentials.js';
import { isLoopback, isRegionId, REGION_ID_ACCEPTED } from './vpc/endpoints.js';
import { isServerId } from './vpc/ids.js';
import type { Proxies } from './vpc/proxy.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** One line for stderr that names what was wrong and says what is accepted. */
export class UsageError extends Error {
  override readonly name = 'UsageError' as const;
}

/** T is what is read, D the default: of the same type, or undefined. */
type Option<T, D> = {
  flag: string;
  env: string;
  /** What stands behind the flag in --help; a flag without it takes no value. */
  value?: string;
  repeatable?: true;
  accepts: string;
  help: string;
  fallback: D;
  /** The default in words, where there is one to tell. */
  shownDefault?: string;
  /** It may hold a password, so that it is not repeated. */
  secret?: true;
  /** @returns undefined for a text that is not accepted */
  read(text: string): T | undefined;
};

/** Ties the types of the default and of what is read together. */
const option = <T, D extends T | undefined>(row: Option<T, D>): Option<T, D> => row;

const MAX_MS = 600_000;

const milliseconds = (flag: string, env: string, fallback: number, help: string) =>
  option<number, number>({
    flag,
    env,
    value: 'MS',
    accepts: `a whole number of milliseconds from 1 to ${MAX_MS}`,
    help,
    fallback,
    shownDefault: String(fallback),
    read: (text) => wholeNumber(text, 1, MAX_MS),
  });

const list = (
  row: Pick<Option<unknown, unknown>, 'flag' | 'env' | 'value' | 'accepts' | 'help'>,
  accept: (item: string) => boolean,
) =>
  option<readonly string[], undefined>({
    ...row,
    repeatable: true,
    fallback: undefined,
    read(text) {
      const items = text
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '');
      // A list that names nothing would allow nothing or everything, and nobody could tell which was meant.
      return items.length > 0 && items.every(accept) ? items : undefined;
    },
  });

export const OPTIONS = {
  profile: option({
    flag: '--profile',
    env: 'ALIBABA_CLOUD_PROFILE',
    value: 'NAME',
    accepts: 'the name of a profile',
    help: "profile of the shared credentials files (default: the aliyun CLI's current one, otherwise default)",
    fallback: undefined,
    read: (text) => text,
  }),
  region: option({
    flag: '--region',
    env: 'ALIBABA_CLOUD_REGION_ID',
    value: 'REGION',
    accepts: REGION_ID_ACCEPTED,
    help: 'region of a call that names none',
    fallback: undefined,
    read: (text) => (isRegionId(text) ? text : undefined),
  }),
  endpoint: option({
    flag: '--endpoint',
    env: 'ALIBABA_CLOUD_VPC_ENDPOINT',
    value: 'HOST|URL',
    accepts:
      'a host such as vpc.eu-central-1.aliyuncs.com or an https:// URL without a path; http:// only to a loopback address',
    help: 'where the VPC API answers',
    fallback: undefined,
    shownDefault: 'by region',
    read: endpointUrl,
  }),
  timeoutMs: milliseconds('--timeout', 'SSL_VPN_MCP_TIMEOUT_MS', 10_000, 'time for one attempt'),
  deadlineMs: milliseconds(
    '--deadline',
    'SSL_VPN_MCP_DEADLINE_MS',
    45_000,
    'time for one tool call with all its attempts',
  ),
  outputDir: option({
    flag: '--output-dir',
    env: 'SSL_VPN_MCP_OUTPUT_DIR',
    value: 'DIR',
    accepts: 'the path of a folder',
    help: 'the only folder that configs are written to',
    fallback: join(homedir(), 'ssl-vpn-configs'),
    shownDefault: '~/ssl-vpn-configs',
    read: absolutePath,
  }),
  readOnly: option({
    flag: '--read-only',
    env: 'SSL_VPN_MCP_READ_ONLY',
    accepts: 'true, false, 1 or 0',
    help: 'no tool that changes anything is listed or callable',
    fallback: false,
    read: boolean,
  }),
  allowRegions: list(
    {
      flag: '--allow-region',
      env: 'SSL_VPN_MCP_ALLOW_REGIONS',
      value: 'REGION',
      accepts: REGION_ID_ACCEPTED,
      help: 'calls to other regions are refused (repeatable)',
    },
    isRegionId,
  ),
  allowServers: list(
    {
      flag: '--allow-server',
      env: 'SSL_VPN_MCP_ALLOW_SERVERS',
      value: 'ID',
      accepts: 'the id of an SSL-VPN server, e.g. vss-m5et0q3iy1qex328w',
      help: 'calls about other servers are refused (repeatable)',
    },
    isServerId,
  ),
  tools: list(
    {
      flag: '--tools',
      env: 'SSL_VPN_MCP_TOOLS',
      value: 'A,B',
      accepts: `names of tools: ${TOOL_NAMES.join(', ')}`,
      help: 'only these tools are listed and callable',
    },
    (tool) => TOOL_NAMES.some((known) => known === tool),
  ),
  auditLog: option({
    flag: '--audit-log',
    env: 'SSL_VPN_MCP_AUDIT_LOG',
    value: 'FILE',
    accepts: 'the path of a file',
    help: 'file that every change is recorded in',
    fallback: undefined,
    read: absolutePath,
  }),
  logLevel: option<LogLevel, LogLevel>({
    flag: '--log-level',
    env: 'SSL_VPN_MCP_LOG_LEVEL',
    value: 'LEVEL',
    accepts: LOG_LEVELS.join(', '),
    help: 'what goes to stderr',
    fallback: 'info',
    shownDefault: 'info',
    read: (text) => LOG_LEVELS.find((level) => level === text.toLowerCase()),
  }),
};

/** What `http` takes besides. */
export const HTTP_OPTIONS = {
  host: option({
    flag: '--host',
    env: 'SSL_VPN_MCP_HOST',
    value: 'ADDRESS',
    accepts: 'an IP address or localhost; anything but a loopback address needs --oauth-issuer',
    help: 'address that it listens on',
    fallback: '127.0.0.1',
    shownDefault: '127.0.0.1',
    read: (text) => (text === 'localhost' || isIP(text) !== 0 ? text : undefined),
  }),
  port: option({
    flag: '--port',
    env: 'SSL_VPN_MCP_PORT',
    value: 'N',
    accepts: 'a port from 0 to 65535',
    help: 'port that it listens on, also of explore and sandbox (default: 8080; of those any free one)',
    fallback: 8080,
    read: (text) => wholeNumber(text, 0, 65_535),
  }),
  publicUrl: option({
    flag: '--public-url',
    env: 'SSL_VPN_MCP_PUBLIC_URL',
    value: 'URL',
    accepts: 'an https:// URL without query, or http:// to a loopback address',
    help: 'how clients and people reach it, path prefix included',
    fallback: undefined,
    shownDefault: 'http://host:port',
    read: publicUrl,
  }),
  oauthIssuer: option({
    flag: '--oauth-issuer',
    env: 'SSL_VPN_MCP_OAUTH_ISSUER',
    value: 'URL',
    accepts: 'an https:// URL without query, or http:// to a loopback address',
    help: 'OpenID Connect issuer whose access tokens are accepted',
    fallback: undefined,
    // Issuers are compared letter by letter, so it stays as it was written.
    read: (text) => (publicUrl(text) === undefined ? undefined : text),
  }),
  oauthAudience: option({
    flag: '--oauth-audience',
    env: 'SSL_VPN_MCP_OAUTH_AUDIENCE',
    value: 'TEXT',
    accepts: 'what access tokens have as their audience',
    help: 'what a token must be for',
    fallback: undefined,
    shownDefault: 'public URL + /mcp',
    read: (text) => text,
  }),
  accessFile: option({
    flag: '--access-file',
    env: 'SSL_VPN_MCP_ACCESS_FILE',
    value: 'FILE',
    accepts: 'the path of a file',
    help: 'JSON: who may use which tools, regions, servers and names (also for doctor)',
    fallback: undefined,
    read: absolutePath,
  }),
  store: option({
    flag: '--store',
    env: 'SSL_VPN_MCP_STORE',
    value: 'URL',
    accepts: 'redis://host, or rediss://host for TLS, with user:password@, :port and /database where needed',
    help: 'Redis or Valkey: what replicas share',
    fallback: undefined,
    shownDefault: 'memory',
    secret: true,
    read: storeUrl,
  }),
  metricsPort: option({
    flag: '--metrics-port',
    env: 'SSL_VPN_MCP_METRICS_PORT',
    value: 'N',
    accepts: 'a port from 0 to 65535',
    help: 'loopback port of the metrics for Prometheus',
    fallback: undefined,
    shownDefault: 'off',
    read: (text) => wholeNumber(text, 0, 65_535),
  }),
  linkTtlS: option({
    flag: '--link-ttl',
    env: 'SSL_VPN_MCP_LINK_TTL_S',
    value: 'S',
    accepts: 'a whole number of seconds from 1 to 86400',
    help: 'seconds for which a download link lives',
    fallback: 900,
    shownDefault: '900',
    read: (text) => wholeNumber(text, 1, 86_400),
  }),
};

type Values<Options> = {
  [Name in keyof Options]: Options[Name] extends Option<infer T, infer D> ? T | D : never;
};

/** timeoutMs and deadlineMs in ms, outputDir and auditLog absolute, endpoint an origin. */
export type Settings = Values<typeof OPTIONS> & {
  /** From the environment; undefined leaves it to the provider chain. */
  credentials: Credentials | undefined;
  /** Where temporary credentials can be fetched, for the provider chain. */
  credentialsUri: string | undefined;
  /** The file of profiles, where it is not in its usual place: what the provider chain's library reads. */
  credentialsFile: string | undefined;
  proxies: Proxies;
  /** Where each setting that is not at its default came from, for doctor: "--region" or "ALIBABA_CLOUD_REGION_ID". */
  origins: ReadonlyMap<string, string>;
};

/**
 * @param given the texts of each flag on the command line
 * @throws UsageError
 */
export function readSettings(given: ReadonlyMap<string, readonly string[]>, env: Environment): Settings {
  const origins = new Map<string, string>();
  const read = reader(given, env, origins);
  return {
    profile: read(OPTIONS.profile),
    region: read(OPTIONS.region),
    endpoint: read(OPTIONS.endpoint),
    timeoutMs: read(OPTIONS.timeoutMs),
    deadlineMs: read(OPTIONS.deadlineMs),
    outputDir: read(OPTIONS.outputDir),
    readOnly: read(OPTIONS.readOnly),
    allowRegions: read(OPTIONS.allowRegions),
    allowServers: read(OPTIONS.allowServers),
    tools: read(OPTIONS.tools),
    auditLog: read(OPTIONS.auditLog),
    logLevel: read(OPTIONS.logLevel),
    credentials: readCredentials(env),
    credentialsUri: readUrl(env, 'ALIBABA_CLOUD_CREDENTIALS_URI', SAFE_URL, isSafe),
    credentialsFile: env.ALIBABA_CLOUD_CREDENTIALS_FILE || undefined,
    proxies: readProxies(env),
    origins,
  };
}

/** Without an issuer, `token` is the bearer secret of every client; undefined where one is to be made. */
export type HttpSettings = Values<typeof HTTP_OPTIONS> & { token: string | undefined };

/**
 * @param given the texts of each flag on the command line
 * @throws UsageError
 */
export function readHttpSettings(given: ReadonlyMap<string, readonly string[]>, env: Environment): HttpSettings {
  const origins = new Map<string, string>();
  const read = reader(given, env, origins);
  const http = {
    host: read(HTTP_OPTIONS.host),
    port: read(HTTP_OPTIONS.port),
    publicUrl: read(HTTP_OPTIONS.publicUrl),
    oauthIssuer: read(HTTP_OPTIONS.oauthIssuer),
    oauthAudience: read(HTTP_OPTIONS.oauthAudience),
    accessFile: read(HTTP_OPTIONS.accessFile),
    store: read(HTTP_OPTIONS.store),
    metricsPort: read(HTTP_OPTIONS.metricsPort),
    linkTtlS: read(HTTP_OPTIONS.linkTtlS),
    token: readToken(env),
  };
  const needsIssuer = http.oauthAudience === undefined ? '--host' : '--oauth-audience';
  if (http.oauthIssuer === undefined && (http.oauthAudience !== undefined || !isLoopback(inUrl(http.host))))
    throw unacceptable(
      origins.get(needsIssuer) ?? needsIssuer,
      `${needsIssuer === '--host' ? 'a loopback address, or any together with' : 'it only together with'} --oauth-issuer`,
    );
  return http;
}

/** An address as it stands in a URL: of IPv6 in brackets. */
export function inUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** Shorter ones could be guessed, and would not be told from innocent text. */
const MIN_TOKEN = 8;

function readToken(env: Environment): string | undefined {
  const token = textOf(env, 'SSL_VPN_MCP_TOKEN');
  if (token !== undefined && (token.length < MIN_TOKEN || !/^[\w.~+/=-]+$/.test(token)))
    throw unacceptable('SSL_VPN_MCP_TOKEN', `at least ${MIN_TOKEN} letters, digits or any of - . _ ~ + / =`);
  return token;
}

function reader(given: ReadonlyMap<string, readonly string[]>, env: Environment, origins: Map<string, string>) {
  return <T, D>({ flag, env: variable, accepts, fallback, read: accept, repeatable, secret }: Option<T, D>): T | D => {
    const texts = given.get(flag);
    const text = texts === undefined ? textOf(env, variable) : repeatable ? texts.join(',') : texts.at(-1);
    if (text === undefined) return fallback;
    const origin = texts === undefined ? variable : flag;
    const value = accept(text);
    if (value === undefined) throw unacceptable(origin, accepts, secret ? undefined : texts && text);
    origins.set(flag, origin);
    return value;
  };
}

const SAFE_URL = 'an https:// URL, or http:// to a loopback address';
const PROXY_URL = 'an http:// or https:// URL, e.g. http://proxy.example:3128';

/** MCP clients pass settings that the user left empty as empty strings: those count as not set. */
function textOf(env: Environment, variable: string): string | undefined {
  return env[variable]?.trim() || undefined;
}

/** @param text of the command line; one from the environment is not repeated: it may be a secret in the wrong variable */
function unacceptable(name: string, accepts: string, text?: string): UsageError {
  return new UsageError(
    `${name}: ${text === undefined ? 'its value' : quoteValue(text)} is not accepted; accepted: ${accepts}`,
  );
}

function readCredentials(env: Environment): Credentials | undefined {
  const read = (variable: string): string | undefined => {
    const text = textOf(env, variable);
    // Anything else could not be sent as a header.
    if (text !== undefined && !/^[\x20-\x7e]+$/.test(text))
      throw unacceptable(variable, 'printable ASCII characters on one line');
    return text;
  };
  const accessKeyId = read('ALIBABA_CLOUD_ACCESS_KEY_ID');
  const accessKeySecret = read('ALIBABA_CLOUD_ACCESS_KEY_SECRET');
  const securityToken = read('ALIBABA_CLOUD_SECURITY_TOKEN');
  if (accessKeyId === undefined || accessKeySecret === undefined) return undefined;
  return { accessKeyId, accessKeySecret, securityToken };
}

/** The names that curl and undici read; the lower-case ones first, as they do. */
function readProxies(env: Environment): Proxies {
  const read = (name: string): string | undefined => {
    const variable = textOf(env, name) === undefined ? name.toUpperCase() : name;
    return readUrl(env, variable, PROXY_URL, isProxy);
  };
  const http = read('http_proxy');
  const https = read('https_proxy');
  const none = textOf(env, 'no_proxy') ?? textOf(env, 'NO_PROXY');
  return { ...(http && { http }), ...(https && { https }), ...(none && { none }) };
}

function readUrl(
  env: Environment,
  variable: string,
  accepts: string,
  accept: (url: URL) => boolean,
): string | undefined {
  const text = textOf(env, variable);
  if (text === undefined) return undefined;
  if (!URL.canParse(text) || !accept(new URL(text))) throw unacceptable(variable, accepts);
  return text;
}

/** With a name and password that can be decoded, as they have to be for the proxy. */
function isProxy({ protocol, username, password }: URL): boolean {
  if (protocol !== 'http:' && protocol !== 'https:') return false;
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}

function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}

function endpointUrl(text: string): string | undefined {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(full)) return undefined;
  const url = new URL(full);
  const bare =
    url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  // A single word is no host of the API, but it may be a secret in the wrong place.
  const isHost = url.hostname.includes('.') || isLoopback(url.hostname);
  return bare && isHost && isSafe(url) ? url.origin : undefined;
}

/** Without the slash at its end. */
function publicUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const bare = url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  return bare && isSafe(url) ? `${url.origin}${url.pathname.replace(/\/+$/, '')}` : undefined;
}

function storeUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, pathname, search, hash } = new URL(text);
  const isRedis = protocol === 'redis:' || protocol === 'rediss:';
  return isRedis && hostname !== '' && /^(\/\d*)?$/.test(pathname) && search === '' && hash === '' ? text : undefined;
}

function boolean(text: string): boolean | undefined {
  if (['true', '1'].includes(text.toLowerCase())) return true;
  if (['false', '0'].includes(text.toLowerCase())) return false;
  return undefined;
}

export function wholeNumber(text: string, min: number, max: number): number | undefined {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : undefined;
}

function absolutePath(text: string): string {
  const expanded = text === '~' || text.startsWith('~/') ? join(homedir(), text.slice(1)) : text;
  return isAbsolute(expanded) ? expanded : resolve(expanded);
}

/** Of the command line, on one line and never long: a value pasted into the wrong place may be anything. */
export function quoteValue(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
