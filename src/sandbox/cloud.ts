/** The sandbox's state and its actions: parameters in, answer out; knows nothing of HTTP. */
import { randomInt } from 'node:crypto';
import { type Authority, createAuthority } from './authority.js';
import { CERTIFICATES, REFUSALS, REGIONS, type Refusal, type SandboxServer, SERVERS } from './fixtures.js';

export type Parameters = Readonly<Record<string, string>>;
export type Answer = Readonly<Record<string, unknown>>;

/** A refusal of the API: status, code and message of its error envelope. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal' as const;

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
  }
}

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

export type CloudOptions = {
  /** Unix ms. */
  now?: () => number;
};

export type Cloud = {
  /** @throws ApiRefusal */
  act(action: string, parameters: Parameters, requestId: string): Promise<Answer>;
  certificates(): SandboxCertificate[];
  server(id: string): SandboxServer | undefined;
  authority: Authority;
  /** Puts a certificate there without the API, for worlds that tests need. */
  seed(certificate: SandboxCertificate): void;
  /** Takes one away likewise. */
  remove(id: string): void;
};

const DAY_MS = 86_400_000;
const LIFETIME_MS = 3 * 365 * DAY_MS;
const EXPIRING_SOON_MS = 7 * DAY_MS;
/** How many tries the server that is being configured refuses. */
const TRIES_UNTIL_READY = 2;

export function createCloud({ now = Date.now }: CloudOptions = {}): Cloud {
  const certificates = new Map<string, SandboxCertificate>();
  const tokens = new Map<string, { request: string; answer: Answer }>();
  const tries = new Map<string, number>();
  const authority = createAuthority(now);
  const issued = new Map<string, ReturnType<Authority['issue']>>();
  const seed = (certificate: SandboxCertificate): void => {
    certificates.set(certificate.SslVpnClientCertId, certificate);
  };
  const opened = now();
  for (const { id, name, server: serverId, createdDaysAgo, expiresInDays } of CERTIFICATES) {
    seed({
      SslVpnClientCertId: id,
      Name: name,
      RegionId: SERVERS.find((server) => server.SslVpnServerId === serverId)?.RegionId ?? '',
      SslVpnServerId: serverId,
      CreateTime: opened - createdDaysAgo * DAY_MS,
      EndTime: opened + expiresInDays * DAY_MS,
    });
  }

  const actions: Readonly<Record<string, (parameters: Parameters) => Answer | Promise<Answer>>> = {
    DescribeRegions: () => ({ Regions: { Region: REGIONS } }),
    DescribeSslVpnServers(parameters) {
      const { RegionId } = inRegion(parameters);
      const found = SERVERS.filter(
        (server) =>
          server.RegionId === RegionId && matches(server, parameters, ['SslVpnServerId', 'VpnGatewayId', 'Name']),
      );
      const { members, page } = paged(found, parameters);
      return {
        ...page,
        SslVpnServers: { SslVpnServer: members.map(({ quota: _quota, onCreate: _onCreate, ...shown }) => shown) },
      };
    },
    CreateSslVpnClientCert(parameters) {
      const { RegionId } = inRegion(parameters);
      const server = findServer(parameters, RegionId);
      return once('CreateSslVpnClientCert', parameters, () => {
        refuseCreate(server);
        const { Name = '' } = parameters;
        if (Name !== '' && !isName(Name)) throw refusal('InvalidName');
        const held = [...certificates.values()].filter((cert) => cert.SslVpnServerId === server.SslVpnServerId).length;
        if (held >= server.quota) throw refusal('Resource.QuotaFull');
        const id = newId('vsc');
        seed({
          SslVpnClientCertId: id,
          Name,
          RegionId,
          SslVpnServerId: server.SslVpnServerId,
          CreateTime: now(),
          EndTime: now() + LIFETIME_MS,
        });
        return { SslVpnClientCertId: id, Name };
      });
    },
    DescribeSslVpnClientCerts(parameters) {
      const { RegionId } = inRegion(parameters);
      const found = [...certificates.values()].filter(
        (cert) =>
          cert.RegionId === RegionId && matches(cert, parameters, ['SslVpnServerId', 'SslVpnClientCertId', 'Name']),
      );
      const { members, page } = paged(found, parameters);
      return { ...page, SslVpnClientCertKeys: { SslVpnClientCertKey: members.map(shown) } };
    },
    async DescribeSslVpnClientCert(parameters) {
      const cert = findCertificate(parameters);
      const pem = await keysOf(cert);
      return {
        ...shown(cert),
        CaCert: pem.caCert,
        ClientCert: pem.cert,
        ClientKey: pem.key,
        ClientConfig: clientConfig(cert),
      };
    },
    ModifySslVpnClientCert(parameters) {
      const cert = findCertificate(parameters);
      const Name = required(parameters, 'Name');
      return once('ModifySslVpnClientCert', parameters, () => {
        if (!isName(Name)) throw refusal('InvalidName');
        seed({ ...cert, Name });
        return { SslVpnClientCertId: cert.SslVpnClientCertId, Name };
      });
    },
    DeleteSslVpnClientCert(parameters) {
      return once('DeleteSslVpnClientCert', parameters, () => {
        const { SslVpnClientCertId, SslVpnServerId } = findCertificate(parameters);
        certificates.delete(SslVpnClientCertId);
        issued.get(SslVpnClientCertId)?.then((pem) => authority.revoke(SslVpnServerId, pem));
        return {};
      });
    },
  };

  function refuseCreate(server: SandboxServer): void {
    const { onCreate } = server;
    if (onCreate === 'ok' || onCreate === 'loses-answers') return;
    if (onCreate !== 'configuring' && onCreate !== 'throttled') throw refusal(onCreate);
    const tried = tries.get(server.SslVpnServerId) ?? 0;
    tries.set(server.SslVpnServerId, tried + 1);
    if (onCreate === 'configuring' && tried < TRIES_UNTIL_READY) throw refusal('VpnGateway.Configuring');
    // Every second request is one too many.
    if (onCreate === 'throttled' && tried % 2 === 0) throw throttled();
  }

  function findCertificate(parameters: Parameters): SandboxCertificate {
    const { RegionId } = inRegion(parameters);
    const cert = certificates.get(required(parameters, 'SslVpnClientCertId'));
    if (cert !== undefined && cert.RegionId === RegionId) return cert;
    throw new ApiRefusal(404, 'InvalidSslVpnClientCertId.NotFound', 'The specified SslVpnClientCertId does not exist.');
  }

  function shown(cert: SandboxCertificate): Answer {
    const left = cert.EndTime - now();
    return {
      ...cert,
      Status: left <= 0 ? 'expired' : left <= EXPIRING_SOON_MS ? 'expiring-soon' : 'normal',
      ResourceGroupId: 'rg-sandbox',
    };
  }

  /** The key pair of a certificate is made when it is first fetched, and stays. */
  function keysOf(cert: SandboxCertificate): ReturnType<Authority['issue']> {
    const subject = { commonName: cert.SslVpnClientCertId, notBefore: cert.CreateTime, notAfter: cert.EndTime };
    const pem = issued.get(cert.SslVpnClientCertId) ?? authority.issue(cert.SslVpnServerId, subject, 'client');
    issued.set(cert.SslVpnClientCertId, pem);
    return pem;
  }

  /** An OpenVPN client file that refers to its keys by name, as the service's does. */
  function clientConfig({ SslVpnServerId, SslVpnClientCertId: id }: SandboxCertificate): string {
    const server = SERVERS.find((candidate) => candidate.SslVpnServerId === SslVpnServerId);
    return [
      'client',
      'dev tun',
      `proto ${server?.Proto.toLowerCase()}`,
      `remote ${server?.InternetIp} ${server?.Port}`,
      'resolv-retry infinite',
      'nobind',
      'persist-key',
      'persist-tun',
      'ca ca.crt',
      `cert ${id}.crt`,
      `key ${id}.key`,
      'remote-cert-tls server',
      `cipher ${server?.Cipher}`,
      'verb 3',
      '',
    ].join('\n');
  }

  /** One token, one effect: a repeat gets the first answer, other parameters are refused. */
  function once(action: string, parameters: Parameters, make: () => Answer): Answer {
    const { ClientToken, ...rest } = parameters;
    if (ClientToken === undefined || ClientToken === '') return make();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what the API reference allows
    if (!/^[\x00-\x7f]{1,64}$/.test(ClientToken))
      throw new ApiRefusal(400, 'InvalidParameter', 'The specified parameter ClientToken is not valid.');
    const key = `${action} ${ClientToken}`;
    const request = JSON.stringify(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)));
    const earlier = tokens.get(key);
    if (earlier !== undefined) {
      if (earlier.request === request) return earlier.answer;
      throw new ApiRefusal(
        400,
        'IdempotentParameterMismatch',
        'The request uses the same client token as a previous, but non-identical request.',
      );
    }
    const answer = make();
    tokens.set(key, { request, answer });
    return answer;
  }

  return {
    async act(action, parameters, requestId) {
      const perform = Object.hasOwn(actions, action) ? actions[action] : undefined;
      if (perform === undefined) {
        throw new ApiRefusal(
          404,
          'InvalidApi.NotFound',
          'Specified api is not found, please check your url and method.',
        );
      }
      return { RequestId: requestId, ...(await perform(parameters)) };
    },
    certificates: () => [...certificates.values()],
    server: (id) => SERVERS.find((server) => server.SslVpnServerId === id),
    authority,
    seed,
    remove: (id) => certificates.delete(id),
  };
}

export function throttled(retryAfterSeconds?: number): ApiRefusal {
  return new ApiRefusal(400, 'Throttling.User', 'Request was denied due to user flow control.', retryAfterSeconds);
}

function refusal(code: Refusal): ApiRefusal {
  return new ApiRefusal(REFUSALS[code].status, code, REFUSALS[code].message);
}

function inRegion(parameters: Parameters): { RegionId: string } {
  const RegionId = required(parameters, 'RegionId');
  if (REGIONS.some((region) => region.RegionId === RegionId)) return { RegionId };
  throw new ApiRefusal(404, 'InvalidRegionId.NotFound', 'The specified RegionId does not exist.');
}

function findServer(parameters: Parameters, regionId: string): SandboxServer {
  const id = required(parameters, 'SslVpnServerId');
  const server = SERVERS.find((candidate) => candidate.SslVpnServerId === id && candidate.RegionId === regionId);
  if (server === undefined) {
    throw new ApiRefusal(404, 'InvalidSslVpnServerId.NotFound', 'The specified SslVpnServerId does not exist.');
  }
  return server;
}

function required(parameters: Parameters, name: string): string {
  const value = parameters[name];
  if (value === undefined || value === '')
    throw new ApiRefusal(400, `Missing${name}`, `${name} is mandatory for this action.`);
  return value;
}

/** As the newer help pages have it: 1 to 100 characters and no URL; 128 here, so that the older rule fits in too. */
function isName(name: string): boolean {
  return Array.from(name).length <= 128 && !/^https?:\/\//.test(name);
}

function matches(thing: Readonly<Record<string, unknown>>, parameters: Parameters, names: readonly string[]): boolean {
  return names.every((name) => (parameters[name] ?? '') === '' || thing[name] === parameters[name]);
}

function paged<T>(all: readonly T[], parameters: Parameters): { members: readonly T[]; page: Answer } {
  const PageNumber = wholeNumber(parameters, 'PageNumber', 1, Number.MAX_SAFE_INTEGER);
  const PageSize = wholeNumber(parameters, 'PageSize', 10, 50);
  const start = (PageNumber - 1) * PageSize;
  return { members: all.slice(start, start + PageSize), page: { PageNumber, PageSize, TotalCount: all.length } };
}

function wholeNumber(parameters: Parameters, name: string, fallback: number, most: number): number {
  const text = parameters[name] ?? '';
  if (text === '') return fallback;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= most) return value;
  throw new ApiRefusal(400, `Invalid${name}`, `The specified parameter ${name} is not valid.`);
}

function newId(prefix: string): string {
  const tail = Array.from({ length: 21 }, () => 'abcdefghijklmnopqrstuvwxyz0123456789'.charAt(randomInt(36)));
  return `${prefix}-${tail.join('')}`;
}
