import { distance } from 'fastest-levenshtein';

/** Those of the candidates that a mistyped text may mean, the nearest first. */
export function nearest(text: string, candidates: readonly string[], most = 3): string[] {
  const plain = (word: string): string => word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  const wanted = plain(text);
  return candidates
    .map((candidate) => {
      const other = plain(candidate);
      const part = wanted.length >= 3 && (other.includes(wanted) || wanted.includes(other));
      return { candidate, far: distance(wanted, other) / Math.max(wanted.length, other.length, 1), part };
    })
    .filter(({ far, part }) => part || far <= 0.4)
    .sort((a, b) => a.far - b.far)
    .slice(0, most)
    .map(({ candidate }) => candidate);
}
