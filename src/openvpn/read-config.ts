/** The service's OpenVPN configuration, read as OpenVPN would read it: what may be written of it, and what may not. */
import { isAllowed, type Place } from './directives.js';
import { staticKey } from './static-keys.js';
import { wordsOf, written } from './words.js';

export type ClientConfig = {
  /** In the order of the text. */
  directives: Directive[];
  /** Keys of the control channel by their tag, each as the PEM block to write. */
  staticKeys: ReadonlyMap<string, string>;
  /** Names of the directives that are not to be written, each once: MAX_NAMES at most, then how many more. */
  leftOut: string[];
};

export type Directive = {
  name: string;
  /** As it is to be written: one line, or all lines of a `<connection>`. */
  text: string;
};

/** OpenVPN stops at a line of 256 bytes; the line feed counts. */
const MAX_LINE_BYTES = 254;
const MAX_NAMES = 20;
const VISIBLE_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/;
/** These are written from the other fields of the service's answer. */
const REPLACED: ReadonlySet<string> = new Set(['ca', 'cert', 'key']);

/** Takes time linear in the length of the text. */
export function readConfig(text: string): ClientConfig {
  const staticKeys = new Map<string, string>();
  const names = new Set<string>();
  const leaveOut = (name: string): void => {
    if (!REPLACED.has(name)) names.add(VISIBLE_NAME.test(name) ? name : '(unreadable)');
  };

  function read(lines: readonly string[], place: Place): Directive[] {
    const directives: Directive[] = [];
    for (let at = 0; at < lines.length; at++) {
      const line = parse(lines[at] ?? '');
      if (line === 'blank') continue;
      if ('tag' in line) {
        const end = endOfBlock(lines, at + 1, line.tag);
        directives.push(...readBlock(line.tag, lines.slice(at + 1, end), place));
        at = end;
        continue;
      }
      const text = asWritten(line);
      if (isAllowed(line.name, line.values, place) && text.length <= MAX_LINE_BYTES) {
        directives.push({ name: line.name, text });
      } else {
        leaveOut(line.name);
      }
    }
    return directives;
  }

  function readBlock(tag: string, lines: readonly string[], place: Place): Directive[] {
    if (place === 'file' && tag === 'connection') {
      const inner = read(lines, 'connection');
      const text = ['<connection>', ...inner.map((directive) => directive.text), '</connection>'].join('\n');
      if (inner.some(({ name }) => name === 'remote')) return [{ name: tag, text }];
    }
    const key = place === 'file' ? staticKey(tag, lines.join('\n')) : undefined;
    if (key === undefined) leaveOut(tag);
    else staticKeys.set(tag, key);
    return [];
  }

  const directives = read(text.replace(/^\uFEFF/, '').split('\n'), 'file');
  return { directives, staticKeys, leftOut: bounded([...names]) };
}

type Line = 'blank' | { tag: string } | { name: string; values: string[]; optional: boolean };
type DirectiveLine = Exclude<Line, 'blank' | { tag: string }>;

function parse(line: string): Line {
  const words = Buffer.byteLength(line) <= MAX_LINE_BYTES ? wordsOf(line) : undefined;
  if (words === undefined) return { name: '', values: [], optional: false };
  const [first, ...rest] = words;
  if (first === undefined) return 'blank';
  const name = first.length > 2 && first.startsWith('--') ? first.slice(2) : first;
  const tag = /^<(.*)>$/s.exec(name)?.[1];
  if (tag !== undefined && rest.length === 0) return { tag };
  return directiveOf([name, ...rest]);
}

/** `setenv opt X` is the directive X, which a client that does not know X passes over. */
function directiveOf(words: readonly string[]): DirectiveLine {
  let from = 0;
  while (words[from] === 'setenv' && words[from + 1] === 'opt' && words.length > from + 2) from += 2;
  return { name: words[from] ?? '', values: words.slice(from + 1), optional: from > 0 };
}

function asWritten({ name, values, optional }: DirectiveLine): string {
  return [...(optional ? ['setenv', 'opt'] : []), name, ...values.map(written)].join(' ');
}

/** Index of the line that closes a block, or of the end of the text. */
function endOfBlock(lines: readonly string[], from: number, tag: string): number {
  let at = from;
  while (at < lines.length && !lines[at]?.replace(/^[ \t\v\f\r]+/, '').startsWith(`</${tag}>`)) at++;
  return at;
}

function bounded(names: readonly string[]): string[] {
  const more = names.length - MAX_NAMES;
  return more > 0 ? [...names.slice(0, MAX_NAMES), `(${more} more)`] : [...names];
}
