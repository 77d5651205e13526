/** Finds the catalogue's entry for a code as people and agents type it. */
import { distance } from 'fastest-levenshtein';
import { CATALOGUE, type CatalogueEntry, serviceFamily } from './catalogue.js';

export type Found =
  | { match: 'exact' | 'case' | 'near' | 'family'; entry: CatalogueEntry }
  /** Nothing certain: what it may be, the likeliest first; all codes of the prefix for `Prefix.*`. */
  | { match: 'none'; candidates: CatalogueEntry[] };

/** So few letters apart is a typo, not another code: `Forbidden.SubUser` for `Forbbiden.SubUser`. */
const MAX_TYPOS = 2;
const MAX_CANDIDATES = 5;
/** Of a code that is not typed to its end. */
const MIN_PREFIX = 6;
/** How the service's codes are shown that look like ours: none of them is, so none of ours explains it. */
const FOREIGN = /^service\.client\./i;

export function findCode(text: string): Found {
  const asked = text.trim();
  if (FOREIGN.test(asked)) return { match: 'none', candidates: [] };
  const exact = CATALOGUE.find(({ code }) => code === asked);
  if (exact !== undefined) return { match: 'exact', entry: exact };
  const lower = asked.toLowerCase();
  const sameButCase = CATALOGUE.find(({ code }) => code.toLowerCase() === lower);
  if (sameButCase !== undefined) return { match: 'case', entry: sameButCase };
  if (lower.endsWith('*')) {
    const prefix = lower.replace(/\.?\*$/, '');
    return { match: 'none', candidates: CATALOGUE.filter(({ code }) => code.toLowerCase().startsWith(prefix)) };
  }
  const begun = lower.length >= MIN_PREFIX ? CATALOGUE.filter(({ code }) => code.toLowerCase().startsWith(lower)) : [];
  const [only, ...more] = begun;
  if (only !== undefined)
    return more.length === 0 ? { match: 'near', entry: only } : { match: 'none', candidates: begun };
  const byDistance = CATALOGUE.map((entry) => ({ entry, far: distance(lower, entry.code.toLowerCase()) })).sort(
    (a, b) => a.far - b.far,
  );
  const [first, second] = byDistance;
  if (first !== undefined && first.far <= MAX_TYPOS && asked.length > 2 * MAX_TYPOS && first.far !== second?.far) {
    return { match: 'near', entry: first.entry };
  }
  const family = serviceFamily(asked);
  if (family !== undefined) return { match: 'family', entry: family };
  const candidates = byDistance
    .filter(
      ({ entry, far }) => far <= asked.length / 2 || (lower.length >= 4 && entry.code.toLowerCase().includes(lower)),
    )
    .slice(0, MAX_CANDIDATES)
    .map(({ entry }) => entry);
  return { match: 'none', candidates };
}
