/** What lives longer than a call, made in one place: credentials, connections, what was learned, and the folder. */
import { openFolder, type PrivateFolder } from './files/private-folder.js';
import type { Log } from './log.js';
import type { Secrets } from './secrets.js';
import type { Settings } from './settings.js';
import { memoryStore } from './store/memory.js';
import type { Store } from './store/store.js';
import { type Batches, createBatches } from './tools/issue/batches.js';
import { type Consents, createConsents } from './tools/revoke/consents.js';
import { createVpcClient, type VpcClient } from './vpc/client.js';
import { type Credentials, type CredentialsProvider, fixedCredentials } from './vpc/credentials.js';
import { rememberingDeletions } from './vpc/deletions.js';
import { vpcEndpoint } from './vpc/endpoints.js';
import { type HttpPool, openHttpPool } from './vpc/http.js';
import { createPace, type Pace } from './vpc/pace.js';
import { providerChain } from './vpc/provider-chain.js';

export type Runtime = {
  vpc: VpcClient;
  http(): Promise<HttpPool>;
  credentials: CredentialsProvider;
  secrets: Secrets;
  folder: PrivateFolder;
  /** How fast the service lets batches go. */
  pace: Pace;
  batches: Batches;
  consents: Consents;
  /** Connects to the endpoint of the default region, if there is one, before the first call asks for it. */
  warm(): void;
};

/** Where to find a cloud that the settings do not name: the sandbox. */
export type Cloud = { endpoint: string; credentials: Credentials };

/** @param store where batches and consents are remembered */
export function createRuntime(
  settings: Settings,
  log: Log,
  secrets: Secrets,
  cloud?: Cloud,
  store: Store = memoryStore(),
): Runtime {
  let pool: Promise<HttpPool> | undefined;
  const http = (): Promise<HttpPool> => {
    pool ??= openHttpPool(settings.proxies, settings.timeoutMs);
    return pool;
  };
  for (const proxy of [settings.proxies.http, settings.proxies.https]) {
    if (proxy === undefined) continue;
    const { password } = new URL(proxy);
    secrets.addPassword(password);
    secrets.addPassword(decodeURIComponent(password));
  }
  const endpoint = cloud?.endpoint ?? settings.endpoint;
  const credentials = known(
    cloud === undefined ? provider(settings) : fixedCredentials(cloud.credentials, 'sandbox'),
    secrets,
  );
  const vpc = rememberingDeletions(
    createVpcClient({ endpoint, credentials, http, timeoutMs: settings.timeoutMs, log, secrets }),
  );
  const warm = async (): Promise<void> => {
    if (settings.region !== undefined) (await http()).warm(vpcEndpoint(settings.region, endpoint));
  };
  return {
    vpc,
    http,
    credentials,
    secrets,
    folder: openFolder(settings.outputDir),
    pace: createPace(),
    batches: createBatches(store, vpc.now),
    consents: createConsents(store),
    warm: () => void warm().catch(() => {}),
  };
}

function provider(settings: Settings): CredentialsProvider {
  const { credentials } = settings;
  return credentials === undefined ? providerChain(settings) : fixedCredentials(credentials, 'environment variables');
}

/** Every secret that is used is known to what cleans the answers before it is. */
function known(provider: CredentialsProvider, secrets: Secrets): CredentialsProvider {
  const add = (credentials: Credentials): Credentials => {
    secrets.add(credentials);
    return credentials;
  };
  return {
    ...provider,
    get() {
      const credentials = provider.get();
      return credentials instanceof Promise ? credentials.then(add) : add(credentials);
    },
  };
}
