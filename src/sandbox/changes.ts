/** One change at a time for each gateway: until a deletion is carried out, its gateway is `updating`. */
import type { SandboxGateway, SandboxServer } from './model.js';
import { refusal } from './refusals.js';

export type Changes = {
  /** @throws ApiRefusal where the gateway is locked or not active */
  admit(gateway: SandboxGateway): void;
  /**
   * Carries a change out in the background, or at once where changes take no time.
   * @param complete is given the moment at which the change is complete, Unix ms
   */
  begin(server: SandboxServer, complete: (at: number) => void): void;
  statusOf(gateway: SandboxGateway): SandboxGateway['Status'];
  /** Whether a change on this server is being carried out. */
  isUnderway(serverId: string): boolean;
  /** Completes what is due. Time is looked at, not waited for, so that a test's own clock is enough. */
  settle(): void;
};

/**
 * @param changeMs how long a change takes
 * @param now Unix ms
 */
export function createChanges(gateways: Map<string, SandboxGateway>, changeMs: number, now: () => number): Changes {
  const underway = new Map<string, { serverId: string; endsAt: number; complete: (at: number) => void }>();
  const statusOf = (gateway: SandboxGateway): SandboxGateway['Status'] =>
    underway.has(gateway.VpnGatewayId) ? 'updating' : gateway.Status;

  return {
    statusOf,
    admit(gateway) {
      if (gateway.BusinessStatus === 'FinancialLocked') throw refusal('VpnGateway.FinancialLocked');
      if (statusOf(gateway) === 'active') return;
      gateways.set(gateway.VpnGatewayId, afterRefusal(gateway));
      throw refusal('VpnGateway.Configuring');
    },
    begin(server, complete) {
      if (changeMs === 0) return complete(now());
      underway.set(server.VpnGatewayId, { serverId: server.SslVpnServerId, endsAt: now() + changeMs, complete });
    },
    isUnderway: (serverId) => [...underway.values()].some((change) => change.serverId === serverId),
    settle() {
      for (const [gatewayId, { endsAt, complete }] of underway) {
        if (endsAt > now()) continue;
        underway.delete(gatewayId);
        complete(endsAt);
      }
    },
  };
}

function afterRefusal(gateway: SandboxGateway): SandboxGateway {
  if (gateway.refusalsUntilActive === undefined) return gateway;
  const left = gateway.refusalsUntilActive - 1;
  return { ...gateway, refusalsUntilActive: left, Status: left > 0 ? gateway.Status : 'active' };
}
