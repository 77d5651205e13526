/**
 * Cuts secrets out of whatever leaves the process: a faulty or hostile service or proxy may send back what it was sent,
 * encoded once or more.
 */
import { mapTexts } from './map-texts.js';
import type { Credentials } from './vpc/credentials.js';

export type Secrets = {
  add(credentials: Credentials): void;
  /** E.g. of a proxy's URL. @returns forgets it */
  addPassword(password: string): () => void;
  /** These and one more, which concerns the calls that it came with and no others. */
  with(secret: string): Secrets;
  /** The same value with every text in it cleaned, names of fields included; what lies too deep is dropped. */
  clean<T>(value: T): T;
  /** The same, but private keys stay: for what has yet to be made a file of. */
  cleanCredentials<T>(value: T): T;
};

const REMOVED = '[removed]';
/** Shorter ones would hit innocent text; real secrets have 30 characters and more. */
const MIN_SECRET = 8;
/** Secrets are looked for in overlapping pieces of this length, so that a part of one is found too. */
const PIECE = 16;
const STRIDE = PIECE / 2;
/** Credentials are renewed, and answers to requests that were signed with older ones are still under way. */
const MAX_KNOWN = 16;
/** Four encodings, each up to twice, in any order. */
const MAX_PROBES = 30;
/** Of the tokens that calls come with: each takes about 200 KB, and as long to prepare as the rest of a call. */
const MAX_TOKENS = 64;
/** A text that holds secrets under more encodings than that is not shown at all. */
const MAX_ROUNDS = 10;

/** @param credentials that are known from the start: a client may send them before any call has asked for them */
export function createSecrets(credentials?: Credentials): Secrets {
  /** What to cut out for each secret, the latest last. */
  const known = new Map<string, readonly string[]>();
  const keyIds = new Map<string, readonly string[]>();
  /** Apart from the others, which are renewed all the time: these are forgotten when it is said so. */
  const passwords = new Map<string, readonly string[]>();
  const withOneMore = new Map<string, Secrets>();
  let allPieces: PiecesByStart = new Map();
  const gather = (): void => {
    allPieces = byStart([...known.values(), ...passwords.values()].flat());
  };

  const remember = (to: Map<string, readonly string[]>, text: string, pieces: (text: string) => string[]): void => {
    if (text.length < MIN_SECRET || to.has(text)) return;
    to.set(text, pieces(text));
    const [oldest] = to.keys();
    if (to.size > MAX_KNOWN && oldest !== undefined) to.delete(oldest);
    gather();
  };

  const cutCredentials = (text: string): string => {
    let cut = withoutPieces(text, allPieces);
    for (const keyId of keyIds.keys()) if (cut.includes(keyId)) cut = cut.replaceAll(keyId, maskKeyId(keyId));
    return cut;
  };
  const cutAll = (text: string): string => cutCredentials(text).replace(PRIVATE_KEY, REMOVED);

  const secrets: Secrets = {
    add({ accessKeyId, accessKeySecret, securityToken = '' }) {
      remember(known, accessKeySecret.trim(), piecesOf);
      remember(known, securityToken.trim(), piecesOf);
      remember(keyIds, accessKeyId.trim(), () => []);
    },
    addPassword(password) {
      const text = password.trim();
      remember(passwords, text, piecesOf);
      return () => {
        passwords.delete(text);
        gather();
      };
    },
    with(secret) {
      const found = withOneMore.get(secret) ?? oneMore(secret);
      // The least recently used one is the first.
      withOneMore.delete(secret);
      withOneMore.set(secret, found);
      const [oldest] = withOneMore.keys();
      if (withOneMore.size > MAX_TOKENS && oldest !== undefined) withOneMore.delete(oldest);
      return found;
    },
    clean: (value) => mapTexts(value, (text) => cleaned(text, cutAll)),
    cleanCredentials: (value) => mapTexts(value, (text) => cleaned(text, cutCredentials)),
  };
  if (credentials !== undefined) secrets.add(credentials);
  return secrets;

  function oneMore(secret: string): Secrets {
    const one = createSecrets();
    one.addPassword(secret);
    return {
      ...secrets,
      clean: (value) => one.cleanCredentials(secrets.clean(value)),
      cleanCredentials: (value) => one.cleanCredentials(secrets.cleanCredentials(value)),
    };
  }
}

/**
 * Looks at the text as it is, and with every combination of encodings that it seems to have taken off. Where something is
 * cut out of one of these, that is what is shown.
 */
function cleaned(text: string, cut: (text: string) => string, rounds = MAX_ROUNDS): string {
  if (text.length < MIN_SECRET) return text;
  const found = cut(text);
  const shown = found === text ? text : found.replace(/(?:\[removed\]){2,}/g, REMOVED);
  const probes = new Set([shown]);
  for (const probe of probes) {
    for (const decode of DECODERS) {
      const decoded = decode(probe);
      if (decoded === probe) continue;
      const rest = cut(decoded);
      if (rest !== decoded) return rounds === 0 ? REMOVED : cleaned(rest, cut, rounds - 1);
      if (probes.size < MAX_PROBES) probes.add(decoded);
    }
  }
  return shown;
}

/** By their first two characters: there are hundreds of pieces, and every text of every answer is searched for all. */
type PiecesByStart = ReadonlyMap<number, readonly string[]>;

function byStart(pieces: readonly string[]): PiecesByStart {
  const grouped = new Map<number, string[]>();
  for (const piece of pieces) grouped.set(startAt(piece, 0), [...(grouped.get(startAt(piece, 0)) ?? []), piece]);
  return grouped;
}

function startAt(text: string, index: number): number {
  return text.charCodeAt(index) * 0x1_0000 + text.charCodeAt(index + 1);
}

/** Pieces overlap, so all are found before any is cut out. */
function withoutPieces(text: string, pieces: PiecesByStart): string {
  const found: { start: number; end: number }[] = [];
  for (let start = 0; start < text.length - 1; start += 1) {
    for (const piece of pieces.get(startAt(text, start)) ?? [])
      if (text.startsWith(piece, start)) found.push({ start, end: start + piece.length });
  }
  if (found.length === 0) return text;
  let kept = '';
  let at = 0;
  for (const { start, end } of found) {
    if (start > at) kept += text.slice(at, start) + REMOVED;
    else if (at === 0) kept = REMOVED;
    at = Math.max(at, end);
  }
  return kept + text.slice(at);
}

/** Enough to recognise a key by, too little to use. */
export function maskKeyId(accessKeyId: string): string {
  return accessKeyId.length > 12 ? `${accessKeyId.slice(0, 6)}…${accessKeyId.slice(-4)}` : '…';
}

/** Whoever sent them: as PEM, as PEM in base64 ("-----BEGIN" in its three alignments), and as base64 of their DER form. */
const PRIVATE_KEY = new RegExp(
  [
    // Forms have a plus for each space.
    '-----BEGIN[ +][A-Z +]{0,30}PRIVATE[ +]KEY-----[\\s\\S]*?(?:-----END[ +][A-Z +]{0,30}PRIVATE[ +]KEY-----|$)',
    '(?:LS0tLS1CRUdJT|0tLS0tQkVHSU|tLS0tLUJFR0lO)[\\w+/=-]*',
    '(?<![\\w+/])(?:MI[GHI]|MHcCAQ|MC4CAQ)(?:[A-Za-z0-9+/]|[\\r\\n][ \\t]*){48,}=*',
  ].join('|'),
  'g',
);

/** The secret and what base64 and hexadecimal make of it, in pieces. */
function piecesOf(secret: string): string[] {
  const encoded = inBase64(secret);
  // One that looks encoded itself is also looked for as it is once that was taken off.
  const decoded = new Set([secret]);
  for (const text of decoded) for (const decode of DECODERS) decoded.add(decode(text));
  const hex = Buffer.from(secret, 'utf8').toString('hex');
  const forms = [...decoded, secret.replaceAll(' ', '+'), ...encoded, ...encoded.map(forUrls), hex, hex.toUpperCase()];
  return [...new Set(forms.flatMap(inPieces))];
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

function forUrls(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_');
}

function inPieces(text: string): string[] {
  const count = Math.max(1, Math.ceil((text.length - PIECE) / STRIDE) + 1);
  return Array.from({ length: count }, (_, index) => text.slice(index * STRIDE, index * STRIDE + PIECE)).filter(
    (piece) => piece.length >= MIN_SECRET,
  );
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const JSON_ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** Each takes one layer off, wherever in the text it is. */
function percentDecoded(text: string): string {
  if (!text.includes('%')) return text;
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'));
}

function jsonUnescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(?:u([0-9a-f]{4})|(.))/gi, (_all, hex: string | undefined, character: string) =>
    hex === undefined ? (JSON_ESCAPES[character] ?? character) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function htmlUnescaped(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (all, dec, hex, name) => {
    if (name !== undefined) return ENTITIES[String(name).toLowerCase()] ?? all;
    const code = dec === undefined ? Number.parseInt(hex, 16) : Number(dec);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}

/** Eight bytes and what is between them. */
const MIN_DUMP = 23;

/** Byte by byte, as dumps have it; without marks between them it is among the forms of each secret. */
function hexDumpDecoded(text: string): string {
  if (text.length < MIN_DUMP) return text;
  return text.replace(/\b[0-9a-f]{2}(?:[ :,-][0-9a-f]{2}){7,}\b/gi, (run) =>
    Buffer.from(run.replace(/[ :,-]/g, ''), 'hex').toString('utf8'),
  );
}

const DECODERS = [hexDumpDecoded, percentDecoded, jsonUnescaped, htmlUnescaped];
