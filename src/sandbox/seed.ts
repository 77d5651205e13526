/** Servers and gateways from the little that a fixture or a test says about them. */
import type { SandboxGateway, SandboxServer } from './model.js';

export type ServerSeed = Pick<SandboxServer, 'SslVpnServerId' | 'RegionId' | 'Name'> & Partial<SandboxServer>;

const GATEWAY_CREATED = Date.UTC(2023, 2, 1);
const GATEWAY_PAID_MS = 300 * 86_400_000;

export function sandboxServer(seed: ServerSeed): SandboxServer {
  return {
    VpnGatewayId: seed.SslVpnServerId.replace(/^vss/, 'vpn'),
    InternetIp: '203.0.113.200',
    Port: 1194,
    Proto: 'UDP',
    Cipher: 'AES-128-CBC',
    ClientIpPool: '192.168.200.0/24',
    LocalSubnet: '10.0.0.0/16',
    MaxConnections: 50,
    EnableMultiFactorAuth: false,
    quota: 2_000,
    onCreate: 'ok',
    ...seed,
  };
}

/** The gateway that a server stands behind. @param now Unix ms */
export function gatewayFor(server: SandboxServer, now: number): SandboxGateway {
  return {
    VpnGatewayId: server.VpnGatewayId,
    RegionId: server.RegionId,
    Name: `${server.Name}-gateway`,
    Status: 'active',
    BusinessStatus: 'Normal',
    SslVpn: 'enable',
    SslMaxConnections: server.MaxConnections,
    Spec: '10M',
    VpcId: `vpc-sandbox-${server.RegionId}`,
    InternetIp: server.InternetIp,
    CreateTime: GATEWAY_CREATED,
    EndTime: now + GATEWAY_PAID_MS,
  };
}
