/** What the sandbox's cloud is made of. Capitalised fields are those of the API's own answers. */
import type { Refusal } from './refusals.js';

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
  MaxConnections: number;
  EnableMultiFactorAuth: boolean;
  /** How many certificates it takes. */
  quota: number;
  /** How it answers a create: well, with a refusal, throttling every other request, or losing its first answers. */
  onCreate: 'ok' | Refusal | 'throttled' | 'loses-answers';
};

export type SandboxGateway = {
  VpnGatewayId: string;
  RegionId: string;
  Name: string;
  /** A gateway that is not active refuses changes with VpnGateway.Configuring. */
  Status: 'init' | 'provisioning' | 'active' | 'updating' | 'deleting';
  /** A locked gateway refuses changes with VpnGateway.FinancialLocked. */
  BusinessStatus: 'Normal' | 'FinancialLocked';
  SslVpn: 'enable' | 'disable';
  SslMaxConnections: number;
  Spec: string;
  VpcId: string;
  InternetIp: string;
  /** Unix ms. Gateways made before 2022-12-10 cannot list their clients. */
  CreateTime: number;
  /** Unix ms. */
  EndTime: number;
  /** A gateway that is not active becomes so after this many refused changes; never, where this is left out. */
  refusalsUntilActive?: number;
};

export type SandboxConnection = {
  SslVpnServerId: string;
  /** `CN=` and the certificate's id; on a server with two-factor authentication, the user's name. */
  CommonName: string;
  Ip: string;
  Port: string;
  PrivateIp: string;
  /** Unix ms. */
  ConnectedTime: number;
  SendBytes: number;
  ReceiveBytes: number;
};

export type SandboxCertificate = {
  SslVpnClientCertId: string;
  Name: string;
  RegionId: string;
  SslVpnServerId: string;
  /** Unix ms. */
  CreateTime: number;
  /** Unix ms. */
  EndTime: number;
};
