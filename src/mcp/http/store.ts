/** What replicas share: small texts by key, each for as long as it lives. */

export type Store = {
  put(key: string, value: string, ttlMs: number): Promise<void>;
  get(key: string): Promise<string | undefined>;
  /** Gives it and removes it in one step: of all who ask at once, one gets it. */
  take(key: string): Promise<string | undefined>;
  /** The text of a key that never ends; the first one asked makes it. */
  once(key: string, make: () => string): Promise<string>;
  /** Whether it answers. */
  isReady(): Promise<boolean>;
};

/** Of this process alone. */
export function memoryStore(now: () => number = Date.now): Store {
  const held = new Map<string, { value: string; expires: number }>();
  const lasting = new Map<string, string>();
  const find = (key: string): string | undefined => {
    const found = held.get(key);
    return found !== undefined && found.expires > now() ? found.value : undefined;
  };
  return {
    async put(key, value, ttlMs) {
      for (const [old, { expires }] of held) if (expires <= now()) held.delete(old);
      held.set(key, { value, expires: now() + ttlMs });
    },
    get: async (key) => find(key),
    async take(key) {
      const value = find(key);
      held.delete(key);
      return value;
    },
    async once(key, make) {
      const value = lasting.get(key) ?? make();
      lasting.set(key, value);
      return value;
    },
    isReady: async () => true,
  };
}
