/** What lives longer than a call, made in one place: credentials, connections and the client that uses both. */

import type { Log } from './log.js';
import type { Settings } from './settings.js';
import { createVpcClient, type VpcClient } from './vpc/client.js';
import { type Credentials, type CredentialsProvider, fixedCredentials } from './vpc/credentials.js';
import { vpcEndpoint } from './vpc/endpoints.js';
import { type HttpPool, openHttpPool } from './vpc/http.js';
import { providerChain } from './vpc/provider-chain.js';

export type Runtime = {
  vpc: VpcClient;
  credentials: CredentialsProvider;
  /** Connects to the endpoint of the default region, if there is one, before the first call asks for it. */
  warm(): void;
};

/** Where to find a cloud that the settings do not name: the sandbox. */
export type Cloud = { endpoint: string; credentials: Credentials };

export function createRuntime(settings: Settings, log: Log, cloud?: Cloud): Runtime {
  let pool: Promise<HttpPool> | undefined;
  const http = (): Promise<HttpPool> => {
    pool ??= openHttpPool(cloud === undefined ? settings.proxies : {}, settings.timeoutMs);
    return pool;
  };
  const endpoint = cloud?.endpoint ?? settings.endpoint;
  const credentials = cloud === undefined ? provider(settings) : fixedCredentials(cloud.credentials, 'sandbox');
  const vpc = createVpcClient({
    endpoint,
    credentials,
    http,
    timeoutMs: settings.timeoutMs,
    log,
  });
  const warm = async (): Promise<void> => {
    if (settings.region !== undefined) (await http()).warm(vpcEndpoint(settings.region, endpoint));
  };
  return { vpc, credentials, warm: () => void warm().catch(() => {}) };
}

function provider(settings: Settings): CredentialsProvider {
  const { credentials } = settings;
  return credentials === undefined ? providerChain(settings) : fixedCredentials(credentials, 'environment variables');
}
