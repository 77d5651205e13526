/**
 * The actions of the VPC API, and the one of STS, as typed requests: parameters in, value out. Source: their API
 * references.
 */
import { z } from 'zod/v3';
import type { Api, ApiRequest, ListRequest, Subject } from './client.js';
import { isRegionId, stsEndpoint, vpcEndpoint } from './endpoints.js';
import { isCertificateId, isGatewayId, isServerId } from './ids.js';
import type { Envelope } from './response.js';

/** Far beyond what any field of the API holds. */
const MAX_TEXT = 10_000;

/** XML answers hold numbers and booleans as text, and a list of one as its only member. */
const number = z.preprocess((value) => (typeof value === 'string' && value !== '' ? Number(value) : value), z.number());
const flag = z.preprocess((value) => (value === 'true' ? true : value === 'false' ? false : value), z.boolean());
/** Names may hold anything: they are compared as they are, and made visible where they leave. */
const text = z
  .preprocess((value) => (typeof value === 'number' ? String(value) : value), z.string().max(MAX_TEXT))
  .catch('');
/**
 * Of a certificate: it decides what may be revoked, so whatever its length it is never taken for none, and an answer with
 * something else in its place is none.
 */
const certificateName = z.preprocess(
  (value) => (typeof value === 'number' || typeof value === 'boolean' ? String(value) : (value ?? '')),
  z.string(),
);
/** Ids become part of paths, requests and questions, so they have the form of an id or the answer is none. */
const certificateId = z.string().refine(isCertificateId);
const serverId = z.string().refine(isServerId);
const gatewayId = z.string().refine(isGatewayId);
const regionId = z.string().refine(isRegionId);
const list = <T extends z.ZodTypeAny>(wrapper: string, member: T) =>
  z
    .preprocess((value) => (value === '' || value === undefined || value === null ? {} : value), z.record(z.unknown()))
    .transform((value) => value[wrapper] ?? [])
    .transform((value) => (Array.isArray(value) ? value : [value]))
    .pipe(z.array(member));

const createdCert = z.object({ SslVpnClientCertId: certificateId, Name: text.optional() });
const accepted = z.object({ RequestId: z.string().min(1) });

const certSummary = z.object({
  SslVpnClientCertId: certificateId,
  Name: certificateName,
  SslVpnServerId: serverId,
  Status: text,
  /** Unix ms. */
  CreateTime: number,
  /** Unix ms. */
  EndTime: number,
});
/** `revokedHere`: this process deleted it, and the service still shows it; never said by the service. */
export type CertSummary = z.infer<typeof certSummary> & { revokedHere?: true };

const certDetail = certSummary.extend({
  CaCert: z.string().min(1),
  ClientCert: z.string().min(1),
  ClientKey: z.string().min(1),
  ClientConfig: z.string().min(1),
});
export type CertDetail = z.infer<typeof certDetail>;

/** An answer about another certificate is none. */
const about = <T extends CertSummary>(schema: z.ZodType<T, z.ZodTypeDef, unknown>, id: string) =>
  schema.refine((cert) => cert.SslVpnClientCertId === id);

/** As the API answers with lists: the total beside a field of its own for the members. */
const pageOf = <T extends z.ZodTypeAny>(field: string, wrapper: string, member: T) =>
  z
    .record(z.unknown())
    .transform((answer) => ({ total: answer.TotalCount, members: answer[field] }))
    .pipe(z.object({ total: number, members: list(wrapper, member) }));

const server = z.object({
  SslVpnServerId: serverId,
  Name: text,
  /** Empty where it is not said, or is none. */
  VpnGatewayId: gatewayId.or(z.literal('')).catch(''),
  InternetIp: text,
  Port: number.optional().catch(undefined),
  Proto: text,
  Cipher: text,
  ClientIpPool: text,
  LocalSubnet: text,
  Connections: number.optional().catch(undefined),
  MaxConnections: number.optional().catch(undefined),
  EnableMultiFactorAuth: flag.optional().catch(undefined),
});
export type Server = z.infer<typeof server>;

const region = z.object({ RegionId: regionId, LocalName: text, RegionEndpoint: text });
export type Region = z.infer<typeof region>;

const gateway = z.object({
  VpnGatewayId: gatewayId,
  Status: text,
  BusinessStatus: text,
  SslVpn: text,
  /** Unix ms; none where it is paid as it is used. */
  EndTime: number.optional().catch(undefined),
});
export type Gateway = z.infer<typeof gateway>;

const connectedClient = z.object({
  /** `CN=` and the certificate's id; with two-factor authentication, the user's name. */
  CommonName: text,
  Ip: text,
  Port: text,
  PrivateIp: text,
  /** Unix ms. */
  ConnectedTime: number,
  SendBytes: number,
  ReceiveBytes: number,
});
export type ConnectedClient = z.infer<typeof connectedClient>;

const identity = z.object({ Arn: z.string().min(1).max(MAX_TEXT), AccountId: text, IdentityType: text });
export type Identity = z.infer<typeof identity>;

const VPC: Api = { version: '2016-04-28', endpoint: vpcEndpoint };
const STS: Api = { version: '2015-04-01', endpoint: stsEndpoint };

/** The API's own upper limit. */
export const PAGE_SIZE = 50;

export type CreateParameters = {
  SslVpnServerId: string;
  Name?: string | undefined;
  ClientToken: string;
  OwnerAccount?: string | undefined;
};

export function createSslVpnClientCert(regionId: string, parameters: CreateParameters) {
  return request('CreateSslVpnClientCert', regionId, parameters, createdCert, true);
}

export function modifySslVpnClientCert(
  regionId: string,
  parameters: { SslVpnClientCertId: string; Name: string; ClientToken: string },
) {
  return request('ModifySslVpnClientCert', regionId, parameters, accepted, true);
}

export function deleteSslVpnClientCert(
  regionId: string,
  parameters: { SslVpnClientCertId: string; ClientToken: string },
) {
  return request('DeleteSslVpnClientCert', regionId, parameters, accepted, true);
}

/** Without the key material that the answer holds too: that is not even looked at. */
export function describeSslVpnClientCert(regionId: string, SslVpnClientCertId: string) {
  return request(
    'DescribeSslVpnClientCert',
    regionId,
    { SslVpnClientCertId },
    about<CertSummary>(certSummary, SslVpnClientCertId),
    false,
    subjectOfCert,
  );
}

/** With certificate, key, CA and configuration. */
export function fetchSslVpnClientCert(regionId: string, SslVpnClientCertId: string) {
  return request(
    'DescribeSslVpnClientCert',
    regionId,
    { SslVpnClientCertId },
    about(certDetail, SslVpnClientCertId),
    false,
    subjectOfCert,
  );
}

const subjectOfCert = ({ SslVpnServerId, Name }: CertSummary): Subject => ({ serverId: SslVpnServerId, name: Name });

export type CertFilter = {
  SslVpnServerId?: string | undefined;
  SslVpnClientCertId?: string | undefined;
  Name?: string | undefined;
};

export function clientCerts(regionId: string, filter: CertFilter): ListRequest<CertSummary> {
  const schema = pageOf('SslVpnClientCertKeys', 'SslVpnClientCertKey', certSummary);
  return {
    page: (pageNumber) => request('DescribeSslVpnClientCerts', regionId, paged(filter, pageNumber), schema, false),
    idOf: (cert) => cert.SslVpnClientCertId,
    subjectOf: subjectOfCert,
  };
}

export type ServerFilter = {
  SslVpnServerId?: string | undefined;
  VpnGatewayId?: string | undefined;
  Name?: string | undefined;
};

export function sslVpnServers(regionId: string, filter: ServerFilter): ListRequest<Server> {
  const schema = pageOf('SslVpnServers', 'SslVpnServer', server);
  return {
    page: (pageNumber) => request('DescribeSslVpnServers', regionId, paged(filter, pageNumber), schema, false),
    idOf: (found) => found.SslVpnServerId,
    subjectOf: (found) => ({ serverId: found.SslVpnServerId }),
  };
}

export function vpnGateways(regionId: string): ListRequest<Gateway> {
  const schema = pageOf('VpnGateways', 'VpnGateway', gateway);
  return {
    page: (pageNumber) => request('DescribeVpnGateways', regionId, paged({}, pageNumber), schema, false),
    idOf: (found) => found.VpnGatewayId,
    subjectOf: () => ({}),
  };
}

/**
 * Who is connected through a gateway, of all its servers.
 * @param serverOf the server's id, which a client does not say; empty where it cannot be told
 */
export function sslVpnClients(
  regionId: string,
  VpnGatewayId: string,
  serverOf: (client: ConnectedClient) => string,
): ListRequest<ConnectedClient> {
  const schema = z
    .object({ TotalCount: number, ClientInfoList: z.array(connectedClient).optional() })
    .refine(({ TotalCount, ClientInfoList }) => ClientInfoList !== undefined || TotalCount === 0)
    .transform(({ TotalCount, ClientInfoList = [] }) => ({ total: TotalCount, members: ClientInfoList }));
  return {
    page: (pageNumber) =>
      request('DescribeSslVpnClients', regionId, paged({ VpnGatewayId }, pageNumber), schema, false),
    // A certificate can be connected several times, and each connection has an address of its own.
    idOf: ({ CommonName, PrivateIp, Ip, Port }) => JSON.stringify([CommonName, PrivateIp, Ip, Port]),
    subjectOf(client) {
      const certificateId = certificateIdOf(client);
      const serverId = serverOf(client);
      // A user's name is no certificate's: whoever may see some names only is not shown it.
      return certificateId === undefined ? { serverId, name: '' } : { serverId, certificateId };
    },
  };
}

/** @returns undefined with two-factor authentication, where the common name is the user's */
export function certificateIdOf({ CommonName }: ConnectedClient): string | undefined {
  const id = CommonName.replace(/^CN=/, '');
  return id !== CommonName && isCertificateId(id) ? id : undefined;
}

/** Who calls; needs no permission. */
export function callerIdentity(regionId: string): ApiRequest<Identity> {
  return { ...request('GetCallerIdentity', regionId, { RegionId: undefined }, identity, false), api: STS };
}

/** @param askAt the region whose endpoint answers */
export function regions(askAt: string): ListRequest<Region> {
  const schema = z
    .object({ Regions: list('Region', region) })
    .transform(({ Regions }) => ({ total: Regions.length, members: Regions }));
  return {
    // The one action without a RegionId, and all in one page.
    page: () => request('DescribeRegions', askAt, { AcceptLanguage: 'en-US', RegionId: undefined }, schema, false),
    idOf: ({ RegionId }) => RegionId,
    subjectOf: ({ RegionId }) => ({ regionId: RegionId }),
  };
}

function paged(filter: Readonly<Record<string, string | undefined>>, pageNumber: number) {
  return { ...filter, PageNumber: String(pageNumber), PageSize: String(PAGE_SIZE) };
}

function request<Schema extends z.ZodTypeAny>(
  action: string,
  regionId: string,
  parameters: Readonly<Record<string, string | undefined>>,
  schema: Schema,
  changes: boolean,
  subjectOf?: (value: z.output<Schema>) => Subject,
): ApiRequest<z.output<Schema>> {
  const sent: Record<string, string> = {};
  for (const [name, value] of Object.entries({ RegionId: regionId, ...parameters }))
    if (value !== undefined) sent[name] = value;
  return {
    api: VPC,
    action,
    regionId,
    parameters: sent,
    changes,
    ...(subjectOf && { subjectOf }),
    read(envelope: Envelope): z.output<Schema> | undefined {
      const parsed = schema.safeParse(envelope);
      return parsed.success ? parsed.data : undefined;
    },
  };
}
