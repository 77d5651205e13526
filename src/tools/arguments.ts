/** Arguments against a tool's schema; what is wrong with them in words that say what to do. */
import { distance } from 'fastest-levenshtein';
import type { z } from 'zod';
import { InvalidArgumentsError } from '../errors/api-error.js';
import { quoted } from '../errors/external-text.js';

/**
 * @param region fills in for a region_id that was left out
 * @throws InvalidArgumentsError naming every wrong argument with what is accepted
 */
export function checkArguments<Schema extends z.ZodObject<z.ZodRawShape, 'strict'>>(
  schema: Schema,
  given: unknown,
  region: string | undefined,
): z.output<Schema> {
  const named = given ?? {};
  if (!isIndexable(named) || Array.isArray(named)) {
    throw new InvalidArgumentsError([
      `arguments: ${quoted(given)} is not accepted. Accepted: an object with ${Object.keys(schema.shape).join(', ')}.`,
    ]);
  }
  const fillIn = 'region_id' in schema.shape && named.region_id === undefined && region !== undefined;
  const complete = fillIn ? { ...named, region_id: region } : named;
  const parsed = schema.safeParse(complete);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentsError([
    ...new Set(parsed.error.issues.flatMap((issue) => inWords(issue, schema.shape, complete))),
  ]);
}

function inWords(issue: z.ZodIssue, shape: z.ZodRawShape, given: Readonly<Record<string, unknown>>): string[] {
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(shape);
    return issue.keys.map((key) => {
      const near = nearest(key, known)[0];
      const hint = near === undefined ? '' : ` Did you mean ${near}?`;
      return `There is no argument ${quoted(key)}.${hint} Accepted: ${known.join(', ') || 'none'}.`;
    });
  }
  const [name, ...inner] = issue.path;
  if (name === undefined) return [issue.message];
  const accepted = shape[name]?.description ?? 'see the schema';
  const value = inner.reduce<unknown>((part, step) => (isIndexable(part) ? part[step] : undefined), given[name]);
  if (value === undefined && inner.length === 0) return [`${name} is missing. Accepted: ${accepted}.`];
  const place = inner.length === 0 ? name : `${name}[${inner.join('][')}]`;
  const reason = issue.code === 'custom' && issue.message !== 'Invalid input' ? `: ${issue.message}` : '';
  return [`${place}: ${quoted(value)} is not accepted${reason}. Accepted: ${accepted}.`];
}

function isIndexable(value: unknown): value is Readonly<Record<string | number, unknown>> {
  return typeof value === 'object' && value !== null;
}

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
