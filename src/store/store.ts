/** What replicas share, or what one process remembers: small texts by key, each for as long as it lives. */
import { StoreDownError } from '../errors/errors.js';

/** Each of them ends by itself. @throws StoreDownError */
export type Store = {
  put(key: string, value: string, ttlMs: number): Promise<void>;
  get(key: string): Promise<string | undefined>;
  /** Gives it and removes it in one step: of all who ask at once, one gets it. */
  take(key: string): Promise<string | undefined>;
  /** The text of a key; of all who ask at once, one makes it. */
  once(key: string, make: () => string, ttlMs: number): Promise<string>;
  /** Adds to a set, which then lives for so long. */
  add(key: string, member: string, ttlMs: number): Promise<void>;
  members(key: string): Promise<Set<string>>;
  /** Whether it takes and gives; it does not throw. */
  isReady(): Promise<boolean>;
};

/** For what goes on without the store. */
export async function unlessDown<T, Otherwise>(work: Promise<T>, otherwise: Otherwise): Promise<T | Otherwise> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof StoreDownError) return otherwise;
    throw error;
  }
}
