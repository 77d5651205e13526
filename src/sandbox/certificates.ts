/** Client certificates: made, shown, renamed, deleted. */
import { randomInt } from 'node:crypto';
import type { Pem } from './authority.js';
import { clientConfig } from './client-config.js';
import { reconnect } from './connections.js';
import { admitChange } from './gateways.js';
import type { SandboxCertificate, SandboxServer } from './model.js';
import { refuseCreate } from './on-create.js';
import { type Answer, matches, type Parameters, paged, regionOf, required } from './parameters.js';
import { notFound, refusal } from './refusals.js';
import type { Actions, State } from './state.js';

const DAY_MS = 86_400_000;
const LIFETIME_MS = 3 * 365 * DAY_MS;
const EXPIRING_SOON_MS = 7 * DAY_MS;
const MAX_NAME_LENGTH = 128;

export function certificateActions(state: State): Actions {
  const { certificates, changes, now, once } = state;
  return {
    CreateSslVpnClientCert(parameters) {
      const RegionId = regionOf(parameters);
      const server = findServer(state, required(parameters, 'SslVpnServerId'));
      if (server.RegionId !== RegionId) throw notFound('SslVpnServerId');
      return once('CreateSslVpnClientCert', parameters, () => {
        admitChange(state, server);
        refuseCreate(state, server);
        const { Name = '' } = parameters;
        if (!isName(Name)) throw refusal('InvalidName');
        const { SslVpnServerId } = server;
        const held = [...certificates.values()].filter((cert) => cert.SslVpnServerId === SslVpnServerId).length;
        if (held >= server.quota) throw refusal('Resource.QuotaFull');
        const SslVpnClientCertId = newId('vsc');
        const CreateTime = now();
        const EndTime = CreateTime + LIFETIME_MS;
        certificates.set(SslVpnClientCertId, {
          SslVpnClientCertId,
          Name,
          RegionId,
          SslVpnServerId,
          CreateTime,
          EndTime,
        });
        return { SslVpnClientCertId, Name };
      });
    },

    DescribeSslVpnClientCerts(parameters) {
      const regionId = regionOf(parameters);
      const found = [...certificates.values()].filter(
        (cert) =>
          cert.RegionId === regionId && matches(cert, parameters, ['SslVpnServerId', 'SslVpnClientCertId', 'Name']),
      );
      const { members, page } = paged(found, parameters);
      return { ...page, SslVpnClientCertKeys: { SslVpnClientCertKey: members.map((cert) => shown(cert, now())) } };
    },

    async DescribeSslVpnClientCert(parameters) {
      const cert = findCertificate(state, parameters);
      const ClientConfig = clientConfig(findServer(state, cert.SslVpnServerId), cert.SslVpnClientCertId);
      const { caCert, cert: ClientCert, key } = await keyPairOf(state, cert);
      return { ...shown(cert, now()), CaCert: caCert, ClientCert, ClientKey: key, ClientConfig };
    },

    ModifySslVpnClientCert(parameters) {
      const cert = findCertificate(state, parameters);
      const Name = required(parameters, 'Name');
      return once('ModifySslVpnClientCert', parameters, () => {
        admitChange(state, findServer(state, cert.SslVpnServerId));
        if (!isName(Name)) throw refusal('InvalidName');
        certificates.set(cert.SslVpnClientCertId, { ...cert, Name });
        return { SslVpnClientCertId: cert.SslVpnClientCertId, Name };
      });
    },

    DeleteSslVpnClientCert(parameters) {
      return once('DeleteSslVpnClientCert', parameters, () => {
        const cert = findCertificate(state, parameters);
        const server = findServer(state, cert.SslVpnServerId);
        admitChange(state, server);
        changes.begin(server, (at) => {
          certificates.delete(cert.SslVpnClientCertId);
          revoke(state, cert);
          reconnect(state, cert, at);
        });
        return {};
      });
    },
  };
}

function findServer(state: State, id: string): SandboxServer {
  const server = state.servers.get(id);
  if (server === undefined) throw notFound('SslVpnServerId');
  return server;
}

function findCertificate(state: State, parameters: Parameters): SandboxCertificate {
  const regionId = regionOf(parameters);
  const cert = state.certificates.get(required(parameters, 'SslVpnClientCertId'));
  if (cert?.RegionId !== regionId) throw notFound('SslVpnClientCertId');
  return cert;
}

/** A key pair is made when it is first fetched, and stays. */
function keyPairOf({ keyPairs, authority }: State, cert: SandboxCertificate): Promise<Pem> {
  const subject = { commonName: cert.SslVpnClientCertId, notBefore: cert.CreateTime, notAfter: cert.EndTime };
  const pem = keyPairs.get(cert.SslVpnClientCertId) ?? authority.issue(cert.SslVpnServerId, subject, 'client');
  keyPairs.set(cert.SslVpnClientCertId, pem);
  return pem;
}

/** A certificate whose key pair was never fetched is in nobody's hands. */
function revoke({ keyPairs, authority }: State, cert: SandboxCertificate): void {
  const pem = keyPairs.get(cert.SslVpnClientCertId);
  if (pem !== undefined) authority.revoke(cert.SslVpnServerId, pem);
}

function shown(cert: SandboxCertificate, now: number): Answer {
  const left = cert.EndTime - now;
  return {
    ...cert,
    Status: left <= 0 ? 'expired' : left <= EXPIRING_SOON_MS ? 'expiring-soon' : 'normal',
    ResourceGroupId: 'rg-sandbox',
  };
}

/** Newer help pages say 1 to 100 characters and no URL, older ones 2 to 128: what either allows is taken. */
function isName(name: string): boolean {
  return Array.from(name).length <= MAX_NAME_LENGTH && !/^https?:\/\//.test(name);
}

function newId(prefix: string): string {
  const tail = Array.from({ length: 21 }, () => 'abcdefghijklmnopqrstuvwxyz0123456789'.charAt(randomInt(36)));
  return `${prefix}-${tail.join('')}`;
}
