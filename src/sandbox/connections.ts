/** Who is connected, and what a deletion does to everyone on its server. */
import type { SandboxCertificate, SandboxConnection } from './model.js';
import type { State } from './state.js';

/** None while a deletion on the server is being carried out. */
export function connectionsOf(state: State, serverId: string): readonly SandboxConnection[] {
  if (state.changes.isUnderway(serverId)) return [];
  return state.connections.filter((connection) => connection.SslVpnServerId === serverId);
}

/** Everyone on the server connects anew, but for the clients of the deleted certificate. @param at Unix ms */
export function reconnect(state: State, deleted: SandboxCertificate, at: number): void {
  state.connections = state.connections
    .filter(({ CommonName }) => CommonName !== `CN=${deleted.SslVpnClientCertId}`)
    .map((connection) =>
      connection.SslVpnServerId === deleted.SslVpnServerId
        ? { ...connection, ConnectedTime: at, SendBytes: 0, ReceiveBytes: 0 }
        : connection,
    );
}
