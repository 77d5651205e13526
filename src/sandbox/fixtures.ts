/** The sandbox's world as it opens: small, always the same, and listed in the README. Days and minutes count from there. */
import type { SandboxConnection, SandboxGateway, SandboxServer } from './model.js';
import { sandboxServer } from './seed.js';

export const REGIONS = [
  { RegionId: 'cn-hangzhou', LocalName: 'China (Hangzhou)', RegionEndpoint: 'vpc.aliyuncs.com' },
  { RegionId: 'ap-southeast-1', LocalName: 'Singapore', RegionEndpoint: 'vpc.ap-southeast-1.aliyuncs.com' },
  { RegionId: 'eu-central-1', LocalName: 'Germany (Frankfurt)', RegionEndpoint: 'vpc.eu-central-1.aliyuncs.com' },
] as const;

/** Public addresses are from the ranges that RFC 5737 reserves for documentation. */
export const SERVERS: readonly SandboxServer[] = [
  sandboxServer({
    SslVpnServerId: 'vss-sandbox-singapore',
    RegionId: 'ap-southeast-1',
    Name: 'singapore-office',
    InternetIp: '203.0.113.10',
    ClientIpPool: '192.168.10.0/24',
  }),
  sandboxServer({
    SslVpnServerId: 'vss-sandbox-flaky',
    RegionId: 'cn-hangzhou',
    Name: 'flaky-network',
    InternetIp: '198.51.100.17',
    ClientIpPool: '192.168.11.0/24',
    onCreate: 'loses-answers',
  }),
  sandboxServer({
    SslVpnServerId: 'vss-sandbox-throttled',
    RegionId: 'cn-hangzhou',
    Name: 'throttled',
    InternetIp: '198.51.100.18',
    ClientIpPool: '192.168.12.0/24',
    onCreate: 'throttled',
  }),
  sandboxServer({
    SslVpnServerId: 'vss-sandbox-hangzhou',
    RegionId: 'cn-hangzhou',
    Name: 'hangzhou-office',
    InternetIp: '198.51.100.10',
    ClientIpPool: '192.168.20.0/24',
  }),
  sandboxServer({
    SslVpnServerId: 'vss-sandbox-subuser',
    RegionId: 'cn-hangzhou',
    Name: 'error-sub-user',
    InternetIp: '198.51.100.11',
    ClientIpPool: '192.168.21.0/24',
    onCreate: 'Forbbiden.SubUser',
  }),
  sandboxServer({
    SslVpnServerId: 'vss-sandbox-forbidden',
    RegionId: 'cn-hangzhou',
    Name: 'error-forbidden',
    InternetIp: '198.51.100.12',
    ClientIpPool: '192.168.22.0/24',
    onCreate: 'Forbidden',
  }),
  sandboxServer({
    SslVpnServerId: 'vss-sandbox-quotafull',
    RegionId: 'cn-hangzhou',
    Name: 'error-quota-full',
    InternetIp: '198.51.100.13',
    ClientIpPool: '192.168.23.0/24',
    quota: 3,
  }),
  sandboxServer({
    SslVpnServerId: 'vss-sandbox-configuring',
    RegionId: 'cn-hangzhou',
    Name: 'error-configuring',
    InternetIp: '198.51.100.14',
    ClientIpPool: '192.168.24.0/24',
  }),
  sandboxServer({
    SslVpnServerId: 'vss-sandbox-locked',
    RegionId: 'cn-hangzhou',
    Name: 'error-financial-locked',
    InternetIp: '198.51.100.15',
    ClientIpPool: '192.168.25.0/24',
  }),
  sandboxServer({
    SslVpnServerId: 'vss-sandbox-badname',
    RegionId: 'cn-hangzhou',
    Name: 'error-invalid-name',
    InternetIp: '198.51.100.16',
    ClientIpPool: '192.168.26.0/24',
    onCreate: 'InvalidName',
  }),
  sandboxServer({
    SslVpnServerId: 'vss-sandbox-frankfurt',
    RegionId: 'eu-central-1',
    Name: 'frankfurt-office',
    InternetIp: '192.0.2.10',
    ClientIpPool: '192.168.30.0/24',
    Proto: 'TCP',
    Port: 443,
    EnableMultiFactorAuth: true,
  }),
];

/** What is particular about some of the servers' gateways. */
export const GATEWAYS: Readonly<Record<string, Partial<SandboxGateway>>> = {
  'vpn-sandbox-hangzhou': { CreateTime: Date.UTC(2021, 5, 1) },
  'vpn-sandbox-configuring': { Status: 'updating', refusalsUntilActive: 2 },
  'vpn-sandbox-locked': { BusinessStatus: 'FinancialLocked', EndTime: Date.UTC(2024, 0, 15) },
};

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

type ConnectionSeed = Omit<SandboxConnection, 'ConnectedTime'> & { connectedMinutesAgo: number };

/** Two devices of alice and one of bob; three users of the server with two-factor authentication. */
export const CONNECTIONS: readonly ConnectionSeed[] = [
  {
    SslVpnServerId: 'vss-sandbox-singapore',
    CommonName: 'CN=vsc-sandbox-alice',
    Ip: '192.0.2.101',
    Port: '51820',
    PrivateIp: '192.168.10.6',
    connectedMinutesAgo: 95,
    SendBytes: 48_211_904,
    ReceiveBytes: 6_103_552,
  },
  {
    SslVpnServerId: 'vss-sandbox-singapore',
    CommonName: 'CN=vsc-sandbox-alice',
    Ip: '192.0.2.102',
    Port: '40022',
    PrivateIp: '192.168.10.10',
    connectedMinutesAgo: 12,
    SendBytes: 913_408,
    ReceiveBytes: 204_800,
  },
  {
    SslVpnServerId: 'vss-sandbox-singapore',
    CommonName: 'CN=vsc-sandbox-bob',
    Ip: '192.0.2.103',
    Port: '59341',
    PrivateIp: '192.168.10.14',
    connectedMinutesAgo: 1_500,
    SendBytes: 1_204_224_512,
    ReceiveBytes: 88_604_672,
  },
  {
    SslVpnServerId: 'vss-sandbox-frankfurt',
    CommonName: 'greta',
    Ip: '192.0.2.111',
    Port: '50110',
    PrivateIp: '192.168.30.6',
    connectedMinutesAgo: 240,
    SendBytes: 20_480_000,
    ReceiveBytes: 3_072_000,
  },
  {
    SslVpnServerId: 'vss-sandbox-frankfurt',
    CommonName: 'hans',
    Ip: '192.0.2.112',
    Port: '50111',
    PrivateIp: '192.168.30.10',
    connectedMinutesAgo: 30,
    SendBytes: 1_048_576,
    ReceiveBytes: 524_288,
  },
  {
    SslVpnServerId: 'vss-sandbox-frankfurt',
    CommonName: 'ingrid',
    Ip: '192.0.2.113',
    Port: '50112',
    PrivateIp: '192.168.30.14',
    connectedMinutesAgo: 5,
    SendBytes: 65_536,
    ReceiveBytes: 32_768,
  },
];
