/** The product's client against a sandbox over real sockets, as tools use it. */
import { type Budget, createBudget } from '../../src/budget.js';
import { createLog } from '../../src/log.js';
import { openSandbox, SANDBOX_KEY, type Sandbox, type SandboxOptions } from '../../src/sandbox/http.js';
import { createSecrets, type Secrets } from '../../src/secrets.js';
import { createSslVpnClientCert } from '../../src/vpc/actions.js';
import { createVpcClient, type VpcClientParts } from '../../src/vpc/client.js';
import { type CredentialsProvider, fixedCredentials } from '../../src/vpc/credentials.js';
import { openHttpPool } from '../../src/vpc/http.js';

const open: { close(): Promise<void> | void }[] = [];

/** Closes whatever the helpers here opened; for afterEach. */
export async function closeAll(): Promise<void> {
  await Promise.all(open.splice(0).map((thing) => thing.close()));
}

export async function sandboxWith(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await openSandbox(options);
  open.push(sandbox);
  return sandbox;
}

/** Secrets that know what the provider gives, as the runtime has it. */
function knowing(provider: CredentialsProvider): Secrets {
  const secrets = createSecrets();
  const keys = provider.get();
  if (!(keys instanceof Promise)) secrets.add(keys);
  return secrets;
}

export async function clientOf(endpoint: string, parts: Partial<VpcClientParts> = {}) {
  const { credentials = fixedCredentials(SANDBOX_KEY, 'test') } = parts;
  const pool = await openHttpPool({}, 2_000);
  open.push(pool);
  return createVpcClient({
    endpoint,
    credentials,
    http: async () => pool,
    timeoutMs: 400,
    log: createLog('error', () => {}),
    secrets: knowing(credentials),
    ...parts,
  });
}

/** Makes the first wait outlast any deadline, so that what the one attempt met is what the call ends with. */
export const ONE_ATTEMPT = { random: () => 1_000_000 };

export function within(ms: number, signal?: AbortSignal): Budget {
  const budget = createBudget(ms, signal);
  open.push(budget);
  return budget;
}

export const REGION = 'ap-southeast-1';
export const SERVER = 'vss-sandbox-singapore';

export function create(name: string, token: string) {
  return createSslVpnClientCert(REGION, { SslVpnServerId: SERVER, Name: name, ClientToken: token });
}
