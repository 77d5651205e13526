/** The words of a line are those that OpenVPN itself reads. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wordsOf } from '../../src/openvpn/words.js';
import { openvpnInstalled, refusalOf } from '../support/openvpn.js';

const READ: [line: string, words: string[]][] = [
  ['', []],
  [' \t\v\f\r', []],
  ['# verb 3', []],
  ['; verb 3', []],
  ['  verb\t3\r', ['verb', '3']],
  ['verb 3 # three', ['verb', '3']],
  ['verb 3 ;three', ['verb', '3']],
  ['verb 3#three', ['verb', '3#three']],
  ['\\# verb 3', []],
  ['"up""x"', ['up', 'x']],
  ['"up"x', ['up', 'x']],
  ["'up''x'", ['up', 'x']],
  ['"up"#x', ['up']],
  ['up"x"', ['up"x"']],
  ['up "a b"', ['up', 'a b']],
  ['up a\\ b', ['up', 'a b']],
  ['up "a\\"b"', ['up', 'a"b']],
  ['up \\"a', ['up', '"a']],
  ['up a\\\\b', ['up', 'a\\b']],
  ["up 'a\\b'", ['up', 'a\\b']],
  ['up \\ x', ['up', 'x']],
  ['up x \\', ['up', 'x']],
  ['up ""', ['up', '']],
  ['up\u00a0x', ['up\u00a0x']],
  ['up\u2028x', ['up\u2028x']],
];
const REFUSED = ['up "x', "up 'x", '\\up x', "up \\'x'", 'up "\\x"', 'up x\\'];

describe('the words of a line', () => {
  it.each(READ)('of %j are %j', (line, words) => {
    expect(wordsOf(line)).toEqual(words);
  });

  it.each(REFUSED)('%j has none that OpenVPN would take', (line) => {
    expect(wordsOf(line)).toBeUndefined();
  });
});

describe.skipIf(!openvpnInstalled)("OpenVPN's own words", () => {
  it.each(REFUSED.slice(0, -1))('it refuses %j', (line) => {
    expect(refusalOf(line)).toMatch(/No closing|Bad backslash/);
  });

  it('are the same for the table and for any line of quotes, escapes, blanks and comments', () => {
    const part = fc.constantFrom('"', "'", '\\', '\\"', '\\\\', '\\ ', ' ', '\t', '\v', '\f', '#', ';', 'a', 'up', 'é');
    const line = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(line, { minLength: 200, maxLength: 200 }), (random) => {
        const lines = [...READ.map(([row]) => row), ...random].flatMap((row) => {
          const echo = `echo msg ${row}`;
          const words = wordsOf(echo);
          return words === undefined ? [] : [{ echo, words }];
        });
        const echoed = [...refusalOf(lines.map(({ echo }) => `${echo}\n`).join('')).matchAll(/^ECHO:([^\n]*)$/gm)].map(
          ([, text]) => text,
        );
        expect(echoed).toEqual(lines.map(({ words }) => words.slice(1).join(' ')));
      }),
      { numRuns: 5, endOnFailure: true },
    );
  });
});
