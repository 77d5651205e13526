/** The page's texts: nothing that it shows is left in one language. */
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../src/errors/catalogue.js';
import { inChinese } from '../../src/explorer/sentences.js';
import { ARGUMENTS, CATEGORIES, FAULTS, TOOLS as TOOL_TERMS } from '../../src/explorer/terms.js';
import { FAULTS as SANDBOX_FAULTS } from '../../src/sandbox/faults.js';
import { TOOLS } from '../../src/tools/index.js';

const CHINESE = /\p{Script=Han}/u;

describe('in Chinese', () => {
  it.each(TOOLS.map(({ name, title, input }) => [name, title, Object.keys(input.shape)] as const))(
    '%s has a title, a text and a label for each argument',
    (name, title, args) => {
      const [english, ...chinese] = TOOL_TERMS[name] ?? [];
      expect(english).toBe(title);
      for (const text of chinese) expect(text).toMatch(CHINESE);
      for (const argument of args) {
        const [, label, hint] = ARGUMENTS[argument] ?? [];
        expect(label, argument).toMatch(CHINESE);
        expect(hint, argument).toBeTruthy();
      }
    },
  );

  it('every cause and step of the error catalogue is said', () => {
    const sentences = CATALOGUE.flatMap(({ cause, steps }) => [cause, ...steps.map(({ text }) => text)]);
    expect(sentences.filter((text) => !CHINESE.test(inChinese(text)))).toEqual([]);
    expect(inChinese(`${CATALOGUE[0]?.cause} Nothing was changed.`)).toMatch(/此操作。未更改任何内容。$/);
    expect(inChinese('A text from elsewhere. Nothing was changed.')).toBe(
      'A text from elsewhere. Nothing was changed.',
    );
  });

  it('kinds of errors and faults of the sandbox have names', () => {
    expect([...new Set(CATALOGUE.map(({ category }) => category))].filter((one) => !(one in CATEGORIES))).toEqual([]);
    expect(SANDBOX_FAULTS.filter((fault) => !(fault in FAULTS))).toEqual([]);
  });
});
