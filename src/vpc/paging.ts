/** Every member of a paged list, each once, though the list may change while it is read. */
import {
  type CertFilter,
  type CertSummary,
  describeSslVpnClientCerts,
  describeSslVpnServers,
  PAGE_SIZE,
  type Server,
  type ServerFilter,
} from './actions.js';
import type { CallBounds, VpcClient } from './client.js';

/** A walk that a change disturbed is done again; after so many, what was seen must do. */
const MOST_WALKS = 4;

export function allClientCerts(
  vpc: VpcClient,
  regionId: string,
  filter: CertFilter,
  bounds: CallBounds,
): Promise<CertSummary[]> {
  return walk(
    async (pageNumber) => {
      const { value } = await vpc.call(describeSslVpnClientCerts(regionId, filter, pageNumber), bounds);
      return { total: value.TotalCount, members: value.SslVpnClientCertKeys };
    },
    (cert) => cert.SslVpnClientCertId,
  );
}

export function allServers(
  vpc: VpcClient,
  regionId: string,
  filter: ServerFilter,
  bounds: CallBounds,
): Promise<Server[]> {
  return walk(
    async (pageNumber) => {
      const { value } = await vpc.call(describeSslVpnServers(regionId, filter, pageNumber), bounds);
      return { total: value.TotalCount, members: value.SslVpnServers };
    },
    (server) => server.SslVpnServerId,
  );
}

type Page<T> = { total: number; members: readonly T[] };

/**
 * Pages are counted off, so a member that goes while they are read moves the later ones up and one past the reader.
 * The total tells: where it changed, or where the members are not as many, the list is read again.
 */
async function walk<T>(readPage: (pageNumber: number) => Promise<Page<T>>, idOf: (member: T) => string): Promise<T[]> {
  let seen = new Map<string, T>();
  for (let walks = 0; walks < MOST_WALKS; walks += 1) {
    seen = new Map();
    let calm = true;
    let total = 0;
    for (let pageNumber = 1, more = true; more; pageNumber += 1) {
      const page = await readPage(pageNumber);
      if (pageNumber > 1 && page.total !== total) calm = false;
      total = page.total;
      for (const member of page.members) seen.set(idOf(member), member);
      more = page.members.length > 0 && pageNumber * PAGE_SIZE < total;
    }
    if (calm && seen.size === total) break;
  }
  return [...seen.values()];
}
