import type { Store } from './store.js';

/** How often what has ended is cleared away. */
const CLEAR_MS = 60_000;

/** Of this process alone. @param now ms on a clock that never goes back: setting a clock makes nothing last longer */
export function memoryStore(now: () => number = () => performance.now()): Store {
  const texts = new Map<string, { value: string; expires: number }>();
  const sets = new Map<string, { value: Set<string>; expires: number }>();
  let cleared = now();

  const find = <Value>(held: Map<string, { value: Value; expires: number }>, key: string): Value | undefined => {
    const found = held.get(key);
    return found !== undefined && found.expires > now() ? found.value : undefined;
  };
  const keep = <Value>(
    held: Map<string, { value: Value; expires: number }>,
    key: string,
    value: Value,
    ttlMs: number,
  ) => {
    held.set(key, { value, expires: now() + ttlMs });
    if (now() - cleared < CLEAR_MS) return;
    cleared = now();
    for (const each of [texts, sets]) for (const [old, { expires }] of each) if (expires <= cleared) each.delete(old);
  };
  return {
    put: async (key, value, ttlMs) => keep(texts, key, value, ttlMs),
    get: async (key) => find(texts, key),
    async take(key) {
      const value = find(texts, key);
      texts.delete(key);
      return value;
    },
    async once(key, make, ttlMs) {
      const found = find(texts, key);
      if (found !== undefined) return found;
      const value = make();
      keep(texts, key, value, ttlMs);
      return value;
    },
    add: async (key, member, ttlMs) => keep(sets, key, (find(sets, key) ?? new Set()).add(member), ttlMs),
    members: async (key) => new Set(find(sets, key)),
    isReady: async () => true,
  };
}
