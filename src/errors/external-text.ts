/** Texts from outside (the cloud, files, the caller), made safe to hand on as data. */

/** C0 and C1 controls, bidirectional overrides, zero-width and line separators: what could hide or forge a line. */
const INVISIBLE = /[\p{Cc}\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]+/gu;

/** On one line, visible, and at most `most` characters long. */
export function externalText(text: string, most: number): string {
  const line = text.replace(INVISIBLE, ' ').trim();
  const characters = Array.from(line);
  return characters.length <= most ? line : `${characters.slice(0, most).join('')}…`;
}

/** A value as evidence inside a sentence of ours: quoted, short. */
export function quoted(value: unknown): string {
  return externalText(JSON.stringify(value) ?? String(value), 80);
}

/** The service quotes the string it signed when a signature does not match; temporary credentials stand in it. */
const SIGNED_TEXT = /((?:string\s?to\s?sign|canonical\s?request|string-to-sign)(?:\s+is)?\s*[:=]?)[\s\S]+/i;
const PEM = /-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(?:-----END [A-Z0-9 ]+-----|$)/g;

/** A message of the service as it was sent, less what was signed and any key material. */
export function serviceMessage(text: string): string {
  return externalText(text.replace(PEM, '[removed]').replace(SIGNED_TEXT, '$1 [removed]'), 1_000);
}
