/** Texts from outside (the cloud, files, the caller), made visible and bounded where they leave; nothing is dropped. */
import { mapTexts } from '../map-texts.js';

/**
 * What a reader would not see, or what would change how the rest is read: controls, format characters, surrogates,
 * private use, unassigned, separators other than the space, whatever Unicode says may be ignored, and the letters and
 * signs that are drawn blank.
 */
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000\u2800\u115F\u1160\u3164\uFFA0\u{1D159}\u17B4\u17B5]/u;
const UNSEEN_ALL = new RegExp(UNSEEN.source, 'gu');
/** More marks on one letter than any script needs reach over the lines around. */
const STACKED_MARKS = /(?<=\p{M}{4})\p{M}/u;
const STACKED_MARKS_ALL = new RegExp(STACKED_MARKS.source, 'gu');

/** Whether a person would see every character of it. */
export function isVisible(text: string): boolean {
  return !UNSEEN.test(text);
}

/**
 * On one line, with what cannot be seen as \u{200b}.
 * @param maxCharacters of the result, an ellipsis beyond them
 */
export function visible(text: string, maxCharacters: number): string {
  // A character is at most two units, and what is cut off need not be looked at.
  const shown = escaped(text.length > 2 * maxCharacters ? text.slice(0, 2 * maxCharacters + 2) : text);
  const characters = Array.from(shown);
  if (characters.length <= maxCharacters && shown.length >= text.length) return shown;
  if (characters.length <= maxCharacters) return `${shown}…`;
  // Never within an escape.
  const cut = characters.slice(0, maxCharacters).join('');
  return `${cut.replace(/\\u\{[0-9a-f]{0,6}$/, '')}…`;
}

/** Nearly every text is, and is told so at once; the classes of Unicode take milliseconds to be made ready. */
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

function escaped(text: string): string {
  if (PRINTABLE_ASCII.test(text)) return text;
  const shown = UNSEEN.test(text) ? text.replace(UNSEEN_ALL, escapeOf) : text;
  return STACKED_MARKS.test(shown) ? shown.replace(STACKED_MARKS_ALL, escapeOf) : shown;
}

function escapeOf(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** The same value with every text in it visible and bounded. */
export function bounded<T>(value: T, maxCharacters: number): T {
  return mapTexts(value, (text) => visible(text, maxCharacters));
}

const MAX_QUOTED = 80;

/** A value as evidence inside a sentence of ours: quoted, short. */
export function quoted(value: unknown, maxCharacters = MAX_QUOTED): string {
  if (typeof value !== 'string') return visible(brief(value), maxCharacters);
  // More than that would be cut off anyway.
  return `"${visible(value.slice(0, 2 * maxCharacters).replace(/["\\]/g, '\\$&'), maxCharacters)}"`;
}

/** What is not a text in so many words that nothing deep or large is walked through. */
function brief(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0 ? '{}' : 'an object';
  return String(value);
}

/** The service quotes the string it signed when a signature does not match; temporary credentials stand in it. */
const SIGNED_TEXT = /((?:string\s?to\s?sign|canonical\s?request|string-to-sign)(?:\s+is)?\s?[:=]?)[\s\S]+/i;
const PEM = /-----BEGIN [A-Z0-9 ]{1,40}-----[^-]*(?:-----END [A-Z0-9 ]{1,40}-----)?/g;
const MAX_MESSAGE = 1_000;
/** What is looked through of a message of any length. */
const MAX_READ = 20_000;

/** A message of the service as it was sent, less what was signed and any key material. */
export function serviceMessage(text: string): string {
  const read = text.slice(0, MAX_READ);
  return visible(read.replace(PEM, '[removed]').replace(SIGNED_TEXT, '$1 [removed]').trim(), MAX_MESSAGE);
}

/**
 * A code of the service, which never speaks in our name.
 * @returns undefined for a text that is no code
 */
export function serviceCode(text: string): string | undefined {
  if (!/^[\w.-]{1,128}$/.test(text)) return undefined;
  return /^client\./i.test(text) ? `Service.${text}` : text;
}

/**
 * The one way out of a structured answer: the same value with every text in it visible, keys included.
 * @param multiline names of fields whose texts, all of them ours, may have several lines and tabs
 */
export function present<T>(value: T, multiline: ReadonlySet<string> = new Set()): T {
  return mapTexts(value, (text, field) =>
    field !== undefined && multiline.has(field) ? text.replace(/[^\n\t]+/g, escaped) : escaped(text),
  );
}
