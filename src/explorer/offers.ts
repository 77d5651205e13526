/** Regions, servers and certificates from the cloud, to choose from in forms. Fetched once, and again after a change. */
import type { Mcp } from './link/mcp.js';
import { type Fields, fieldsOf, listOf, textOf } from './link/values.js';
import { createStore, type Store } from './store.js';

export type Offer = { value: string; label: string; detail: string; regionId?: string };
export type OfferKind = 'regions' | 'servers' | 'certificates';

export type Offers = {
  of(kind: OfferKind): Store<readonly Offer[]>;
  /** Fetches what was not fetched yet. */
  load(kind: OfferKind): void;
  /** Certificates were made, renamed or revoked. */
  forget(): void;
};

const MAX_CERTIFICATES = 200;

type Source = { tool: string; args: Fields; list: string; offer(row: Fields): Offer };

const SOURCES: Readonly<Record<OfferKind, Source>> = {
  regions: {
    tool: 'list_regions',
    args: {},
    list: 'regions',
    offer: ({ region_id, name }) => ({ value: textOf(region_id), label: textOf(name), detail: textOf(region_id) }),
  },
  servers: {
    tool: 'list_ssl_vpn_servers',
    args: { region_id: 'all' },
    list: 'servers',
    offer: ({ ssl_vpn_server_id, name, region_id }) => ({
      value: textOf(ssl_vpn_server_id),
      label: textOf(name),
      detail: `${textOf(ssl_vpn_server_id)}, ${textOf(region_id)}`,
      regionId: textOf(region_id),
    }),
  },
  certificates: {
    tool: 'list_ssl_vpn_client_certs',
    args: { region_id: 'all', limit: MAX_CERTIFICATES },
    list: 'certificates',
    offer: ({ ssl_vpn_client_cert_id, name, region_id, server_name, ssl_vpn_server_id }) => ({
      value: textOf(ssl_vpn_client_cert_id),
      label: textOf(name) || textOf(ssl_vpn_client_cert_id),
      detail: `${textOf(server_name) || textOf(ssl_vpn_server_id)}, ${textOf(region_id)}`,
      regionId: textOf(region_id),
    }),
  },
};

export function createOffers(mcp: Mcp, tools: readonly { name: string }[]): Offers {
  const stores = {
    regions: createStore<readonly Offer[]>([]),
    servers: createStore<readonly Offer[]>([]),
    certificates: createStore<readonly Offer[]>([]),
  };
  const loaded = new Set<OfferKind>();

  async function fetchOffers(kind: OfferKind): Promise<void> {
    const { tool, args, list, offer } = SOURCES[kind];
    // A form works without offers, so whatever goes wrong here shows when the call itself is made.
    const answer = await mcp.callTool(tool, args).catch(() => undefined);
    if (answer === undefined || answer.isError) return void loaded.delete(kind);
    const found = listOf(answer.structured[list]).map((row) => offer(fieldsOf(row)));
    stores[kind].set(found.sort((one, other) => one.label.localeCompare(other.label)));
  }

  return {
    of: (kind) => stores[kind],
    load(kind) {
      if (loaded.has(kind) || !tools.some(({ name }) => name === SOURCES[kind].tool)) return;
      loaded.add(kind);
      void fetchOffers(kind);
    },
    forget: () => void loaded.delete('certificates'),
  };
}
