/** Checks everything that a call depends on, each with its remedy. Reads only; changes nothing in the cloud. */
import { createAuditLog } from '../audit.js';
import { credentialsCheck, identityCheck, permissionChecks } from '../doctor/account.js';
import type { Check } from '../doctor/check.js';
import { auditLog, nodeVersion, outputFolder, settingsCheck } from '../doctor/machine.js';
import { networkChecks } from '../doctor/network.js';
import { rightsChecks } from '../doctor/rights.js';
import { present } from '../errors/external-text.js';
import { createRuntime, type Runtime } from '../runtime.js';
import { createSecrets } from '../secrets.js';
import type { Settings } from '../settings.js';
import { takeStderr } from '../stderr.js';
import { CENTRAL_REGION, vpcEndpoint } from '../vpc/endpoints.js';

export type DoctorOptions = {
  settings: Settings;
  sandbox: boolean;
  json: boolean;
  accessFile: string | undefined;
  /** Of whom to say what they may. */
  claimsFile: string | undefined;
};

/** @returns the exit code: 0 only when no check failed */
export async function runDoctor({ settings, sandbox, json, accessFile, claimsFile }: DoctorOptions): Promise<number> {
  const secrets = createSecrets(settings.credentials);
  const log = takeStderr('error', secrets);
  const cloud = sandbox ? await (await import('../sandbox/http.js')).openSandbox() : undefined;
  const checks = present(secrets.clean(await runChecks()));
  await cloud?.close();
  const ok = checks.every(({ status }) => status !== 'failed');
  process.stdout.write(json ? `${JSON.stringify({ ok, checks }, null, 2)}\n` : report(checks, process.stdout.isTTY));
  return ok ? 0 : 1;

  async function runChecks(): Promise<Check[]> {
    const runtime = createRuntime(
      settings,
      log,
      secrets,
      cloud && { endpoint: cloud.url, credentials: cloud.credentials },
    );
    const region = settings.region ?? settings.allowRegions?.[0];
    const origin = vpcEndpoint(region ?? CENTRAL_REGION, cloud?.url ?? settings.endpoint);
    const audit = settings.auditLog === undefined ? undefined : createAuditLog(settings.auditLog, log);
    const local = [
      nodeVersion(),
      settingsCheck(settings, origin),
      await outputFolder(runtime.folder),
      ...(await auditLog(audit, settings.auditLog)),
      ...(accessFile === undefined ? [] : await rightsChecks(accessFile, claimsFile)),
    ];
    const credentials = await credentialsCheck(runtime);
    const network = await networkChecks(origin, settings.proxies);
    // With no way to the service or no key, the calls can only fail for the reason that stands above them already.
    const reachable = [credentials, ...network].every(({ status }) => status !== 'failed');
    return [...local, credentials, ...network, ...(reachable ? await accountChecks(runtime, region) : [])];
  }
}

async function accountChecks(runtime: Runtime, region: string | undefined): Promise<Check[]> {
  return [await identityCheck(runtime, region), ...(await permissionChecks(runtime, region))];
}

function report(checks: readonly Check[], colour: boolean): string {
  const paint = { ok: '\x1b[32m', warning: '\x1b[33m', failed: '\x1b[31m' };
  const width = Math.max(...checks.map(({ name }) => name.length));
  return checks
    .map(({ name, status, detail, remedy }) => {
      const mark = status.padEnd(7);
      const line = `${colour ? `${paint[status]}${mark}\x1b[0m` : mark}  ${name.padEnd(width)}  ${detail}`;
      return remedy === undefined ? `${line}\n` : `${line} -> ${remedy}\n`;
    })
    .join('');
}
