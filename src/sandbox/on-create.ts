/** What the servers that are there to fail do with a create. */
import type { Fault, SandboxRequest } from './faults.js';
import type { SandboxServer } from './model.js';
import { refusal, throttled } from './refusals.js';
import type { State } from './state.js';

/** @throws ApiRefusal where the server is one that refuses */
export function refuseCreate(state: State, { onCreate, SslVpnServerId }: SandboxServer): void {
  if (onCreate === 'ok' || onCreate === 'loses-answers') return;
  if (onCreate !== 'throttled') throw refusal(onCreate);
  const asked = (state.createsAsked.get(SslVpnServerId) ?? 0) + 1;
  state.createsAsked.set(SslVpnServerId, asked);
  if (asked % 2 === 1) throw throttled();
}

/** The server that loses answers carries out the first create of each client token and then drops the connection. */
export function faultOnCreate(
  server: SandboxServer | undefined,
  { action, earlier }: SandboxRequest,
): Fault | undefined {
  if (action !== 'CreateSslVpnClientCert' || earlier > 0) return undefined;
  return server?.onCreate === 'loses-answers' ? 'reset-after' : undefined;
}
