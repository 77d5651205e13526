/** Flags and environment -> one checked Settings value. main.ts passes the environment in; nothing else reads it. */
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { LOG_LEVELS, type LogLevel } from './log.js';
import { TOOL_NAMES } from './tools/names.js';
import type { Credentials } from './vpc/credentials.js';
import { isRegionId, REGION_ID_ACCEPTED } from './vpc/endpoints.js';
import type { Proxies } from './vpc/http.js';

export type Settings = {
  /** From the environment; undefined leaves it to the provider chain. */
  credentials: Credentials | undefined;
  profile: string | undefined;
  /** Where temporary credentials can be fetched, for the provider chain. */
  credentialsUri: string | undefined;
  region: string | undefined;
  /** Base URL without a trailing slash. */
  endpoint: string | undefined;
  timeoutMs: number;
  deadlineMs: number;
  /** Absolute. */
  outputDir: string;
  readOnly: boolean;
  allowRegions: readonly string[] | undefined;
  allowServers: readonly string[] | undefined;
  tools: readonly string[] | undefined;
  auditLog: string | undefined;
  logLevel: LogLevel;
  proxies: Proxies;
  /** Where each setting came from, for doctor: "--region", "ALIBABA_CLOUD_REGION_ID" or "default". */
  origins: Readonly<Record<string, string>>;
};

export type Command =
  | { name: 'serve'; sandbox: boolean; settings: Settings }
  | { name: 'sandbox'; port: number }
  | { name: 'doctor'; sandbox: boolean; json: boolean; settings: Settings }
  | { name: 'help' }
  | { name: 'version' };

export type Environment = Readonly<Record<string, string | undefined>>;

/** One line for stderr that names what was wrong and says what is accepted. */
export class UsageError extends Error {
  override readonly name = 'UsageError' as const;
}

/** By its name: the class exists once in each file that the build makes. */
export function isUsageError(error: unknown): error is UsageError {
  return error instanceof Error && error.name === 'UsageError';
}

type Option = {
  flag: string;
  env?: string;
  /** What stands behind the flag in --help; a flag without it takes no value. */
  value?: string;
  repeatable?: true;
  accepts: string;
  help: string;
};

const milliseconds = 'a whole number of milliseconds from 1 to 600000';

export const OPTIONS = {
  profile: {
    flag: '--profile',
    env: 'ALIBABA_CLOUD_PROFILE',
    value: 'NAME',
    accepts: 'the name of a profile',
    help: 'profile of the shared credentials files (default: default)',
  },
  region: {
    flag: '--region',
    env: 'ALIBABA_CLOUD_REGION_ID',
    value: 'REGION',
    accepts: REGION_ID_ACCEPTED,
    help: 'region of a call that names none',
  },
  endpoint: {
    flag: '--endpoint',
    env: 'ALIBABA_CLOUD_VPC_ENDPOINT',
    value: 'HOST|URL',
    accepts:
      'a host such as vpc.eu-central-1.aliyuncs.com or an https:// URL without a path; http:// only to a loopback address',
    help: 'where the VPC API answers (default: by region)',
  },
  timeout: {
    flag: '--timeout',
    env: 'SSL_VPN_MCP_TIMEOUT_MS',
    value: 'MS',
    accepts: milliseconds,
    help: 'time for one attempt (default: 10000)',
  },
  deadline: {
    flag: '--deadline',
    env: 'SSL_VPN_MCP_DEADLINE_MS',
    value: 'MS',
    accepts: milliseconds,
    help: 'time for one tool call with all its attempts (default: 45000)',
  },
  outputDir: {
    flag: '--output-dir',
    env: 'SSL_VPN_MCP_OUTPUT_DIR',
    value: 'DIR',
    accepts: 'the path of a folder',
    help: 'the only folder that configs are written to (default: ~/ssl-vpn-configs)',
  },
  readOnly: {
    flag: '--read-only',
    env: 'SSL_VPN_MCP_READ_ONLY',
    accepts: 'true, false, 1 or 0',
    help: 'no tool that changes anything is listed or callable',
  },
  allowRegions: {
    flag: '--allow-region',
    env: 'SSL_VPN_MCP_ALLOW_REGIONS',
    value: 'REGION',
    repeatable: true,
    accepts: REGION_ID_ACCEPTED,
    help: 'calls to other regions are refused (repeatable)',
  },
  allowServers: {
    flag: '--allow-server',
    env: 'SSL_VPN_MCP_ALLOW_SERVERS',
    value: 'ID',
    repeatable: true,
    accepts: 'the id of an SSL-VPN server, e.g. vss-m5et0q3iy1qex328w',
    help: 'calls about other servers are refused (repeatable)',
  },
  tools: {
    flag: '--tools',
    env: 'SSL_VPN_MCP_TOOLS',
    value: 'A,B',
    repeatable: true,
    accepts: `names of tools: ${TOOL_NAMES.join(', ')}`,
    help: 'only these tools are listed and callable',
  },
  auditLog: {
    flag: '--audit-log',
    env: 'SSL_VPN_MCP_AUDIT_LOG',
    value: 'FILE',
    accepts: 'the path of a file',
    help: 'file that every changing call is appended to',
  },
  logLevel: {
    flag: '--log-level',
    env: 'SSL_VPN_MCP_LOG_LEVEL',
    value: 'LEVEL',
    accepts: LOG_LEVELS.join(', '),
    help: 'what goes to stderr (default: info)',
  },
} as const satisfies Record<string, Option>;

const MODE_OPTIONS = {
  sandbox: {
    flag: '--sandbox',
    accepts: 'no value',
    help: 'work against an in-process sandbox cloud: no account needed',
  },
  port: {
    flag: '--port',
    value: 'N',
    accepts: 'a port from 0 to 65535',
    help: 'with sandbox: the loopback port (default: any free one)',
  },
  json: { flag: '--json', accepts: 'no value', help: 'with doctor: the report as JSON' },
  help: { flag: '--help', accepts: 'no value', help: 'this text' },
  version: { flag: '--version', accepts: 'no value', help: 'the version' },
} as const satisfies Record<string, Option>;

const COMMANDS = ['sandbox', 'doctor'] as const;

const ALL: readonly Option[] = [...Object.values(OPTIONS), ...Object.values(MODE_OPTIONS)];

/**
 * @param argv without node and script
 * @throws UsageError
 */
export function readCommand(argv: readonly string[], env: Environment): Command {
  const { word, given } = readFlags(argv);
  if (given.has('--help')) return { name: 'help' };
  if (given.has('--version')) return { name: 'version' };
  const only = (flag: string, command: string): void => {
    if (given.has(flag) && word !== command) throw new UsageError(`${flag} goes with the command ${command} only`);
  };
  only('--port', 'sandbox');
  only('--json', 'doctor');
  if (word === 'sandbox') {
    const other = [...given.keys()].find((flag) => flag !== '--port');
    if (other !== undefined)
      throw new UsageError(`${other} does not go with the command sandbox, which takes --port only`);
    return {
      name: 'sandbox',
      port: wholeNumber('--port', given.get('--port')?.at(-1) ?? '0', 0, 65_535, MODE_OPTIONS.port.accepts),
    };
  }
  const settings = readSettings(given, env);
  const sandbox = given.has('--sandbox');
  if (word === 'doctor') return { name: 'doctor', sandbox, json: given.has('--json'), settings };
  return { name: 'serve', sandbox, settings };
}

export function helpText(version: string): string {
  const row = (left: string, right: string): string => `  ${left.padEnd(28)} ${right}`;
  const rows = ALL.map(({ flag, value, env, help }) =>
    row(value === undefined ? flag : `${flag} ${value}`, env === undefined ? help : `${help} [${env}]`),
  );
  return [
    `alicloud-ssl-vpn-mcp ${version}`,
    'MCP server that issues SSL-VPN client certificates on Alibaba Cloud.',
    '',
    'Commands:',
    row('alicloud-ssl-vpn-mcp', 'serve MCP over stdio'),
    row('alicloud-ssl-vpn-mcp sandbox', 'run the sandbox cloud alone, for any client'),
    row('alicloud-ssl-vpn-mcp doctor', 'check settings, credentials, clock, network and permissions'),
    '',
    'Flags (the environment variable in brackets does the same; the flag wins):',
    ...rows,
    '',
    'Credentials: ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET and, with temporary ones,',
    'ALIBABA_CLOUD_SECURITY_TOKEN; otherwise the provider chain of Alibaba Cloud (profile files, OIDC, ECS role, URI).',
    '',
  ].join('\n');
}

function readFlags(argv: readonly string[]): { word: string | undefined; given: Map<string, string[]> } {
  let word: string | undefined;
  const given = new Map<string, string[]>();
  const queue = [...argv];
  for (let argument = queue.shift(); argument !== undefined; argument = queue.shift()) {
    if (!argument.startsWith('-')) {
      if (word !== undefined || !COMMANDS.some((command) => command === argument)) {
        throw new UsageError(
          `unknown command ${quote(argument)}; accepted: ${COMMANDS.join(', ')}, or none to serve MCP over stdio`,
        );
      }
      word = argument;
      continue;
    }
    const equals = argument.indexOf('=');
    const flag = equals < 0 ? argument : argument.slice(0, equals);
    const option = ALL.find((candidate) => candidate.flag === flag);
    if (option === undefined) {
      throw new UsageError(`unknown flag ${quote(flag)}; accepted: ${ALL.map((known) => known.flag).join(', ')}`);
    }
    let value = equals < 0 ? undefined : argument.slice(equals + 1);
    if (option.value === undefined) {
      if (value !== undefined) throw new UsageError(`${flag} takes no value, got ${quote(value)}`);
      value = 'true';
    } else {
      value ??= queue[0]?.startsWith('--') ? undefined : queue.shift();
      if (value === undefined || value === '') throw new UsageError(`${flag} needs a value: ${option.accepts}`);
    }
    given.set(flag, [...(given.get(flag) ?? []), value]);
  }
  return { word, given };
}

function readSettings(given: ReadonlyMap<string, readonly string[]>, env: Environment): Settings {
  const origins: Record<string, string> = {};
  // MCP clients pass settings that the user left empty as empty strings: those count as not set.
  const pick = <T>(
    key: keyof typeof OPTIONS,
    read: (name: string, text: string, accepts: string) => T,
  ): T | undefined => {
    const option = OPTIONS[key];
    const fromFlag = given.get(option.flag);
    const fromEnv = env[option.env];
    origins[key] = fromFlag !== undefined ? option.flag : fromEnv ? option.env : 'default';
    const text = fromFlag === undefined ? fromEnv : 'repeatable' in option ? fromFlag.join(',') : fromFlag.at(-1);
    return text === undefined || text === '' ? undefined : read(origins[key], text, option.accepts);
  };
  const ms = (name: string, text: string, accepts: string): number => wholeNumber(name, text, 1, 600_000, accepts);
  const path = (_name: string, text: string): string => absolutePath(text);
  const plain = (_name: string, text: string): string => text;

  return {
    credentials: readCredentials(env),
    profile: pick('profile', plain),
    credentialsUri: env.ALIBABA_CLOUD_CREDENTIALS_URI || undefined,
    region: pick('region', regionId),
    endpoint: pick('endpoint', endpointUrl),
    timeoutMs: pick('timeout', ms) ?? 10_000,
    deadlineMs: pick('deadline', ms) ?? 45_000,
    outputDir: pick('outputDir', path) ?? join(homedir(), 'ssl-vpn-configs'),
    readOnly: pick('readOnly', boolean) ?? false,
    allowRegions: pick('allowRegions', (name, text, accepts) => listOf(name, text, accepts, isRegionId)),
    allowServers: pick('allowServers', (name, text, accepts) => listOf(name, text, accepts, (id) => /^\S+$/.test(id))),
    tools: pick('tools', (name, text, accepts) =>
      listOf(name, text, accepts, (tool) => TOOL_NAMES.some((known) => known === tool)),
    ),
    auditLog: pick('auditLog', path),
    logLevel: pick('logLevel', logLevel) ?? 'info',
    proxies: readProxies(env),
    origins,
  };
}

function readCredentials(env: Environment): Credentials | undefined {
  const accessKeyId = env.ALIBABA_CLOUD_ACCESS_KEY_ID;
  const accessKeySecret = env.ALIBABA_CLOUD_ACCESS_KEY_SECRET;
  if (!accessKeyId || !accessKeySecret) return undefined;
  return { accessKeyId, accessKeySecret, securityToken: env.ALIBABA_CLOUD_SECURITY_TOKEN || undefined };
}

/** The names that curl and undici read; the lower-case ones first, as they do. */
function readProxies(env: Environment): Proxies {
  const read = (name: string): string | undefined => env[name] || env[name.toUpperCase()] || undefined;
  const http = read('http_proxy');
  const https = read('https_proxy');
  const none = read('no_proxy');
  return { ...(http && { http }), ...(https && { https }), ...(none && { none }) };
}

function regionId(name: string, text: string, accepts: string): string {
  if (!isRegionId(text)) throw bad(name, text, accepts);
  return text;
}

function endpointUrl(name: string, text: string, accepts: string): string {
  let url: URL;
  try {
    url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`);
  } catch {
    throw bad(name, text, accepts);
  }
  const bare =
    url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  const safe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
  if (!bare || !safe) throw bad(name, text, accepts);
  return url.origin;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function boolean(name: string, text: string, accepts: string): boolean {
  if (['true', '1'].includes(text.toLowerCase())) return true;
  if (['false', '0'].includes(text.toLowerCase())) return false;
  throw bad(name, text, accepts);
}

function logLevel(name: string, text: string, accepts: string): LogLevel {
  const level = LOG_LEVELS.find((known) => known === text.toLowerCase());
  if (level === undefined) throw bad(name, text, accepts);
  return level;
}

function listOf(name: string, text: string, accepts: string, accept: (item: string) => boolean): readonly string[] {
  const items = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  const wrong = items.find((item) => !accept(item));
  // A list that names nothing would allow nothing or everything, and nobody could tell which was meant.
  if (items.length === 0 || wrong !== undefined) throw bad(name, wrong ?? text, accepts);
  return items;
}

function wholeNumber(name: string, text: string, least: number, most: number, accepts: string): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) throw bad(name, text, accepts);
  return value;
}

function absolutePath(text: string): string {
  const expanded = text === '~' || text.startsWith('~/') ? join(homedir(), text.slice(1)) : text;
  return isAbsolute(expanded) ? expanded : resolve(expanded);
}

function bad(name: string, text: string, accepts: string): UsageError {
  return new UsageError(`${name}: ${quote(text)} is not accepted; accepted: ${accepts}`);
}

/** On one line, and never long: a value pasted into the wrong place may be anything. */
function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
