/** When certificates run out: by quarters of the year, and what is close. */
import type { Certificate } from './load.js';

export type Period = {
  key: string;
  /** The first of these quarters that begins its year says which. */
  year: number | undefined;
  quarter: number;
  fullYear: number;
  count: number;
};

/** Certificates last three years. */
const QUARTERS = 13;

export function quarterOf({ expiresAt }: Pick<Certificate, 'expiresAt'>): string {
  const date = new Date(expiresAt);
  return keyOf(date.getUTCFullYear(), Math.floor(date.getUTCMonth() / 3));
}

/** The quarters from this one on. @param now Unix ms */
export function quartersFrom(now: number, certificates: readonly Certificate[]): Period[] {
  const counts = new Map<string, number>();
  for (const certificate of certificates) {
    if (certificate.daysLeft < 0) continue;
    const key = quarterOf(certificate);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const begin = new Date(now);
  const first = begin.getUTCFullYear() * 4 + Math.floor(begin.getUTCMonth() / 3);
  return Array.from({ length: QUARTERS }, (_, index) => {
    const fullYear = Math.floor((first + index) / 4);
    const quarter = (first + index) % 4;
    const key = keyOf(fullYear, quarter);
    const isLabelled = index === 0 || quarter === 0;
    return {
      key,
      year: isLabelled ? fullYear : undefined,
      quarter: quarter + 1,
      fullYear,
      count: counts.get(key) ?? 0,
    };
  });
}

function keyOf(year: number, quarter: number): string {
  return `${year}-${quarter}`;
}
