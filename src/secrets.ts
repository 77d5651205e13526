/**
 * Cuts secrets out of whatever leaves the process: a faulty or hostile service or proxy may send back what it was sent,
 * in any encoding.
 */
import type { Log } from './log.js';
import type { Credentials } from './vpc/credentials.js';

export type Secrets = {
  add(credentials: Credentials): void;
  /** E.g. of a proxy's URL. */
  addPassword(password: string): void;
  /** The same value with every text in it cleaned, names of fields included; what lies deeper than MAX_LEVELS is dropped. */
  clean<T>(value: T): T;
  /** The same, but private keys stay: for what has yet to be made a file of. */
  cleanCredentials<T>(value: T): T;
};

const REMOVED = '[removed]';
/** Shorter ones would hit innocent text; real secrets have 30 characters and more. */
const MIN_SECRET = 8;
/** Long secrets are looked for in pieces of this length, so that a part of one is found too. */
const PIECE = 24;
/** Credentials are renewed, and answers to requests that were signed with older ones are still under way. */
const MAX_KNOWN = 16;
const MAX_LEVELS = 20;

export function createSecrets(): Secrets {
  /** Texts to cut out, and key ids, which are masked; the latest last. */
  const secrets = new Set<string>();
  const keyIds = new Set<string>();
  let pattern: RegExp | undefined;

  const remember = (known: Set<string>, text: string): void => {
    if (text.length < MIN_SECRET || known.has(text)) return;
    known.add(text);
    const [oldest] = known;
    if (known.size > MAX_KNOWN && oldest !== undefined) known.delete(oldest);
    pattern = undefined;
  };

  const cleanText = (text: string): string => {
    if (text.length < MIN_SECRET) return text;
    pattern ??= patternOf(secrets);
    let cleaned = pattern === NOTHING_KNOWN ? text : text.replace(pattern, REMOVED);
    for (const keyId of keyIds) if (cleaned.includes(keyId)) cleaned = cleaned.replaceAll(keyId, maskKeyId(keyId));
    return cleaned;
  };

  return {
    add({ accessKeyId, accessKeySecret, securityToken = '' }) {
      remember(secrets, accessKeySecret.trim());
      remember(secrets, securityToken.trim());
      remember(keyIds, accessKeyId.trim());
    },
    addPassword: (password) => remember(secrets, password.trim()),
    clean: (value) => mapTexts(value, (text) => cleanText(text).replace(PRIVATE_KEY, REMOVED)),
    cleanCredentials: (value) => mapTexts(value, cleanText),
  };
}

function mapTexts<T>(value: T, change: (text: string) => string): T {
  const walk = (part: unknown, levels: number): unknown => {
    if (typeof part === 'string') return change(part);
    if (typeof part !== 'object' || part === null) return part;
    if (levels === 0) return undefined;
    if (Array.isArray(part)) return part.map((member) => walk(member, levels - 1));
    return Object.fromEntries(Object.entries(part).map(([name, member]) => [change(name), walk(member, levels - 1)]));
  };
  // Strings stay strings and everything else is kept, so the type is too.
  return walk(value, MAX_LEVELS) as T;
}

/** Enough to recognise a key by, too little to use. */
export function maskKeyId(accessKeyId: string): string {
  return accessKeyId.length > 12 ? `${accessKeyId.slice(0, 6)}…${accessKeyId.slice(-4)}` : '…';
}

/**
 * Whatever is written to stderr from now on passes the secrets; what libraries write there (DEBUG=* makes some of them
 * print whole requests) becomes a line of the log.
 */
export function guardStderr(secrets: Secrets, log: Log): void {
  const { stderr } = process;
  const write = stderr.write.bind(stderr);
  stderr.write = (chunk: string | Uint8Array): boolean => {
    const text = secrets.clean(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
    if (text.startsWith('{')) return write(text);
    log.debug('library', { text: text.trimEnd() });
    return true;
  };
}

/** Private keys, whoever sent them: as PEM, as PEM in base64, and as bare base64 of their DER form. */
const DASHES = '(?:-|%2[dD]|&#(?:45|[xX]2[dD]);|\\\\+u002[dD]){5}';
const PRIVATE_KEY = new RegExp(
  [
    `${DASHES}BEGIN[^-]{0,40}?PRIVATE[^-]{0,12}?KEY(?:[^-%&\\\\]|%(?!2[dD])|\\\\(?!u002[dD])|&(?!#))*(?:${DASHES}END[^-]{0,40}?KEY${DASHES})?`,
    // "-----BEGIN" in its three alignments.
    '(?:LS0tLS1CRUdJT|0tLS0tQkVHSU|tLS0tLUJFR0lO)[\\w+/=-]*',
    '(?:MI[IG]|MHcCAQ|MC4CAQ)(?:[\\w+/-]|\\\\+n|\\s){64,}=*',
  ].join('|'),
  'g',
);
/** Matches nothing. */
const NOTHING_KNOWN = /(?!)/g;

function patternOf(secrets: ReadonlySet<string>): RegExp {
  const forms = [...secrets].flatMap((secret) => [secret, ...inBase64(secret)]);
  const pieces = forms.flatMap((form) => piecesOf(form).map((piece) => Array.from(piece, anyFormOf).join('')));
  return pieces.length === 0 ? NOTHING_KNOWN : new RegExp(pieces.join('|'), 'g');
}

/** What base64 makes of a text in the middle of another: one form for each place that it can begin at in a group of three. */
function inBase64(text: string): string[] {
  const bytes = Buffer.from(text, 'utf8');
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    // Characters at the edges depend on what stands before and after.
    return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
  });
}

function piecesOf(text: string): string[] {
  const characters = Array.from(text);
  const pieces: string[] = [];
  for (let start = 0; start < characters.length; start += PIECE) {
    // A short rest goes with the piece before it, or it would hit innocent text.
    const end = characters.length - start < PIECE + MIN_SECRET ? characters.length : start + PIECE;
    pieces.push(characters.slice(start, end).join(''));
    if (end === characters.length) break;
  }
  return pieces;
}

const HTML_NAMES: Readonly<Record<string, string>> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": 'apos',
  '+': 'plus',
  '/': 'sol',
  '=': 'equals',
  '%': 'percnt',
};

/** A character as itself, percent-encoded in either case, escaped for JSON once or more, or as an entity of HTML. */
function anyFormOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const anyCase = (hex: string): string => hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
  const percent = Array.from(
    Buffer.from(character, 'utf8'),
    (byte) => `%(?:25)*${anyCase(byte.toString(16).padStart(2, '0'))}`,
  );
  // base64 for URLs, and forms, write some of them otherwise.
  const twin = character === '+' ? '|-' : character === '/' ? '|_' : character === ' ' ? '|\\+' : '';
  const name = HTML_NAMES[character];
  const forms = [
    `\\\\*${character.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')}${twin}`,
    percent.join(''),
    `\\\\+u${anyCase(code.toString(16).padStart(4, '0'))}`,
    `&(?:amp;)*#0*(?:${code}|[xX]0*${anyCase(code.toString(16))});`,
    ...(name === undefined ? [] : [`&(?:amp;)*${name};`]),
  ];
  return `(?:${forms.join('|')})`;
}
