/** Which field each sentence of a Client.InvalidArguments belongs to. */

import type { Fields } from '../link/values.js';
import { fieldsOf, textOf } from '../link/values.js';

export type Problem = { text: string; isMissing: boolean };

/** @returns nothing where the arguments are fine, or something else went wrong */
export function problemsOf(structured: Fields, names: readonly string[]): ReadonlyMap<string, Problem> {
  const { code, message } = fieldsOf(structured.error);
  const problems = new Map<string, Problem>();
  if (code !== 'Client.InvalidArguments') return problems;
  const text = textOf(message);
  const starts = [
    ...text.matchAll(new RegExp(`(?:^|\\. )(${names.join('|')})(?:\\[[^\\]]*\\])?( is missing|: )`, 'g')),
  ];
  for (const [index, { 0: all, 1: name = '', 2: says, index: at }] of starts.entries()) {
    if (problems.has(name)) continue;
    const begin = at + (all.startsWith('. ') ? 2 : 0);
    const end = starts[index + 1]?.index;
    const isMissing = says === ' is missing';
    problems.set(name, { text: text.slice(begin, end === undefined ? undefined : end + 1), isMissing });
  }
  return problems;
}
