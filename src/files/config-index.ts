/** index.csv in the output folder: which file is whose, for handing them out. */
import { basename } from 'node:path';
import { externalText } from '../errors/external-text.js';
import { csvLine, parseCsv, safeCell } from './csv.js';
import { unusable } from './obstacle.js';
import type { PrivateFolder } from './private-folder.js';

export type IndexRow = { name: string; certificateId: string; path: string; expiresAt: string; fingerprint: string };

const FILE_NAME = 'index.csv';
const HEADER = 'name,certificate_id,file,expires_at,fingerprint_sha256';
const MAX_NAME_LENGTH = 128;

/**
 * Adds rows to those of earlier batches; a certificate has one row.
 * @returns the path
 * @throws FileWriteError, also where index.csv is not one of this server's: it is left alone
 */
export async function writeIndex(
  folder: PrivateFolder,
  rows: readonly IndexRow[],
  options?: { signal?: AbortSignal },
): Promise<string> {
  const added = new Map(rows.map((row) => [safeCell(row.certificateId), cellsOf(row)]));
  const { path } = await folder.update(
    FILE_NAME,
    (before, path) => {
      const kept = rowsOf(before, path).filter(([, id]) => id !== undefined && !added.has(safeCell(id)));
      return [HEADER, ...[...kept, ...added.values()].map(csvLine), ''].join('\n');
    },
    options,
  );
  return path;
}

function cellsOf({ name, certificateId, path, expiresAt, fingerprint }: IndexRow): string[] {
  return [externalText(name, MAX_NAME_LENGTH), certificateId, basename(path), expiresAt, fingerprint];
}

/** Also of an index that a spreadsheet has saved since, which begins with a byte order mark or quotes nothing. */
function rowsOf(text: string, path: string): string[][] {
  if (text === '') return [];
  const [header, ...rows] = parseCsv(text.replace(/^\uFEFF/, '')) ?? [];
  if (header === undefined) throw unusable(path, 'it is not a well-formed CSV file');
  if (header.join(',') !== HEADER) {
    throw unusable(path, `its first line is not "${HEADER}", so it is not an index of this server`);
  }
  return rows;
}
