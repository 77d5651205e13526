import { describe, expect, it } from 'vitest';
import { nameRule, readTemplate } from '../../src/access/name-template.js';

function allows(templates: string[], claims: Record<string, unknown>, name: string): boolean {
  const read = templates.map(readTemplate).filter((template) => template !== undefined);
  expect(read).toHaveLength(templates.length);
  return nameRule(read, claims).allows(name);
}

const OWN = ['{preferred_username}', '{preferred_username}--*'];

describe('a template', () => {
  it.each([
    ['anna', true],
    ['anna--laptop', true],
    ['anna--7', true],
    ['anna--b\u00fcro', true],
    ['anna-maria', false],
    ['annamaria', false],
    ['anna--', false],
    ['anna--a-b', false],
    ['anna--a--b', false],
    [`anna--${'x'.repeat(20)}`, true],
    [`anna--${'x'.repeat(21)}`, false],
    ['Anna', false],
    ['', false],
  ])('of the own name and a suffix: %j is %s', (name, allowed) => {
    expect(allows(OWN, { preferred_username: 'anna' }, name)).toBe(allowed);
  });

  it('takes what is before the @ of a claim, and stands in text', () => {
    expect(allows(['vpn.{email:local}'], { email: 'anna@example.com' }, 'vpn.anna')).toBe(true);
    expect(allows(['vpn.{email:local}'], { email: 'anna@a--b.example' }, 'vpn.anna')).toBe(true);
    expect(allows(['{https://example.com/vpn}'], { 'https://example.com/vpn': 'anna' }, 'anna')).toBe(true);
    expect(allows(['printer'], {}, 'printer')).toBe(true);
  });

  it('compares in NFC and in no other form', () => {
    expect(allows(OWN, { preferred_username: 'jose\u0301' }, 'jos\u00e9')).toBe(true);
    expect(allows(OWN, { preferred_username: 'jos\u00e9' }, 'jose\u0301--x')).toBe(true);
    expect(allows(OWN, { preferred_username: 'anna' }, '\uff41nna')).toBe(false);
    expect(allows(OWN, { preferred_username: '\ufb01na' }, 'fina')).toBe(false);
  });

  it.each([
    ['*'],
    ['.*'],
    ['a*'],
    ['anna--laptop'],
    ['anna--'],
    ['a'],
    ['{sub}'],
    ['anna bob'],
    ['anna@example.com'],
    ['http://anna'],
    [''],
    [['anna']],
    [7],
    [null],
    [undefined],
  ])('the claim %j matches nothing', (preferred_username) => {
    const claims = { preferred_username, sub: 'anna' };
    for (const name of ['anna', 'anna--laptop', 'a', 'anna bob', String(preferred_username), '7', ''])
      expect(allows(OWN, claims, name), name).toBe(false);
  });

  it('takes no claim from what every object has', () => {
    expect(allows(['{constructor}', '{toString}--*'], {}, 'Object')).toBe(false);
  });

  it.each(['', '*', 'anna*', '--*', '{', '{}', '{a', 'a}', '{{a}}', 'an na', '{a}--*--*', 'a--*b', '{:local}'])(
    '%j is none',
    (text) => expect(readTemplate(text)).toBeUndefined(),
  );
});
