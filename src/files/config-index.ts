/** index.csv in the output folder: which file is whose, for handing them out. */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { writeConfig } from './private-file.js';

export type IndexRow = { name: string; certificateId: string; path: string; expiresAt: string; fingerprint: string };

const FILE_NAME = 'index.csv';
const HEADER = 'name,certificate_id,file,expires_at,fingerprint_sha256';

/** Adds rows to those of earlier batches; a certificate has one row. @returns the path */
export async function writeIndex(folder: string, rows: readonly IndexRow[]): Promise<string> {
  const added = new Map(rows.map((row) => [row.certificateId, csvLine(row)]));
  const before = await readFile(join(folder, FILE_NAME), 'utf8').catch(() => '');
  const kept = before.split('\n').filter((line) => {
    const id = /^"(?:[^"]|"")*","([^"]*)"/.exec(line)?.[1];
    return id !== undefined && !added.has(id);
  });
  const text = [HEADER, ...kept, ...added.values(), ''].join('\n');
  return (await writeConfig(folder, FILE_NAME, text, true)).path;
}

function csvLine({ name, certificateId, path, expiresAt, fingerprint }: IndexRow): string {
  return [name, certificateId, basename(path), expiresAt, fingerprint]
    .map((field) => `"${field.replaceAll('"', '""')}"`)
    .join(',');
}
