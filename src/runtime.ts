/** What lives longer than a call, made in one place: credentials, connections and the client that uses both. */

import type { Log } from './log.js';
import type { Settings } from './settings.js';
import { createVpcClient, type VpcClient } from './vpc/client.js';
import { type Credentials, type CredentialsProvider, fixedCredentials } from './vpc/credentials.js';
import { type HttpPool, openHttpPool } from './vpc/http.js';
import { providerChain } from './vpc/provider-chain.js';

export type Runtime = { vpc: VpcClient; credentials: CredentialsProvider };

/** Where to find a cloud that the settings do not name: the sandbox. */
export type Cloud = { endpoint: string; credentials: Credentials };

export function createRuntime(settings: Settings, log: Log, cloud?: Cloud): Runtime {
  let pool: Promise<HttpPool> | undefined;
  const credentials = cloud === undefined ? provider(settings) : fixedCredentials(cloud.credentials, 'sandbox');
  const vpc = createVpcClient({
    endpoint: cloud?.endpoint ?? settings.endpoint,
    credentials,
    http: () => {
      pool ??= openHttpPool(cloud === undefined ? settings.proxies : {}, settings.timeoutMs);
      return pool;
    },
    timeoutMs: settings.timeoutMs,
    log,
  });
  return { vpc, credentials };
}

function provider(settings: Settings): CredentialsProvider {
  const { credentials } = settings;
  return credentials === undefined ? providerChain(settings) : fixedCredentials(credentials, 'environment variables');
}
