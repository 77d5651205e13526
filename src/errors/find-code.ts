/** Finds the catalogue's entry for a code as people and agents type it. */
import { distance } from 'fastest-levenshtein';
import { CATALOGUE, type CatalogueEntry, catalogueEntry, catalogueFamily } from './catalogue.js';

export type Found =
  | { match: 'exact' | 'case' | 'near' | 'family'; entry: CatalogueEntry }
  /** Nothing sure: what it may be, the likeliest first; all of a prefix where `Prefix.*` was asked for. */
  | { match: 'none'; candidates: CatalogueEntry[] };

/** So few letters apart is a slip, not another code: `Forbidden.SubUser` for `Forbbiden.SubUser`. */
const MOST_SLIPS = 2;
const MOST_CANDIDATES = 5;

export function findCode(text: string): Found {
  const asked = text.trim();
  const exact = catalogueEntry(asked);
  if (exact !== undefined) return { match: 'exact', entry: exact };
  const lower = asked.toLowerCase();
  const sameButCase = CATALOGUE.find(({ code }) => code.toLowerCase() === lower);
  if (sameButCase !== undefined) return { match: 'case', entry: sameButCase };
  if (lower.endsWith('*')) {
    const prefix = lower.replace(/\.?\*$/, '');
    return { match: 'none', candidates: CATALOGUE.filter(({ code }) => code.toLowerCase().startsWith(prefix)) };
  }
  const byDistance = CATALOGUE.map((entry) => ({ entry, far: distance(lower, entry.code.toLowerCase()) })).sort(
    (a, b) => a.far - b.far,
  );
  const [first, second] = byDistance;
  if (first !== undefined && first.far <= MOST_SLIPS && asked.length > 2 * MOST_SLIPS && first.far !== second?.far) {
    return { match: 'near', entry: first.entry };
  }
  const family = catalogueFamily(asked);
  if (family !== undefined) return { match: 'family', entry: family };
  const candidates = byDistance
    .filter(
      ({ entry, far }) => far <= asked.length / 2 || (lower.length >= 4 && entry.code.toLowerCase().includes(lower)),
    )
    .slice(0, MOST_CANDIDATES)
    .map(({ entry }) => entry);
  return { match: 'none', candidates };
}
