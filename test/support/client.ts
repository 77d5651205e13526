/** The product's client against a sandbox over real sockets, as tools use it. */
import { EventEmitter } from 'node:events';
import { type Budget, createBudget } from '../../src/budget.js';
import { ConnectionError, DeadlineError } from '../../src/errors/errors.js';
import { createLog } from '../../src/log.js';
import type { SandboxRequest } from '../../src/sandbox/faults.js';
import {
  openSandbox,
  type RequestRecord,
  SANDBOX_KEY,
  type Sandbox,
  type SandboxOptions,
} from '../../src/sandbox/http.js';
import { createSecrets, type Secrets } from '../../src/secrets.js';
import { createSslVpnClientCert } from '../../src/vpc/actions.js';
import { createVpcClient, type VpcClientParts } from '../../src/vpc/client.js';
import { type CredentialsProvider, fixedCredentials } from '../../src/vpc/credentials.js';
import { type HttpPool, openHttpPool } from '../../src/vpc/http.js';

const open: { close(): Promise<void> | void }[] = [];

/** Closes whatever the helpers here opened; for afterEach. */
export async function closeAll(): Promise<void> {
  await Promise.all(open.splice(0).map((thing) => thing.close()));
}

/** Tells of each attempt that a sandbox lets hang, by its nonce. */
const hanging = new EventEmitter().setMaxListeners(0);

export async function sandboxWith(options: SandboxOptions = {}): Promise<Sandbox> {
  const hung = new WeakSet<object>();
  const fault = (request: SandboxRequest) => {
    const struck = options.fault?.(request);
    if (struck === 'hang-before' || struck === 'hang-after') hung.add(request.parameters);
    return struck;
  };
  const sandbox = await openSandbox({ ...options, fault });
  const push = sandbox.requests.push.bind(sandbox.requests);
  const recorded = (...records: RequestRecord[]): number => {
    for (const { parameters, nonce } of records) if (hung.has(parameters)) hanging.emit(nonce);
    return push(...records);
  };
  // Like the method of every list, it is no member of this one.
  Object.defineProperty(sandbox.requests, 'push', { value: recorded, writable: true, enumerable: false });
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

/** Without a `timeoutMs`, an attempt times out once the sandbox lets it hang, and no other does, however slow the machine is. */
export async function clientOf(endpoint: string, parts: Partial<VpcClientParts> = {}) {
  const { credentials = fixedCredentials(SANDBOX_KEY, 'test'), timeoutMs } = parts;
  const pool = await openHttpPool({}, LONG_MS);
  open.push(pool);
  return createVpcClient({
    endpoint,
    credentials,
    http: async () => (timeoutMs === undefined ? endingWhatHangs(pool) : pool),
    timeoutMs: LONG_MS,
    log: createLog('error', () => {}),
    secrets: knowing(credentials),
    ...parts,
  });
}

function endingWhatHangs(pool: HttpPool): HttpPool {
  return {
    ...pool,
    async send(request, { timeoutMs, signal }) {
      const { host } = new URL(request.origin);
      const nonce = request.headers['x-acs-signature-nonce'] ?? '';
      const over = new AbortController();
      const end = (): void =>
        over.abort(
          new ConnectionError(`${host} did not answer.`, {
            problem: 'timeout',
            host,
            systemCode: undefined,
            sent: true,
          }),
        );
      hanging.once(nonce, end);
      try {
        const either = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
        return await pool.send(request, { timeoutMs, signal: either });
      } finally {
        hanging.off(nonce, end);
      }
    },
  };
}

/** Makes the first wait outlast any deadline, so that what the one attempt met is what the call ends with. */
export const ONE_ATTEMPT = { random: () => 1_000_000 };

export function within(ms: number, signal?: AbortSignal): Budget {
  const budget = createBudget(ms, signal);
  open.push(budget);
  return budget;
}

/** Longer than anything takes on a machine that is busy. */
export const LONG_MS = 100_000;

/** A budget whose time is up when the test says so, however slow the machine is. */
export function endless(): { budget: Budget; end(): void } {
  const over = new AbortController();
  return { budget: within(LONG_MS, over.signal), end: () => over.abort(new DeadlineError()) };
}

export const REGION = 'ap-southeast-1';
export const SERVER = 'vss-sandbox-singapore';

export function create(name: string, token: string) {
  return createSslVpnClientCert(REGION, { SslVpnServerId: SERVER, Name: name, ClientToken: token });
}
