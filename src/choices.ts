/** What a person may choose from while typing: the regions and servers of the cloud, as far as a moment tells them. */
import { type Budget, createBudget } from './budget.js';
import { centralRegion } from './call.js';
import { mapConcurrently } from './concurrency.js';
import { explain } from './errors/explain.js';
import { visible } from './errors/external-text.js';
import type { Log } from './log.js';
import { guarded, type Policy } from './policy.js';
import type { Runtime } from './runtime.js';
import { regions, sslVpnServers } from './vpc/actions.js';
import { isRegionId } from './vpc/endpoints.js';
import { isServerId } from './vpc/ids.js';

/** @property text what a typed text is looked for in */
export type Choice = { value: string; text: string };

/** Never fails: what cannot be known is left out. */
export type Choices = {
  regions(): Promise<Choice[]>;
  /** @param region of the servers; all regions without it */
  servers(region: string | undefined): Promise<Choice[]>;
};

export type ChoicesParts = {
  settings: Policy & { region: string | undefined };
  runtime: Pick<Runtime, 'vpc'>;
  log: Log;
};

/** A person who types waits no longer. */
const MAX_MS = 4_000;
/** Clients ask at every key that is pressed, and all regions are some thirty requests. */
const FRESH_MS = 60_000;
const REGIONS_AT_ONCE = 8;
const MAX_NAME = 128;

export function createChoices({ settings, runtime, log }: ChoicesParts): Choices {
  const vpc = guarded(runtime.vpc, settings);
  const known = new Map<string, { at: number; choices: Promise<Choice[]> }>();

  return {
    regions: () => remembered('regions', findRegions),
    async servers(region) {
      // It becomes part of a host's name.
      if (region !== undefined && !isRegionId(region)) return [];
      return remembered(`servers ${region ?? 'all'}`, (budget) => findServers(region, budget));
    },
  };

  function remembered(what: string, find: (budget: Budget) => Promise<Choice[]>): Promise<Choice[]> {
    const last = known.get(what);
    if (last !== undefined && performance.now() - last.at < FRESH_MS) return last.choices;
    const choices = found(what, find);
    known.set(what, { at: performance.now(), choices });
    return choices;
  }

  async function found(what: string, find: (budget: Budget) => Promise<Choice[]>): Promise<Choice[]> {
    const budget = createBudget(MAX_MS);
    const choices = await find(budget).catch(unknown);
    budget.close();
    if (choices.length === 0) known.delete(what);
    return choices;
  }

  function unknown(error: unknown): [] {
    log.debug('choices not known', { code: explain(error).code });
    return [];
  }

  async function findRegions(budget: Budget): Promise<Choice[]> {
    const all = await vpc.list(regions(centralRegion(settings)), budget);
    return all.map(({ RegionId, LocalName }) => ({
      value: RegionId,
      text: `${RegionId} ${visible(LocalName, MAX_NAME)}`,
    }));
  }

  async function findServers(region: string | undefined, budget: Budget): Promise<Choice[]> {
    const where = region === undefined ? (await findRegions(budget)).map(({ value }) => value) : [region];
    const inRegions = await mapConcurrently(where, REGIONS_AT_ONCE, (regionId) =>
      vpc.list(sslVpnServers(regionId, {}), budget).catch(unknown),
    );
    const servers = inRegions.flat();
    return servers.map(({ SslVpnServerId: id, Name: name }) => {
      const shown = visible(name, MAX_NAME);
      // A name of the form of an id would be taken for that of another server.
      const isName = name !== '' && shown === name && !isServerId(name);
      const tells = isName && servers.filter((other) => other.Name === name).length === 1;
      return { value: tells ? name : id, text: `${shown} ${id}` };
    });
  }
}
