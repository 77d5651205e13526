/** The sandbox's own world: fixed, small, and documented in the README, so that anyone can see each explanation. */

export type SandboxServer = {
  SslVpnServerId: string;
  RegionId: string;
  Name: string;
  VpnGatewayId: string;
  InternetIp: string;
  Port: number;
  Proto: 'UDP' | 'TCP';
  Cipher: string;
  ClientIpPool: string;
  LocalSubnet: string;
  Connections: number;
  MaxConnections: number;
  EnableMultiFactorAuth: boolean;
  /** How many certificates it takes. */
  quota: number;
  /** What it does with a create: answer well, refuse with a code, or suffer a fault of the network. */
  onCreate: 'ok' | Refusal | 'configuring' | 'throttled' | 'loses-answers';
};

export type Refusal = keyof typeof REFUSALS;

/** Statuses and messages as the API reference of CreateSslVpnClientCert gives them. */
export const REFUSALS = {
  'Forbbiden.SubUser': {
    status: 403,
    message: 'User not authorized to operate on the specified resource as your account is created by another user.',
  },
  Forbidden: { status: 403, message: 'User not authorized to operate on the specified resource.' },
  'Resource.QuotaFull': { status: 400, message: 'The quota of resource is full' },
  'VpnGateway.Configuring': { status: 400, message: 'The specified service is configuring.' },
  'VpnGateway.FinancialLocked': { status: 400, message: 'The specified service is financial locked.' },
  InvalidName: { status: 400, message: 'The name is not valid' },
} as const;

export const REGIONS = [
  { RegionId: 'cn-hangzhou', LocalName: 'China (Hangzhou)', RegionEndpoint: 'vpc.aliyuncs.com' },
  { RegionId: 'ap-southeast-1', LocalName: 'Singapore', RegionEndpoint: 'vpc.ap-southeast-1.aliyuncs.com' },
  { RegionId: 'eu-central-1', LocalName: 'Germany (Frankfurt)', RegionEndpoint: 'vpc.eu-central-1.aliyuncs.com' },
] as const;

function server(
  part: Pick<SandboxServer, 'SslVpnServerId' | 'RegionId' | 'Name' | 'InternetIp' | 'ClientIpPool' | 'onCreate'> &
    Partial<SandboxServer>,
): SandboxServer {
  return {
    VpnGatewayId: part.SslVpnServerId.replace(/^vss/, 'vpn'),
    Port: 1194,
    Proto: 'UDP',
    Cipher: 'AES-128-CBC',
    LocalSubnet: '10.0.0.0/16',
    Connections: 3,
    MaxConnections: 50,
    EnableMultiFactorAuth: false,
    quota: 2_000,
    ...part,
  };
}

/** Addresses are of the ranges that RFC 5737 keeps for documentation. */
export const SERVERS: readonly SandboxServer[] = [
  server({
    SslVpnServerId: 'vss-sandbox-singapore',
    RegionId: 'ap-southeast-1',
    Name: 'singapore-office',
    InternetIp: '203.0.113.10',
    ClientIpPool: '192.168.10.0/24',
    onCreate: 'ok',
  }),
  server({
    SslVpnServerId: 'vss-sandbox-flaky',
    RegionId: 'cn-hangzhou',
    Name: 'flaky-network',
    InternetIp: '198.51.100.17',
    ClientIpPool: '192.168.11.0/24',
    onCreate: 'loses-answers',
  }),
  server({
    SslVpnServerId: 'vss-sandbox-throttled',
    RegionId: 'cn-hangzhou',
    Name: 'throttled',
    InternetIp: '198.51.100.18',
    ClientIpPool: '192.168.12.0/24',
    onCreate: 'throttled',
  }),
  server({
    SslVpnServerId: 'vss-sandbox-hangzhou',
    RegionId: 'cn-hangzhou',
    Name: 'hangzhou-office',
    InternetIp: '198.51.100.10',
    ClientIpPool: '192.168.20.0/24',
    onCreate: 'ok',
  }),
  server({
    SslVpnServerId: 'vss-sandbox-subuser',
    RegionId: 'cn-hangzhou',
    Name: 'error-sub-user',
    InternetIp: '198.51.100.11',
    ClientIpPool: '192.168.21.0/24',
    onCreate: 'Forbbiden.SubUser',
  }),
  server({
    SslVpnServerId: 'vss-sandbox-forbidden',
    RegionId: 'cn-hangzhou',
    Name: 'error-forbidden',
    InternetIp: '198.51.100.12',
    ClientIpPool: '192.168.22.0/24',
    onCreate: 'Forbidden',
  }),
  server({
    SslVpnServerId: 'vss-sandbox-quotafull',
    RegionId: 'cn-hangzhou',
    Name: 'error-quota-full',
    InternetIp: '198.51.100.13',
    ClientIpPool: '192.168.23.0/24',
    onCreate: 'ok',
    quota: 3,
  }),
  server({
    SslVpnServerId: 'vss-sandbox-configuring',
    RegionId: 'cn-hangzhou',
    Name: 'error-configuring',
    InternetIp: '198.51.100.14',
    ClientIpPool: '192.168.24.0/24',
    onCreate: 'configuring',
  }),
  server({
    SslVpnServerId: 'vss-sandbox-locked',
    RegionId: 'cn-hangzhou',
    Name: 'error-financial-locked',
    InternetIp: '198.51.100.15',
    ClientIpPool: '192.168.25.0/24',
    onCreate: 'VpnGateway.FinancialLocked',
  }),
  server({
    SslVpnServerId: 'vss-sandbox-badname',
    RegionId: 'cn-hangzhou',
    Name: 'error-invalid-name',
    InternetIp: '198.51.100.16',
    ClientIpPool: '192.168.26.0/24',
    onCreate: 'InvalidName',
  }),
  server({
    SslVpnServerId: 'vss-sandbox-frankfurt',
    RegionId: 'eu-central-1',
    Name: 'frankfurt-office',
    InternetIp: '192.0.2.10',
    ClientIpPool: '192.168.30.0/24',
    onCreate: 'ok',
    Proto: 'TCP',
    Port: 443,
    EnableMultiFactorAuth: true,
  }),
];

/** Certificates that exist from the start; days count from the moment the sandbox opens. */
export const CERTIFICATES = [
  { id: 'vsc-sandbox-alice', name: 'alice', server: 'vss-sandbox-singapore', createdDaysAgo: 100, expiresInDays: 995 },
  { id: 'vsc-sandbox-bob', name: 'bob', server: 'vss-sandbox-singapore', createdDaysAgo: 1090, expiresInDays: 5 },
  { id: 'vsc-sandbox-carol', name: 'carol', server: 'vss-sandbox-singapore', createdDaysAgo: 1105, expiresInDays: -10 },
  {
    id: 'vsc-sandbox-quota1',
    name: 'dave',
    server: 'vss-sandbox-quotafull',
    createdDaysAgo: 1200,
    expiresInDays: -105,
  },
  { id: 'vsc-sandbox-quota2', name: 'erin', server: 'vss-sandbox-quotafull', createdDaysAgo: 900, expiresInDays: 195 },
  { id: 'vsc-sandbox-quota3', name: 'frank', server: 'vss-sandbox-quotafull', createdDaysAgo: 30, expiresInDays: 1065 },
] as const;
