/** The forms of the values that directives take. All are plain ASCII without quotes, backslashes and controls. */
import { isIPv4, isIPv6 } from 'node:net';

export type Form = (word: string) => boolean;
/** Whether the words after a directive's name are what it takes. */
export type Values = (words: readonly string[]) => boolean;

export function takes(required: readonly Form[], optional: readonly Form[] = []): Values {
  const forms = [...required, ...optional];
  return (words) =>
    words.length >= required.length && words.length <= forms.length && words.every((word, at) => forms[at]?.(word));
}

/** The first words by their forms, then at least `min` of one form. */
export function takesMany(first: readonly Form[], min: number, each: Form): Values {
  return (words) => words.length >= first.length + min && words.every((word, at) => (first[at] ?? each)(word));
}

export function either(...alternatives: readonly Values[]): Values {
  return (words) => alternatives.some((values) => values(words));
}

export function oneOf(...words: readonly string[]): Form {
  return (word) => words.includes(word);
}

export function like(pattern: RegExp): Form {
  return (word) => pattern.test(word);
}

/** An alternative for single words. */
export function or(...forms: readonly Form[]): Form {
  return (word) => forms.some((form) => form(word));
}

/** Words joined by colons, as in lists of ciphers. */
export function listOf(item: Form): Form {
  return (word) => word.split(':').every(item);
}

export function number(min: number, max: number): Form {
  return (word) => /^\d{1,10}$/.test(word) && Number(word) >= min && Number(word) <= max;
}

/** Seconds, counts and bytes: what fits into C's int. */
export const count = number(0, 2_147_483_647);
export const port = number(1, 65_535);
export const ipv4: Form = isIPv4;
/** Without a zone, which would name an interface of the machine. */
export const ipv6: Form = (word) => isIPv6(word) && !word.includes('%');
export const name = like(/^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$/);
export const host = or(name, ipv6);

const BLOCK = '(?:128|192|256)-(?:GCM|CBC|CFB|OFB)';
/** Ciphers with keys of 128 bits and more; OpenVPN takes them in either case. */
export const cipher = like(
  new RegExp(`^(?:(?:AES|ARIA|CAMELLIA)-${BLOCK}|SM4-(?:GCM|CBC|CFB|OFB)|CHACHA20-POLY1305)$`, 'i'),
);
export const digest = like(/^(?:SHA-?1|SHA(?:[23]-)?(?:224|256|384|512)|BLAKE2(?:b512|s256)|RIPEMD160|SM3)$/i);
/** Names as of IANA with forward secrecy; OpenSSL's own strings could lower its security level. */
export const tlsCipher = like(
  /^TLS-(?:ECDHE|DHE)-(?:RSA|ECDSA)-WITH-(?:(?:AES|CAMELLIA)-(?:128|256)-(?:GCM|CBC)|CHACHA20-POLY1305)-SHA(?:256|384)?$/,
);
export const tlsCiphersuite = oneOf(
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_CCM_SHA256',
);
/** Part of a distinguished name, or of a pushed option; with spaces it is written in quotes. */
export const phrase = like(/^[A-Za-z0-9/*_-][A-Za-z0-9 /*_.,:=@+()-]*$/);
