/** The command line: commands and their flags. main.ts passes arguments and environment in; nothing else reads them. */
import { parseArgs } from 'node:util';
import {
  type Environment,
  HTTP_OPTIONS,
  type HttpSettings,
  OPTIONS,
  quoteValue,
  readHttpSettings,
  readSettings,
  type Settings,
  UsageError,
} from './settings.js';

export type Command =
  | { name: 'serve'; sandbox: boolean; settings: Settings }
  | { name: 'http'; sandbox: boolean; settings: Settings; http: HttpSettings }
  | { name: 'explore'; sandbox: boolean; settings: Settings; port: number; open: boolean }
  | { name: 'sandbox'; port: number }
  | {
      name: 'doctor';
      sandbox: boolean;
      json: boolean;
      settings: Settings;
      accessFile: string | undefined;
      claimsFile: string | undefined;
    }
  | { name: 'help' }
  | { name: 'version' };

type Flag = { flag: string; value?: string; accepts: string; help: string; env?: string; shownDefault?: string };

/** Flags that belong to a way of running rather than to the settings. */
const MODE_FLAGS = {
  sandbox: {
    flag: '--sandbox',
    accepts: 'no value',
    help: 'work against an in-process sandbox cloud: no account needed',
  },
  as: {
    flag: '--as',
    value: 'FILE',
    accepts: 'the path of a file with the claims of a token in JSON, together with --access-file',
    help: 'with doctor and --access-file: what somebody with these claims may do',
  },
  noOpen: { flag: '--no-open', accepts: 'no value', help: 'with explore: do not open a browser' },
  json: { flag: '--json', accepts: 'no value', help: 'with doctor: the report as JSON' },
  help: { flag: '--help', accepts: 'no value', help: 'this text' },
  version: { flag: '--version', accepts: 'no value', help: 'the version' },
} as const satisfies Record<string, Flag>;

const FLAGS: readonly Flag[] = [
  ...Object.values(OPTIONS),
  ...Object.values(HTTP_OPTIONS),
  ...Object.values(MODE_FLAGS),
];

const SETTINGS_FLAGS: readonly string[] = [...Object.values(OPTIONS).map(({ flag }) => flag), '--sandbox'];

/** What each command does, and which flags it takes. */
const COMMANDS = {
  http: {
    help: 'serve MCP over Streamable HTTP, for a whole company',
    flags: [...SETTINGS_FLAGS, ...Object.values(HTTP_OPTIONS).map(({ flag }) => flag)],
  },
  explore: {
    help: 'open a page to find, try and preview the API, and see certificates',
    flags: [...SETTINGS_FLAGS, '--port', '--no-open'],
  },
  sandbox: { help: 'run the sandbox cloud alone, for any client', flags: ['--port'] },
  doctor: {
    help: 'check settings, credentials, clock, network and permissions',
    flags: [...SETTINGS_FLAGS, '--json', '--access-file', '--as'],
  },
} as const satisfies Record<string, { help: string; flags: readonly string[] }>;

type CommandName = keyof typeof COMMANDS;

/**
 * @param argv without node and script
 * @throws UsageError
 */
export function readCommand(argv: readonly string[], env: Environment): Command {
  const { command, given } = readFlags(argv);
  if (given.has('--help')) return { name: 'help' };
  if (given.has('--version')) return { name: 'version' };
  const taken: readonly string[] = command === undefined ? SETTINGS_FLAGS : COMMANDS[command].flags;
  const other = [...given.keys()].find((flag) => !taken.includes(flag));
  if (other !== undefined) throw new UsageError(misplaced(other, command));
  if (command === 'sandbox') return { name: 'sandbox', port: freePort(given) };
  const settings = readSettings(given, env);
  const sandbox = given.has('--sandbox');
  if (command === 'http') return { name: 'http', sandbox, settings, http: readHttpSettings(given, env) };
  if (command === 'doctor') {
    const accessFile = given.has('--access-file') ? readHttpSettings(given, {}).accessFile : undefined;
    const claimsFile = given.get('--as')?.at(-1);
    if (claimsFile !== undefined && accessFile === undefined) throw new UsageError('--as goes with --access-file only');
    return { name: 'doctor', sandbox, json: given.has('--json'), settings, accessFile, claimsFile };
  }
  if (command === 'explore')
    return { name: 'explore', sandbox, settings, port: freePort(given), open: !given.has('--no-open') };
  return { name: 'serve', sandbox, settings };
}

/** Any free one, unless the flag names one: the environment's port is that of `http` alone. */
function freePort(given: ReadonlyMap<string, readonly string[]>): number {
  return given.has('--port') ? readHttpSettings(given, {}).port : 0;
}

export function helpText(version: string): string {
  const row = (left: string, right: string): string => `  ${left.padEnd(28)} ${right}`;
  return [
    `alicloud-ssl-vpn-mcp ${version}`,
    'MCP server that issues SSL-VPN client certificates on Alibaba Cloud.',
    '',
    'Commands:',
    row('alicloud-ssl-vpn-mcp', 'serve MCP over stdio'),
    ...Object.entries(COMMANDS).map(([name, { help }]) => row(`alicloud-ssl-vpn-mcp ${name}`, help)),
    '',
    'Flags (the environment variable in brackets does the same; the flag wins):',
    ...FLAGS.map((flag) => row(usage(flag), `${describe(flag)}${flag.env === undefined ? '' : ` [${flag.env}]`}`)),
    '',
    'Credentials: ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET and, with temporary ones,',
    'ALIBABA_CLOUD_SECURITY_TOKEN; otherwise the provider chain of Alibaba Cloud (profile files, OIDC, ECS role, URI).',
    '',
  ].join('\n');
}

/** A flag as it is written: `--region REGION`. */
export function usage({ flag, value }: Pick<Flag, 'flag' | 'value'>): string {
  return value === undefined ? flag : `${flag} ${value}`;
}

/** What a flag is for, with its default. */
export function describe({ help, shownDefault }: Pick<Flag, 'help' | 'shownDefault'>): string {
  return shownDefault === undefined ? help : `${help} (default: ${shownDefault})`;
}

function readFlags(argv: readonly string[]): { command: CommandName | undefined; given: Map<string, string[]> } {
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(
      FLAGS.map(({ flag, value }) => [flag.slice(2), { type: value === undefined ? 'boolean' : 'string' } as const]),
    ),
    allowPositionals: true,
    // The errors of the strict mode name neither what is accepted nor stay on one line.
    strict: false,
    tokens: true,
  });
  let command: CommandName | undefined;
  const given = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === 'option-terminator') throw unknownFlag('--');
    if (token.kind === 'positional') {
      if (command === undefined && token.value === 'help') {
        given.set('--help', []);
        continue;
      }
      if (command !== undefined || !isCommand(token.value)) throw unknownCommand(token.value);
      command = token.value;
      continue;
    }
    const known = FLAGS.find(({ flag }) => flag === (token.rawName === '-h' ? '--help' : token.rawName));
    if (known === undefined) throw unknownFlag(token.rawName);
    given.set(known.flag, [...(given.get(known.flag) ?? []), readValue(known, token.value)]);
  }
  return { command, given };
}

function readValue({ flag, value: placeholder, accepts }: Flag, value: string | undefined): string {
  if (placeholder === undefined) {
    if (value !== undefined) throw new UsageError(`${flag} takes no value, got ${quoteValue(value)}`);
    return 'true';
  }
  // A flag where a value should be: `--region --read-only`.
  if (value === undefined || value === '' || value.startsWith('--'))
    throw new UsageError(`${flag} needs a value: ${accepts}`);
  return value;
}

function isCommand(word: string): word is CommandName {
  return Object.hasOwn(COMMANDS, word);
}

function misplaced(flag: string, command: CommandName | undefined): string {
  if (command !== undefined)
    return `${flag} does not go with the command ${command}, which takes ${COMMANDS[command].flags.join(', ')}`;
  const owners = Object.entries<{ flags: readonly string[] }>(COMMANDS).filter(([, { flags }]) => flags.includes(flag));
  return `${flag} goes with the command ${owners.map(([name]) => name).join(' or ')} only`;
}

function unknownCommand(word: string): UsageError {
  const accepted = Object.keys(COMMANDS).join(', ');
  return new UsageError(`unknown command ${quoteValue(word)}; accepted: ${accepted}, or none to serve MCP over stdio`);
}

function unknownFlag(flag: string): UsageError {
  return new UsageError(
    `unknown flag ${quoteValue(flag)}; accepted: ${FLAGS.map(({ flag: known }) => known).join(', ')}`,
  );
}
