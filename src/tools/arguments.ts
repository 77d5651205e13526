/** Arguments against a tool's schema; what is wrong with them in words that say what to do. */
import { ZodArray, ZodBoolean, ZodEffects, ZodEnum, ZodNumber, ZodOptional, type z } from 'zod/v3';
import { InvalidArgumentsError } from '../errors/errors.js';
import { quoted } from '../errors/external-text.js';
import { nearest } from '../nearest.js';
import type { InputSchema } from './tool.js';

/**
 * @param region fills in for a region_id that was left out
 * @throws InvalidArgumentsError naming every wrong argument with what is accepted
 */
export function checkArguments<Schema extends InputSchema>(
  schema: Schema,
  given: unknown,
  region: string | undefined,
): z.output<Schema> {
  const named = given ?? {};
  if (!isIndexable(named) || Array.isArray(named)) {
    throw new InvalidArgumentsError([
      `arguments: ${quoted(given)} is not accepted. Accepted: ${acceptedObject(Object.keys(schema.shape))}.`,
    ]);
  }
  // Models in strict modes send every argument, with null for what they leave out.
  const said = Object.entries(named).filter(([name, value]) => value !== null || schema.shape[name] === undefined);
  const complete: Readonly<Record<string, unknown>> = {
    ...('region_id' in schema.shape && region !== undefined && { region_id: region }),
    ...Object.fromEntries(said),
  };
  const parsed = schema.safeParse(complete);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentsError(problems(parsed.error.issues, schema.shape, complete));
}

/** One sentence for each wrong argument: what is wrong with it, member by member of a list, then once what is accepted. */
function problems(
  issues: readonly z.ZodIssue[],
  shape: z.ZodRawShape,
  given: Readonly<Record<string | number, unknown>>,
): string[] {
  const unknown = issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []));
  const wrong = new Map<string, Set<string>>();
  for (const issue of issues) {
    const [name, ...inner] = issue.path;
    if (name === undefined) continue;
    const value = inner.reduce<unknown>((part, step) => (isIndexable(part) ? part[step] : undefined), given[name]);
    const place = inner.length === 0 ? `${name}` : `${name}[${inner.join('][')}]`;
    const why = issue.code === 'custom' && issue.message !== 'Invalid input' ? issue.message : 'is not accepted';
    const said =
      value === undefined && inner.length === 0 ? `${place} is missing` : `${place}: ${quoted(value)} ${why}`;
    wrong.set(`${name}`, (wrong.get(`${name}`) ?? new Set()).add(said));
  }
  const known = Object.keys(shape);
  return [
    ...[...wrong].map(([name, said]) => `${[...said].join('; ')}. Accepted: ${accepted(shape[name])}.`),
    ...unknown.map((key) => {
      const near = nearest(key, known)[0];
      const hint = near === undefined ? '' : ` Did you mean ${near}?`;
      return `There is no argument ${quoted(key)}.${hint} Accepted: ${known.join(', ') || 'none'}.`;
    }),
  ];
}

function acceptedObject(names: readonly string[]): string {
  return names.length === 0 ? 'an empty object' : `an object with ${names.join(', ')}`;
}

function accepted(schema: z.ZodTypeAny | undefined): string {
  let inner = schema;
  while (inner instanceof ZodOptional || inner instanceof ZodEffects)
    inner = inner instanceof ZodOptional ? inner.unwrap() : inner.innerType();
  const each = inner instanceof ZodArray && inner.element.description ? `, each: ${inner.element.description}` : '';
  return valuesOf(inner) ?? `${schema?.description ?? 'see the schema'}${each}`;
}

/** @returns undefined where only the description says it */
function valuesOf(schema: z.ZodTypeAny | undefined): string | undefined {
  if (schema instanceof ZodEnum) return schema.options.join(', ');
  if (schema instanceof ZodBoolean) return 'true, false';
  if (!(schema instanceof ZodNumber)) return undefined;
  const { minValue, maxValue } = schema;
  const from = minValue === null ? '' : ` from ${minValue}`;
  const to = maxValue === null ? '' : ` to ${maxValue}`;
  return `a ${schema.isInt ? 'whole ' : ''}number${from}${to}`;
}

function isIndexable(value: unknown): value is Readonly<Record<string | number, unknown>> {
  return typeof value === 'object' && value !== null;
}
