import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openAccessFile, readRules } from '../../src/access/access-file.js';
import { createLog } from '../../src/log.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'access-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const rules = (...all: object[]): string => JSON.stringify({ rules: all });
const has = (text: string, claims: Record<string, unknown>, tool = 'list_regions'): boolean =>
  readRules(text).rightsOf(claims).grantsFor(tool).length > 0;

describe('who', () => {
  it.each([
    [{ groups: 'staff' }, true],
    [{ groups: ['x', 'staff'] }, true],
    [{ groups: ['staffx'] }, false],
    [{ groups: 'staff x' }, false],
    [{ groups: { staff: true } }, false],
    [{ groups: ['staff'], active: false }, true],
    [{}, false],
  ])('groups: staff is %j: %s', (claims, expected) => {
    expect(has(rules({ who: { groups: 'staff' }, tools: 'all' }), claims)).toBe(expected);
  });

  it('has to have every claim of the rule', () => {
    const text = rules({ who: { groups: 'staff', active: true }, tools: 'all' });
    expect(has(text, { groups: 'staff', active: true })).toBe(true);
    expect(has(text, { groups: 'staff', active: 'true' })).toBe(false);
    expect(has(text, { groups: 'staff' })).toBe(false);
    expect(has(rules({ who: { constructor: 'x' }, tools: 'all' }), {})).toBe(false);
  });

  it('may use what a rule names, and nothing without one', () => {
    const text = rules({ who: {}, tools: ['list_regions'] });
    expect(has(text, {})).toBe(true);
    expect(has(text, {}, 'delete_ssl_vpn_client_cert')).toBe(false);
    expect(has(rules(), {})).toBe(false);
  });
});

describe('a file that cannot be used', () => {
  it.each([
    ['not JSON', '{'],
    ['no rules', '{}'],
    ['a field that is unknown', JSON.stringify({ rules: [], rulez: [] })],
    ['an unknown tool', rules({ who: {}, tools: ['make_cert'] })],
    ['no tools', rules({ who: {}, tools: [] })],
    ['an empty list of names', rules({ who: {}, tools: 'all', names: [] })],
    ['a name that is a pattern', rules({ who: {}, tools: 'all', names: ['anna*'] })],
    ['a region that is none', rules({ who: {}, tools: 'all', regions: ['Frankfurt'] })],
    ['a server that is none', rules({ who: {}, tools: 'all', servers: ['*'] })],
    ['a misspelt field', rules({ who: {}, tools: 'all', name: ['anna'] })],
    ['a claim that is a list', rules({ who: { groups: ['a'] }, tools: 'all' })],
    ['no who', rules({ tools: 'all' })],
  ])('%s', (_what, text) => {
    expect(() => readRules(text)).toThrow();
  });

  it('is told what is wrong where, and what is accepted', () => {
    const text = JSON.stringify({ rules: [{ tools: ['make_cert'], region: 'eu-central-1' }] });
    for (const part of ['rules.0.who: is missing', 'rules.0.tools: has to be "all"', 'there is no region'])
      expect(() => readRules(text)).toThrow(part);
  });
});

describe('a file that changes', () => {
  it('is read again; what cannot be used is shouted about, and what it said before holds', async () => {
    const path = join(folder, 'access.json');
    const lines: string[] = [];
    writeFileSync(path, rules({ who: {}, tools: 'all' }));
    const file = await openAccessFile(
      path,
      createLog('info', (line) => lines.push(line)),
    );
    const may = (tool: string): boolean => file.rightsOf({}).grantsFor(tool).length > 0;
    const until = async (holds: () => boolean): Promise<void> => {
      while (!holds()) await new Promise((resolve) => setTimeout(resolve, 50));
    };
    expect(may('list_regions')).toBe(true);
    writeFileSync(path, '{ "rules": [');
    await until(() => lines.some((line) => line.includes('"level":"error"') && line.includes('not JSON')));
    expect(may('list_regions')).toBe(true);
    writeFileSync(`${path}.new`, rules({ who: {}, tools: ['explain_error'] }));
    renameSync(`${path}.new`, path);
    await until(() => !may('list_regions'));
    expect(may('explain_error')).toBe(true);
    rmSync(path);
    await until(() => lines.filter((line) => line.includes('"level":"error"')).length > 1);
    expect(may('explain_error')).toBe(true);
    file.close();
  });
});
