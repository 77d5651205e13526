/** What people agreed to have revoked, so that a repeat of the work does not ask them again. */

/** At about a minute for each deletion of a gateway, enough for the longest list that one question may be about. */
const VALID_MS = 2 * 60 * 60_000;

/** A yes is for a certificate under the very name that was shown; it ends when all is done, or after two hours. */
export type Consents = {
  /** @param names as the service has them, by certificate id */
  give(regionId: string, names: ReadonlyMap<string, string>): Promise<void>;
  /** The name under which each of these certificates may be revoked; those without a yes are left out. */
  namesOf(regionId: string, ids: readonly string[]): Promise<Map<string, string>>;
  end(regionId: string, ids: readonly string[]): Promise<void>;
};

/** @param now Unix ms */
export function createConsents(now: () => number): Consents {
  const given = new Map<string, { name: string; until: number }>();
  const keyOf = (regionId: string, id: string): string => `${regionId} ${id}`;

  return {
    async give(regionId, names) {
      for (const [key, { until }] of given) if (until <= now()) given.delete(key);
      for (const [id, name] of names) given.set(keyOf(regionId, id), { name, until: now() + VALID_MS });
    },
    async namesOf(regionId, ids) {
      const names = new Map<string, string>();
      for (const id of ids) {
        const consent = given.get(keyOf(regionId, id));
        if (consent !== undefined && consent.until > now()) names.set(id, consent.name);
      }
      return names;
    },
    async end(regionId, ids) {
      for (const id of ids) given.delete(keyOf(regionId, id));
    },
  };
}
