/** The actions of the VPC API (version 2016-04-28) as typed requests: parameters in, value out. Source: its API reference. */
import { z } from 'zod/v3';
import { externalText } from '../errors/external-text.js';
import type { ApiRequest } from './client.js';
import type { Envelope } from './response.js';

/** XML answers hold numbers and booleans as text, and a list of one as its only member. */
const number = z.preprocess((value) => (typeof value === 'string' && value !== '' ? Number(value) : value), z.number());
const flag = z.preprocess((value) => (value === 'true' ? true : value === 'false' ? false : value), z.boolean());
/** Names and ids may hold anything; past this border they are one visible line and never long. */
const line = z.string().transform((value) => externalText(value, 256));
const id = line.pipe(z.string().min(1));
const text = z.preprocess((value) => (typeof value === 'number' ? String(value) : value), line).catch('');
const list = <T extends z.ZodTypeAny>(wrapper: string, member: T) =>
  z
    .preprocess((value) => (value === '' || value === undefined || value === null ? {} : value), z.record(z.unknown()))
    .transform((value) => value[wrapper] ?? [])
    .transform((value) => (Array.isArray(value) ? value : [value]))
    .pipe(z.array(member));

const createdCert = z.object({ SslVpnClientCertId: id, Name: text.optional(), RequestId: text });
const accepted = z.object({ RequestId: id });

const certSummary = z.object({
  SslVpnClientCertId: id,
  Name: text,
  RegionId: text,
  SslVpnServerId: text,
  Status: text,
  /** Unix ms. */
  CreateTime: number,
  /** Unix ms. */
  EndTime: number,
});
export type CertSummary = z.infer<typeof certSummary>;

const certDetail = certSummary.extend({
  CaCert: z.string().min(1),
  ClientCert: z.string().min(1),
  ClientKey: z.string().min(1),
  ClientConfig: z.string().min(1),
});
export type CertDetail = z.infer<typeof certDetail>;

const page = { PageNumber: number, PageSize: number, TotalCount: number };
const certPage = z.object({ ...page, SslVpnClientCertKeys: list('SslVpnClientCertKey', certSummary) });
export type CertPage = z.infer<typeof certPage>;

const server = z.object({
  SslVpnServerId: id,
  Name: text,
  RegionId: text.optional(),
  VpnGatewayId: text,
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
const serverPage = z.object({ ...page, SslVpnServers: list('SslVpnServer', server) });
export type ServerPage = z.infer<typeof serverPage>;

const regions = z.object({
  Regions: list('Region', z.object({ RegionId: id, LocalName: text, RegionEndpoint: text })),
});
export type Regions = z.infer<typeof regions>;

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
  return request('DescribeSslVpnClientCert', regionId, { SslVpnClientCertId }, certSummary, false);
}

/** With certificate, key, CA and configuration. */
export function fetchSslVpnClientCert(regionId: string, SslVpnClientCertId: string) {
  return request('DescribeSslVpnClientCert', regionId, { SslVpnClientCertId }, certDetail, false);
}

export type CertFilter = {
  SslVpnServerId?: string | undefined;
  SslVpnClientCertId?: string | undefined;
  Name?: string | undefined;
};

/** @param pageNumber from 1 */
export function describeSslVpnClientCerts(regionId: string, filter: CertFilter, pageNumber: number) {
  const parameters = { ...filter, PageNumber: String(pageNumber), PageSize: String(PAGE_SIZE) };
  return request('DescribeSslVpnClientCerts', regionId, parameters, certPage, false);
}

export type ServerFilter = {
  SslVpnServerId?: string | undefined;
  VpnGatewayId?: string | undefined;
  Name?: string | undefined;
};

/** @param pageNumber from 1 */
export function describeSslVpnServers(regionId: string, filter: ServerFilter, pageNumber: number) {
  const parameters = { ...filter, PageNumber: String(pageNumber), PageSize: String(PAGE_SIZE) };
  return request('DescribeSslVpnServers', regionId, parameters, serverPage, false);
}

/** @param askAt the region whose endpoint answers */
export function describeRegions(askAt: string) {
  // The one action without a RegionId.
  return request('DescribeRegions', askAt, { AcceptLanguage: 'en-US', RegionId: undefined }, regions, false);
}

function request<Schema extends z.ZodTypeAny>(
  action: string,
  regionId: string,
  parameters: Readonly<Record<string, string | undefined>>,
  schema: Schema,
  changes: boolean,
): ApiRequest<z.output<Schema>> {
  const sent: Record<string, string> = {};
  for (const [name, value] of Object.entries({ RegionId: regionId, ...parameters }))
    if (value !== undefined) sent[name] = value;
  return {
    action,
    regionId,
    parameters: sent,
    changes,
    read(envelope: Envelope): z.output<Schema> | undefined {
      const parsed = schema.safeParse(envelope);
      return parsed.success ? parsed.data : undefined;
    },
  };
}
