/** What calls need, whatever they come over: the cloud or the sandbox, the audit log, the caller. */
import { type AuditLog, createAuditLog } from '../audit.js';
import { type Caller, type CallerParts, type ConfigSource, createCaller } from '../call.js';
import type { Log } from '../log.js';
import { createRuntime, type Runtime } from '../runtime.js';
import type { Sandbox } from '../sandbox/http.js';
import type { Secrets } from '../secrets.js';
import type { Settings } from '../settings.js';
import type { Store } from '../store/store.js';
import { filesIn } from '../tools/saved-config.js';

export type CallsParts = { settings: Settings; sandbox: boolean; log: Log; secrets: Secrets };

export type Calls = {
  caller: Caller & ConfigSource;
  runtime: Runtime;
  audit: AuditLog | undefined;
  /** The sandbox, where the calls go to one. */
  cloud: Sandbox | undefined;
};

/**
 * @param handOver how configurations leave; without it as files in the folder of the settings
 * @param store what is shared with other processes; without it the process remembers by itself
 */
export async function openCalls(
  { settings, sandbox, log, secrets }: CallsParts,
  handOver?: CallerParts['handOver'],
  store?: Store,
): Promise<Calls> {
  const cloud = sandbox ? await (await import('../sandbox/http.js')).openSandbox() : undefined;
  const runtime = createRuntime(
    settings,
    log,
    secrets,
    cloud && { endpoint: cloud.url, credentials: cloud.credentials },
    store,
  );
  const audit = settings.auditLog === undefined ? undefined : createAuditLog(settings.auditLog, log);
  const caller = createCaller({
    settings,
    runtime,
    audit,
    log,
    sandbox,
    handOver: handOver ?? (() => filesIn(runtime.folder)),
  });
  return { caller, runtime, audit, cloud };
}
