import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configFileName, isSafeFileName } from '../../src/files/file-name.js';

describe('the name of a file', () => {
  it.each([
    ['zhang.wei', 'zhang.wei-vsc-1.ovpn'],
    ['张伟', '张伟-vsc-1.ovpn'],
    ['प्रिया', 'प्रिया-vsc-1.ovpn'],
    ['../../x', '_.._x-vsc-1.ovpn'],
    ['..', 'vsc-1.ovpn'],
    ['/etc/passwd', '_etc_passwd-vsc-1.ovpn'],
    ['a\\b:c*d?"<>|\n', 'a_b_c_d_-vsc-1.ovpn'],
    ['CON', '_CON-vsc-1.ovpn'],
    ['con.txt', '_con.txt-vsc-1.ovpn'],
    ['COM¹.x', 'COM_.x-vsc-1.ovpn'],
    ['.hidden', 'hidden-vsc-1.ovpn'],
    ['-rf', 'rf-vsc-1.ovpn'],
    ['\u0301a', 'a-vsc-1.ovpn'],
    ['=HYPERLINK("http://evil")', '_HYPERLINK_http_evil_-vsc-1.ovpn'],
    ['', 'vsc-1.ovpn'],
  ])('of %j is %j', (name, expected) => {
    expect(configFileName(name, 'vsc-1')).toBe(expected);
  });

  it.each([
    ['a zero-width space', '\u200B'],
    ['a soft hyphen', '\u00AD'],
    ['a right-to-left override', '\u202E'],
    ['a Hangul filler', '\u3164'],
    ['a half-width Hangul filler', '\uFFA0'],
    ['a Hangul initial filler', '\u115F'],
    ['a Hangul medial filler', '\u1160'],
    ['a blank Braille pattern', '\u2800'],
    ['a Khitan filler', '\u{16FE4}'],
    ['a combining grapheme joiner', '\u034F'],
    ['a variation selector', '\uFE0F'],
    ['an ideographic variation selector', '\u{E0100}'],
    ['a tag', '\u{E0041}'],
    ['a lone surrogate', '\uD800'],
    ['a private character', '\uE000'],
    ['a line separator', '\u2028'],
    ['NUL', '\0'],
  ])('shows %s as an underscore', (_what, character) => {
    expect(configFileName(`an${character}na`, 'vsc-1')).toBe('an_na-vsc-1.ovpn');
    expect(isSafeFileName(`an${character}na`)).toBe(false);
  });

  it('is the same for both ways of composing a letter', () => {
    expect(configFileName('Zoe\u0308', 'vsc-1')).toBe('Zo\u00EB-vsc-1.ovpn');
  });

  it('of 128 letters of three bytes fits into every file system, and is not cut within a letter', () => {
    const name = configFileName('猫'.repeat(128), `vsc-${'x'.repeat(60)}`);
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
    expect(name).toMatch(/^猫+-vsc-x+\.ovpn$/);
  });

  it('differs for two certificates of one name', () => {
    expect(configFileName('twin', 'vsc-1')).not.toBe(configFileName('twin', 'vsc-2'));
  });

  it.each(['', 'x/../../victim', '..', 'a\\b', 'a b', '-x', '.x', 'é', `v${'x'.repeat(300)}`, 'vsc-1\n'])(
    'is not made of the id %j',
    (id) => expect(() => configFileName('anna', id)).toThrow(TypeError),
  );
});

describe('any name and any id', () => {
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ unit: 'grapheme', maxLength: 300 }));
  // Half of the ids are what the service makes, so that names are tried as well.
  const id = fc.oneof(text, fc.stringMatching(/^vsc-[a-z0-9]{1,64}$/));

  it('give a visible name in NFC of at most 255 bytes, or none', () => {
    fc.assert(
      fc.property(text, id, (name, certificateId) => {
        let made: string;
        try {
          made = configFileName(name, certificateId);
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
          return;
        }
        expect(made).not.toMatch(/[\p{C}\p{Z}\p{S}\p{Default_Ignorable_Code_Point}/\\:*?"<>|]|^[.-]/u);
        expect(made).toBe(made.normalize('NFC'));
        expect(Buffer.byteLength(made)).toBeLessThanOrEqual(255);
        expect(isSafeFileName(made)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a name that a caller chose', () => {
  it.each(['', '.', '..', '.x', '-x', 'a/b', 'a\\b', 'a b', 'a\0', 'nul', 'Aux.csv', 'x'.repeat(256)])(
    '%j is not safe',
    (name) => expect(isSafeFileName(name)).toBe(false),
  );

  it.each(['index.csv', '张伟-vsc-1.ovpn', 'x'.repeat(255)])('%j is safe', (name) =>
    expect(isSafeFileName(name)).toBe(true),
  );
});
