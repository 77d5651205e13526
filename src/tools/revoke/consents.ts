/** What people agreed to have revoked, so that a repeat of the work does not ask them again. */
import { type Store, unlessDown } from '../../store/store.js';

/** At about a minute for each deletion of a gateway, enough for the longest list that one question may be about. */
const VALID_MS = 2 * 60 * 60_000;

/**
 * A yes is for a certificate under the very name that was shown; it ends when all is done, or after two hours. While the
 * store is away none is known, so that people are asked again.
 */
export type Consents = {
  /** @param names as the service has them, by certificate id */
  give(regionId: string, names: ReadonlyMap<string, string>): Promise<void>;
  /** The name under which each of these certificates may be revoked; those without a yes are left out. */
  namesOf(regionId: string, ids: readonly string[]): Promise<Map<string, string>>;
  end(regionId: string, ids: readonly string[]): Promise<void>;
};

export function createConsents(store: Store): Consents {
  const keyOf = (regionId: string, id: string): string => `consent:${regionId} ${id}`;

  return {
    async give(regionId, names) {
      const puts = [...names].map(([id, name]) => store.put(keyOf(regionId, id), name, VALID_MS));
      await unlessDown(Promise.all(puts), undefined);
    },
    async namesOf(regionId, ids) {
      const names = await unlessDown(Promise.all(ids.map((id) => store.get(keyOf(regionId, id)))), []);
      return new Map(ids.flatMap((id, index) => (names[index] === undefined ? [] : [[id, names[index]]])));
    },
    async end(regionId, ids) {
      await unlessDown(Promise.all(ids.map((id) => store.take(keyOf(regionId, id)))), undefined);
    },
  };
}
