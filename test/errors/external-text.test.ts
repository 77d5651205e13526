import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isVisible, present, quoted, serviceCode, serviceMessage, visible } from '../../src/errors/external-text.js';

/** Told apart from the code under test: by general category and by the list of what is drawn blank. */
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u00A0\u2000-\u200A\u202F\u205F\u3000\u2800]/u;
const SAMPLES: [string, string, string][] = [
  ['a zero-width space', 'an\u200Bna', 'an\\u{200b}na'],
  ['a tag character', `a${String.fromCodePoint(0xe0041)}`, 'a\\u{e0041}'],
  ['a soft hyphen', 'a\u00ADb', 'a\\u{ad}b'],
  ['the Hangul filler', 'a\u3164', 'a\\u{3164}'],
  ['the half-width Hangul filler', '\uFFA0a', '\\u{ffa0}a'],
  ['the blank of Braille', 'a\u2800b', 'a\\u{2800}b'],
  ['a variation selector', 'a\uFE0F', 'a\\u{fe0f}'],
  ['one of the later variation selectors', `a${String.fromCodePoint(0xe0100)}`, 'a\\u{e0100}'],
  ['an override of direction', 'a\u202Eb', 'a\\u{202e}b'],
  ['a line break', 'a\nb', 'a\\u{a}b'],
  ['a separator of lines', 'a\u2028b', 'a\\u{2028}b'],
  ['an escape sequence', '\u001b[31mred', '\\u{1b}[31mred'],
  ['half a surrogate pair', 'a\ud800b', 'a\\u{d800}b'],
  ['a space that does not break', 'a\u00A0b', 'a\\u{a0}b'],
  ['marks without end', `a${'\u0301'.repeat(6)}`, `a${'\u0301'.repeat(4)}\\u{301}\\u{301}`],
];

describe('a text from outside', () => {
  it.each(SAMPLES)('with %s shows it', (_what, text, shown) => {
    expect(visible(text, 100)).toBe(shown);
    expect(isVisible(text)).toBe(/\p{M}{5}/u.test(text) && !HIDDEN.test(text));
  });

  it.each(['anna', '张伟', 'Zoë', 'नमस्ते', 'สวัสดี', '𠮷', 'O\'Brien, "quoted" <b>'])('%j stays as it is', (text) => {
    expect(visible(text, 100)).toBe(text);
  });

  it('holds nothing that cannot be seen, is never too long, and two that differ stay two', () => {
    const hostile = fc.string({
      unit: fc.oneof(fc.constantFrom(...SAMPLES.map(([, text]) => text)), fc.string({ unit: 'binary' })),
      maxLength: 40,
    });
    fc.assert(
      fc.property(hostile, hostile, fc.integer({ min: 10, max: 60 }), (one, other, max) => {
        const shown = visible(one, max);
        expect(shown).not.toMatch(HIDDEN);
        expect(Array.from(shown).length).toBeLessThanOrEqual(max + 1);
        expect(shown).not.toMatch(/\\u\{[0-9a-f]*…$/);
        const [whole, otherWhole] = [visible(one, 10_000), visible(other, 10_000)];
        if (one !== other && !one.includes('\\u{') && !other.includes('\\u{')) expect(whole).not.toBe(otherWhole);
      }),
      { numRuns: 500 },
    );
  });

  it('of megabytes is cut before it is looked at', () => {
    expect(visible('\u200B'.repeat(5_000_000), 30)).toMatch(/^(\\u\{200b\}){3}…$/);
    expect(quoted('x'.repeat(3_000_000)).length).toBeLessThan(90);
    expect(serviceMessage('-----BEGIN '.repeat(500_000)).length).toBeLessThan(1_010);
  });
});

describe('a value in a sentence', () => {
  it.each<[unknown, string]>([
    ['a"b', '"a\\"b"'],
    [undefined, 'undefined'],
    [null, 'null'],
    [12, '12'],
    [[], '[]'],
    [[1, 2], 'a list of 2'],
    [{}, '{}'],
    [{ a: 1 }, 'an object'],
  ])('%j is shown as %s', (value, shown) => expect(quoted(value)).toBe(shown));
});

describe('a code of the service', () => {
  it.each<[string, string | undefined]>([
    ['Forbbiden.SubUser', 'Forbbiden.SubUser'],
    ['VpnTask.CONFLICT', 'VpnTask.CONFLICT'],
    ['INSTANCE_NOT_EXISTS', 'INSTANCE_NOT_EXISTS'],
    ['ok', 'ok'],
    ['Client.Refused', 'Service.Client.Refused'],
    ['client.internal', 'Service.client.internal'],
    ['Client.\u200BRefused', undefined],
    ['Refused: call again', undefined],
    ['x'.repeat(129), undefined],
    ['', undefined],
  ])('%j is %j', (text, code) => expect(serviceCode(text)).toBe(code));
});

describe('an answer on its way out', () => {
  it('is visible in every text and name, and keeps line breaks where they are ours alone', () => {
    const value = { 'a\u200Bb': ['x\ny', { code: 'line\nline\u200B' }], code: 'line\nline\u200B', n: 1, none: null };
    expect(present(value, new Set(['code']))).toEqual({
      'a\\u{200b}b': ['x\\u{a}y', { code: 'line\nline\\u{200b}' }],
      code: 'line\nline\\u{200b}',
      n: 1,
      none: null,
    });
  });
});
