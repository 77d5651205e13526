/** Parameters of a request, and the ways in which actions read them. */
import { REGIONS } from './fixtures.js';
import { ApiRefusal, notFound } from './refusals.js';

export type Parameters = Readonly<Record<string, string>>;
export type Answer = Readonly<Record<string, unknown>>;

/** @throws ApiRefusal `Missing<name>` */
export function required(parameters: Parameters, name: string): string {
  const value = parameters[name];
  if (value === undefined || value === '')
    throw new ApiRefusal(400, `Missing${name}`, `${name} is mandatory for this action.`);
  return value;
}

/** @throws ApiRefusal where the region is missing or unknown */
export function regionOf(parameters: Parameters): string {
  const regionId = required(parameters, 'RegionId');
  if (REGIONS.some((region) => region.RegionId === regionId)) return regionId;
  throw notFound('RegionId');
}

/** Whether the thing has the value of each of these parameters; an empty or absent parameter filters nothing. */
export function matches(
  thing: Readonly<Record<string, unknown>>,
  parameters: Parameters,
  names: readonly string[],
): boolean {
  return names.every((name) => (parameters[name] ?? '') === '' || thing[name] === parameters[name]);
}

/** @throws ApiRefusal for a page or size that the API does not take */
export function paged<T>(all: readonly T[], parameters: Parameters): { members: readonly T[]; page: Answer } {
  const PageNumber = wholeNumber(parameters, 'PageNumber', 1, Number.MAX_SAFE_INTEGER);
  const PageSize = wholeNumber(parameters, 'PageSize', 10, 50);
  const start = (PageNumber - 1) * PageSize;
  return { members: all.slice(start, start + PageSize), page: { PageNumber, PageSize, TotalCount: all.length } };
}

function wholeNumber(parameters: Parameters, name: string, fallback: number, max: number): number {
  const text = parameters[name] ?? '';
  if (text === '') return fallback;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= max) return value;
  throw new ApiRefusal(400, `Invalid${name}`, `The specified parameter ${name} is not valid.`);
}
