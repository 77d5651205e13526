/** Everything that the sandbox's cloud remembers, as it is when it opens. */
import { type Authority, createAuthority, type Pem } from './authority.js';
import { type Changes, createChanges } from './changes.js';
import { CERTIFICATES, CONNECTIONS, GATEWAYS, SERVERS } from './fixtures.js';
import type { SandboxCertificate, SandboxConnection, SandboxGateway, SandboxServer } from './model.js';
import type { Answer, Parameters } from './parameters.js';
import { gatewayFor } from './seed.js';
import { createOnce, type Once } from './tokens.js';
import type { Key } from './verify-signature.js';

export type CloudOptions = {
  /** Unix ms. */
  now?: () => number;
  /** How long a deletion takes, ms; 0, the default, carries it out at once. */
  changeMs?: number;
};

/** Everything is keyed by its id. */
export type State = {
  servers: Map<string, SandboxServer>;
  gateways: Map<string, SandboxGateway>;
  certificates: Map<string, SandboxCertificate>;
  connections: readonly SandboxConnection[];
  /** How many creates each throttled server was asked for. */
  createsAsked: Map<string, number>;
  /** Of the certificates that were fetched. */
  keyPairs: Map<string, Promise<Pem>>;
  authority: Authority;
  changes: Changes;
  once: Once;
  /** Unix ms. */
  now: () => number;
};

/** @throws ApiRefusal */
export type Action = (parameters: Parameters, caller: Key) => Answer | Promise<Answer>;
export type Actions = Readonly<Record<string, Action>>;

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

export function openState({ now = Date.now, changeMs = 0 }: CloudOptions): State {
  const opened = now();
  const servers = new Map(SERVERS.map((server) => [server.SslVpnServerId, server]));
  const gateways = new Map(
    SERVERS.map((server) => [server.VpnGatewayId, { ...gatewayFor(server, opened), ...GATEWAYS[server.VpnGatewayId] }]),
  );
  const certificates = CERTIFICATES.map(({ id, name, server, createdDaysAgo, expiresInDays }) => ({
    SslVpnClientCertId: id,
    Name: name,
    RegionId: servers.get(server)?.RegionId ?? '',
    SslVpnServerId: server,
    CreateTime: opened - createdDaysAgo * DAY_MS,
    EndTime: opened + expiresInDays * DAY_MS,
  }));
  return {
    servers,
    gateways,
    certificates: new Map(certificates.map((certificate) => [certificate.SslVpnClientCertId, certificate])),
    connections: CONNECTIONS.map(({ connectedMinutesAgo, ...connection }) => ({
      ...connection,
      ConnectedTime: opened - connectedMinutesAgo * MINUTE_MS,
    })),
    createsAsked: new Map(),
    keyPairs: new Map(),
    authority: createAuthority(now),
    changes: createChanges(gateways, changeMs, now),
    once: createOnce(),
    now,
  };
}
