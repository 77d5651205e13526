/** One walk through a structured value for all that change texts on their way out. */

/** Answers are some ten levels deep. */
const MAX_LEVELS = 20;

/**
 * The same value with every text in it changed, names of fields included; what lies deeper than MAX_LEVELS is dropped.
 * @param change is given the name of the field whose whole value the text is, if it is one's
 */
export function mapTexts<T>(value: T, change: (text: string, field?: string) => string): T {
  const walk = (part: unknown, levels: number, field?: string): unknown => {
    if (typeof part === 'string') return change(part, field);
    if (typeof part !== 'object' || part === null) return part;
    if (levels === 0) return undefined;
    if (Array.isArray(part)) return part.map((member) => walk(member, levels - 1));
    return Object.fromEntries(
      Object.entries(part).map(([name, member]) => [change(name), walk(member, levels - 1, name)]),
    );
  };
  // Strings stay strings and everything else is kept, so the type is too.
  return walk(value, MAX_LEVELS) as T;
}
