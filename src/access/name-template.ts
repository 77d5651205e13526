/**
 * Names that a rule of the access file allows, as a template: text in which claims of whoever asks stand. A claim never
 * becomes a pattern: it is compared, or it matches nothing.
 */
import type { NameRule } from '../policy.js';
import { certName } from '../tools/parameters.js';

export type Claims = Readonly<Record<string, unknown>>;

/** Text and claims in turn; `more` for a last `--*`. */
type Template = { parts: readonly (string | { claim: string; local: boolean })[]; more: boolean };

const MORE = '--*';
const PLACE = /\{([^{}]*?)(:local)?\}/;
/** Of names, and what stands for it in a template: nothing else could ever be part of a name. */
const NAME_TEXT = /^[\p{L}\p{M}\p{Nd}._-]*$/u;
/** Two hyphens and letters or digits. A claim never holds two hyphens, so where they stand is never in doubt. */
const SUFFIX = /^--[\p{L}\p{Nd}]{1,20}$/u;

/** @returns undefined for a text that is no template */
export function readTemplate(text: string): Template | undefined {
  const more = text.endsWith(MORE);
  const body = more ? text.slice(0, -MORE.length) : text;
  const parts: Template['parts'][number][] = [];
  // split() gives text, claim and ":local" in turn.
  const pieces = body.split(PLACE);
  for (let at = 0; at < pieces.length; at += 3) {
    const [own = '', claim, local] = pieces.slice(at, at + 3);
    if (!NAME_TEXT.test(own) || claim === '') return undefined;
    parts.push(own);
    if (claim !== undefined) parts.push({ claim, local: local !== undefined });
  }
  return body === '' ? undefined : { parts, more };
}

/** @param templates of which a name has to fit one */
export function nameRule(templates: readonly Template[], claims: Claims): NameRule {
  const fitting = templates.flatMap((template) => {
    const base = filledIn(template, claims);
    return base === undefined ? [] : [{ base, more: template.more }];
  });
  return {
    allows(name) {
      const whole = name.normalize('NFC');
      return fitting.some(({ base, more }) =>
        more ? whole.startsWith(base) && SUFFIX.test(whole.slice(base.length)) : whole === base,
      );
    },
    shown: fitting.length === 0 ? ['none'] : fitting.map(({ base, more }) => `${base}${more ? MORE : ''}`),
  };
}

/** @returns undefined where a claim is not there or could not be part of a name */
function filledIn({ parts }: Template, claims: Claims): string | undefined {
  let text = '';
  for (const part of parts) {
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    const claim = Object.hasOwn(claims, part.claim) ? claims[part.claim] : undefined;
    if (typeof claim !== 'string') return undefined;
    const value = part.local ? claim.replace(/@.*$/su, '') : claim;
    if (value.includes('--') || !certName.safeParse(value).success) return undefined;
    text += value;
  }
  return text.normalize('NFC');
}
