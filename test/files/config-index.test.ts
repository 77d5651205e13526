import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { type IndexRow, writeIndex } from '../../src/files/config-index.js';
import { csvLine, parseCsv } from '../../src/files/csv.js';
import { openFolder } from '../../src/files/private-folder.js';
import { explained, temporaryFolder } from './support.js';

const HEADER = 'name,certificate_id,file,expires_at,fingerprint_sha256';
let path: string;

beforeEach(() => {
  path = temporaryFolder();
});

function row(name: string, certificateId: string, expiresAt = '2027-01-01T00:00:00Z'): IndexRow {
  return { name, certificateId, path: `/x/${name}-${certificateId}.ovpn`, expiresAt, fingerprint: 'AB:CD' };
}

const write = (...rows: IndexRow[]) => writeIndex(openFolder(path), rows);
const text = () => readFileSync(join(path, 'index.csv'), 'utf8');

describe('index.csv', () => {
  it('has a header and a row for each certificate', async () => {
    expect(await write(row('anna', 'vsc-1'), row('张伟', 'vsc-2'))).toBe(join(path, 'index.csv'));
    expect(text()).toBe(
      [
        HEADER,
        '"anna","vsc-1","anna-vsc-1.ovpn","2027-01-01T00:00:00Z","AB:CD"',
        '"张伟","vsc-2","张伟-vsc-2.ovpn","2027-01-01T00:00:00Z","AB:CD"',
        '',
      ].join('\n'),
    );
  });

  it('keeps the rows of earlier batches, with one for each certificate: the latest', async () => {
    await write(row('anna', 'vsc-1'), row('bob', 'vsc-2'));
    await write(row('anna', 'vsc-1', '2028-01-01T00:00:00Z'), row('carl', 'vsc-3'));
    const rows = parseCsv(text())?.slice(1);
    expect(rows?.map(([name, id, , expiresAt]) => [name, id, expiresAt])).toEqual([
      ['bob', 'vsc-2', '2027-01-01T00:00:00Z'],
      ['anna', 'vsc-1', '2028-01-01T00:00:00Z'],
      ['carl', 'vsc-3', '2027-01-01T00:00:00Z'],
    ]);
  });

  it('of a spreadsheet that saved it with a byte order mark, CRLF and no quotes is still read', async () => {
    writeFileSync(
      join(path, 'index.csv'),
      `\uFEFF${HEADER}\r\nanna,vsc-1,anna.ovpn,2026,AA\r\n"b,b",vsc-2,b.ovpn,2026,BB\r\n`,
    );
    await write(row('anna', 'vsc-1'));
    expect(parseCsv(text())?.map(([name, id]) => [name, id])).toEqual([
      ['name', 'certificate_id'],
      ['b,b', 'vsc-2'],
      ['anna', 'vsc-1'],
    ]);
  });

  it.each([
    '=HYPERLINK("http://evil","x")',
    '+1',
    '-1',
    '@SUM(1)',
    '＝1',
    '＋1',
    '－1',
    '＠x',
    ' =1',
    "=cmd|'/c calc'!A0",
  ])('shows the name %j as text in a spreadsheet, once and for all', async (name) => {
    await write(row(name, 'vsc-1'));
    await write(row('bob', 'vsc-2'));
    expect(parseCsv(text())?.[1]?.[0]).toMatch(/^'/);
    expect(parseCsv(text())?.[1]?.[0]).not.toMatch(/^''/);
    await write(row(name, 'vsc-1'));
    expect(parseCsv(text())).toHaveLength(3);
  });

  it('disarms a formula that an earlier version wrote', async () => {
    writeFileSync(join(path, 'index.csv'), `${HEADER}\n"=1+1","vsc-1","x.ovpn","2026","AA"\n`);
    await write(row('bob', 'vsc-2'));
    expect(text()).toContain(`"'=1+1","vsc-1"`);
  });

  it.each([
    ['has another header', 'Name;Salary\nanna;1\n', 'not an index of this server'],
    ['has no header', '"anna","vsc-1","a.ovpn","2026","AA"\n', 'not an index of this server'],
    ['has a quote that is never closed', `${HEADER}\n"anna,vsc-1\n`, 'not a well-formed CSV file'],
    ['has text after a quote', `${HEADER}\n"anna"x,vsc-1\n`, 'not a well-formed CSV file'],
    ['has megabytes behind an open quote', `${HEADER}\n"${'a""'.repeat(1_000_000)}\n`, 'not a well-formed CSV file'],
  ])('that %s is left alone, with the command that moves it away', async (_what, foreign, why) => {
    writeFileSync(join(path, 'index.csv'), foreign);
    const error = await explained(() => write(row('anna', 'vsc-1')));
    expect(error.code).toBe('Client.FileExists');
    expect(error.message).toContain(why);
    const file = join(path, 'index.csv');
    expect(error.next_steps).toEqual([expect.stringContaining(`\`mv '${file}' '${file}.old'\``)]);
    expect(text()).toBe(foreign);
    expect(readdirSync(path)).toEqual(['index.csv']);
  });
});

describe('any row', () => {
  const cell = fc.string({ unit: 'binary', maxLength: 50 });

  it('is read back as it was written, but for the apostrophe before a formula', () => {
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { maxLength: 5 }), (rows) => {
        const read = parseCsv(rows.map((cells) => `${csvLine(cells)}\n`).join(''));
        expect(read?.map((cells) => cells.map((text) => text.replace(/^'(?=[\s=+\-@＝＋－＠])/, '')))).toEqual(
          rows.map((cells) => cells.map((text) => text.replace(/^'(?=[\s=+\-@＝＋－＠])/, ''))),
        );
        // In no cell is the first character that is not white space one that begins a formula.
        for (const text of read?.flat() ?? []) expect(text).not.toMatch(/^[\t\r\n]|^\s*[=+\-@＝＋－＠]/);
      }),
    );
  });

  it('takes one line, whatever the name', async () => {
    const folder = openFolder(path);
    await fc.assert(
      fc.asyncProperty(cell, async (name) => {
        await writeIndex(folder, [{ ...row('x', 'vsc-1'), name }]);
        expect(text().split(/[\r\n\u2028\u2029]/)).toHaveLength(3);
      }),
      { numRuns: 50 },
    );
  });
});
