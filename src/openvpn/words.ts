/**
 * The words of a line by OpenVPN's own rules, those of parse_line() in its src/openvpn/options_parse.c: a quote opens
 * only at the start of a word, and closing it ends the word, so that `"up""x"` and `"up"x` are two words each.
 */

/** isspace() in the C locale: a no-break space is part of a word. */
const SPACE = /^[ \t\n\v\f\r]$/;
/** What a backslash may stand before, outside of single quotes. */
const ESCAPABLE = /^[\\" \t\n\v\f\r]$/;

/** Empty for a blank line or a comment; undefined where OpenVPN would stop with an error. */
export function wordsOf(line: string): string[] | undefined {
  const words: string[] = [];
  let state: 'between' | 'bare' | '"' | "'" = 'between';
  let word = '';
  let escaped = false;
  for (const char of line) {
    if (char === '\\' && !escaped && state !== "'") {
      escaped = true;
      continue;
    }
    let taken = false;
    if (state === 'between') {
      if (char === '#' || char === ';') return words;
      if ((char === '"' || char === "'") && !escaped) state = char;
      else if (!SPACE.test(char)) {
        state = 'bare';
        taken = true;
      }
    } else if (!escaped && (state === 'bare' ? SPACE.test(char) : char === state)) {
      words.push(word);
      word = '';
      state = 'between';
    } else {
      taken = true;
    }
    if (taken) {
      if (escaped && !ESCAPABLE.test(char)) return undefined;
      word += char;
    }
    escaped = false;
  }
  if (state === 'between') return words;
  return state === 'bare' && !escaped ? [...words, word] : undefined;
}

/** A word as it has to be written to be read as itself; words with quotes or backslashes are for callers to refuse. */
export function written(word: string): string {
  return word.includes(' ') ? `"${word}"` : word;
}
