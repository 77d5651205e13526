/** JSON that somebody else wrote, looked into without believing anything of it. */

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The fields of what may be no object, which then has none. */
export function fieldsOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
