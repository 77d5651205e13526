/** Checks everything that a call depends on, each with its remedy. Reads only; changes nothing in the cloud. */
import { lookup } from 'node:dns/promises';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { connect } from 'node:tls';
import { credentialProblems } from '../diagnose/facts.js';
import { CallFailure, ConnectionError } from '../errors/errors.js';
import { explain } from '../errors/explain.js';
import { externalText } from '../errors/external-text.js';
import { createLog } from '../log.js';
import { createRuntime, type Runtime } from '../runtime.js';
import type { Settings } from '../settings.js';
import { nearest } from '../tools/nearest.js';
import { describeRegions, describeSslVpnServers } from '../vpc/actions.js';
import type { ApiRequest } from '../vpc/client.js';
import { CENTRAL_REGION, vpcEndpoint } from '../vpc/endpoints.js';
import { connectionError, openHttpPool } from '../vpc/http.js';
import { ramPolicy } from '../vpc/ram-policy.js';
import { maskKeyId } from '../vpc/redact.js';
import { httpDate } from '../vpc/response.js';

export type Check = { name: string; status: 'ok' | 'warning' | 'failed'; detail: string; remedy?: string };

/** A check that waits for the network is given up after this. */
const MOST_MS = 8_000;
/** Calls are corrected beyond that; a clock that is off so far is worth setting all the same. */
const CLOCK_TOLERANCE_MS = 60_000;

/** @returns the exit code: 0 only when no check failed */
export async function runDoctor(settings: Settings, options: { sandbox: boolean; json: boolean }): Promise<number> {
  const sandbox = options.sandbox ? await (await import('../sandbox/http.js')).openSandbox() : undefined;
  const log = createLog('error', () => {});
  const cloud = sandbox && { endpoint: sandbox.url, credentials: sandbox.credentials };
  const checks = await runChecks(settings, createRuntime(settings, log, cloud), cloud?.endpoint ?? settings.endpoint);
  await sandbox?.close();
  const ok = checks.every(({ status }) => status !== 'failed');
  process.stdout.write(
    options.json ? `${JSON.stringify({ ok, checks }, null, 2)}\n` : report(checks, process.stdout.isTTY),
  );
  return ok ? 0 : 1;
}

async function runChecks(settings: Settings, runtime: Runtime, override: string | undefined): Promise<Check[]> {
  const region = settings.region ?? settings.allowRegions?.[0];
  const origin = vpcEndpoint(region ?? CENTRAL_REGION, override);
  const local = [
    nodeVersion(),
    settingsCheck(settings),
    await outputFolder(settings.outputDir),
    ...(await auditLog(settings)),
  ];
  const credentials = await credentialsCheck(runtime);
  const network = await networkChecks(origin, settings);
  // With no way to the service or no key, the calls can only fail for the reason that stands above them already.
  const reachable = [credentials, ...network].every(({ status }) => status !== 'failed');
  const calls = reachable ? await permissionChecks(runtime, region) : [];
  return [...local, credentials, ...network, ...calls];
}

function nodeVersion(): Check {
  const [major = 0, minor = 0, patch = 0] = process.versions.node.split('.').map(Number);
  const detail = `Node ${process.versions.node}`;
  if (major > 20 || (major === 20 && (minor > 18 || (minor === 18 && patch >= 1))))
    return { name: 'node', status: 'ok', detail };
  return { name: 'node', status: 'failed', detail, remedy: 'Install Node 20.18.1 or later.' };
}

function settingsCheck({ origins, ...settings }: Settings): Check {
  const shown: Readonly<Record<string, unknown>> = {
    ...settings,
    profile: settings.profile ?? 'default',
    timeout: settings.timeoutMs,
    deadline: settings.deadlineMs,
  };
  const set = Object.entries(origins)
    .filter(([, origin]) => origin !== 'default')
    .map(([name, origin]) => `${name} ${String(shown[name])} (${origin})`);
  const proxy = settings.proxies.https ?? settings.proxies.http;
  if (proxy !== undefined) set.push(`proxy ${URL.canParse(proxy) ? new URL(proxy).host : 'unreadable'} (environment)`);
  const detail = set.length === 0 ? 'all at their defaults' : set.join(', ');
  if (settings.region !== undefined) return { name: 'settings', status: 'ok', detail };
  return { name: 'settings', status: 'ok', detail: `${detail}; no default region, so each call names its own` };
}

async function outputFolder(path: string): Promise<Check> {
  const name = 'output_folder';
  try {
    const found = await stat(path);
    if (!found.isDirectory())
      return {
        name,
        status: 'failed',
        detail: `${path} is a file`,
        remedy: 'Move it away, or set another --output-dir.',
      };
    await access(path, constants.W_OK);
    if ((found.mode & 0o077) !== 0 && process.platform !== 'win32') {
      return {
        name,
        status: 'warning',
        detail: `${path} is open to others on this machine; the files in it are not`,
        remedy: `chmod 700 ${path}`,
      };
    }
    return { name, status: 'ok', detail: path };
  } catch (error) {
    if (!isMissing(error))
      return {
        name,
        status: 'failed',
        detail: `${path} cannot be written to`,
        remedy: 'Give this user the right to write there, or set another --output-dir.',
      };
    const parent = await firstThatExists(dirname(path));
    const writable = await access(parent, constants.W_OK).then(
      () => true,
      () => false,
    );
    if (writable) return { name, status: 'ok', detail: `${path} (will be made when first needed)` };
    return {
      name,
      status: 'failed',
      detail: `${path} cannot be made: ${parent} is not writable`,
      remedy: 'Set another --output-dir.',
    };
  }
}

async function auditLog({ auditLog: path }: Settings): Promise<Check[]> {
  if (path === undefined) return [];
  const name = 'audit_log';
  const writable = await stat(path)
    .catch(() => stat(dirname(path)).then((folder) => (folder.isDirectory() ? folder : Promise.reject())))
    .then((found) => access(found.isDirectory() ? dirname(path) : path, constants.W_OK))
    .then(
      () => true,
      () => false,
    );
  if (writable) return [{ name, status: 'ok', detail: path }];
  return [
    {
      name,
      status: 'failed',
      detail: `${path} cannot be written to, so every changing call is refused`,
      remedy: 'Give this user the right to write there, or set another --audit-log.',
    },
  ];
}

async function credentialsCheck({ credentials }: Runtime): Promise<Check> {
  const name = 'credentials';
  try {
    const keys = await within(MOST_MS, 'the credentials provider', Promise.resolve(credentials.get()));
    const source = credentials.source() ?? 'unknown';
    const detail = `${maskKeyId(keys.accessKeyId)} from ${source}${keys.securityToken === undefined ? '' : ', temporary'}`;
    // The sandbox's own key is of no real form.
    const problems = source === 'sandbox' ? [] : credentialProblems(keys);
    if (problems.length === 0) return { name, status: 'ok', detail };
    return {
      name,
      status: 'warning',
      detail: `${detail}: ${problems.join('; ')}`,
      remedy: 'Correct the variables, and keep them on one line without quotes.',
    };
  } catch (error) {
    const { message, next_steps } = explain(error);
    return { name, status: 'failed', detail: message, remedy: next_steps[0] ?? '' };
  }
}

async function networkChecks(origin: string, settings: Settings): Promise<Check[]> {
  const { hostname, host, protocol, port } = new URL(origin);
  const checks: Check[] = [];
  const proxied = settings.proxies.https !== undefined || settings.proxies.http !== undefined;
  if (proxied && protocol === 'https:') {
    checks.push({ name: 'name_resolution', status: 'ok', detail: `${host}: left to the proxy` });
  } else {
    checks.push(await nameResolution(hostname));
    if (checks[0]?.status === 'ok' && protocol === 'https:') checks.push(await tlsCheck(hostname, Number(port || 443)));
  }
  if (checks.some(({ status }) => status === 'failed')) return checks;
  return [...checks, await clock(origin, settings)];
}

async function nameResolution(hostname: string): Promise<Check> {
  const name = 'name_resolution';
  try {
    const { address } = await within(MOST_MS, 'the name server', lookup(hostname.replace(/^\[|\]$/g, '')));
    return { name, status: 'ok', detail: `${hostname} is ${address}` };
  } catch (error) {
    const { message, next_steps } = explain(
      error instanceof ConnectionError ? error : connectionError(error, hostname, false),
    );
    return { name, status: 'failed', detail: message, remedy: next_steps[0] ?? '' };
  }
}

function tlsCheck(hostname: string, port: number): Promise<Check> {
  const name = 'tls';
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port, servername: hostname, timeout: MOST_MS }, () => {
      resolve({ name, status: 'ok', detail: `${socket.getProtocol()} with ${hostname}` });
      socket.destroy();
    });
    const fail = (error: Error): void => {
      const { message, next_steps } = explain(connectionError(error, hostname, false));
      resolve({ name, status: 'failed', detail: message, remedy: next_steps[0] ?? '' });
      socket.destroy();
    };
    socket.on('error', fail);
    socket.on('timeout', () => fail(Object.assign(new Error(), { code: 'ETIMEDOUT' })));
  });
}

/** Any answer of the service has its date, even the refusal of a request that is not signed. */
async function clock(origin: string, settings: Settings): Promise<Check> {
  const name = 'clock';
  const pool = await openHttpPool(settings.proxies, MOST_MS);
  try {
    const { headers } = await pool.send(
      { origin, path: '/', method: 'POST', headers: { accept: 'application/json' } },
      { timeoutMs: MOST_MS },
    );
    const time = httpDate(headers.date);
    if (time === undefined)
      return {
        name,
        status: 'warning',
        detail: 'the endpoint gives no date',
        remedy: 'Check that the endpoint is that of the VPC API.',
      };
    const offset = time - Date.now();
    const seconds = Math.round(Math.abs(offset) / 1000);
    if (Math.abs(offset) <= CLOCK_TOLERANCE_MS)
      return { name, status: 'ok', detail: `within ${seconds} s of the service` };
    return {
      name,
      status: 'warning',
      detail: `${seconds} s ${offset > 0 ? 'behind' : 'ahead of'} the service; beyond 900 s each call needs a second attempt with the corrected time`,
      remedy: 'Set the clock of this machine, or turn on its time synchronisation.',
    };
  } catch (error) {
    const { message, next_steps } = explain(error);
    return { name: 'connection', status: 'failed', detail: message, remedy: next_steps[0] ?? '' };
  } finally {
    await pool.close();
  }
}

async function permissionChecks(runtime: Runtime, region: string | undefined): Promise<Check[]> {
  const regions = await call(runtime, describeRegions(region ?? CENTRAL_REGION));
  if ('check' in regions) return [regions.check];
  const ids = regions.value.Regions.map(({ RegionId }) => RegionId);
  const checks: Check[] = [{ name: 'DescribeRegions', status: 'ok', detail: `allowed; ${ids.length} regions` }];
  if (region === undefined) {
    checks.push({
      name: 'DescribeSslVpnServers',
      status: 'warning',
      detail: 'not tried: there is no default region',
      remedy: 'Run it with --region to try it there.',
    });
    return checks;
  }
  if (!ids.includes(region)) {
    checks.push({
      name: 'region',
      status: 'failed',
      detail: `the account has no region ${region}`,
      remedy: `Set --region to one of: ${(nearest(region, ids).length > 0 ? nearest(region, ids) : ids).join(', ')}.`,
    });
    return checks;
  }
  const servers = await call(runtime, describeSslVpnServers(region, {}, 1));
  checks.push(
    'check' in servers
      ? servers.check
      : {
          name: 'DescribeSslVpnServers',
          status: 'ok',
          detail: `allowed; ${servers.value.TotalCount} servers in ${region}`,
        },
  );
  return checks;
}

async function call<Value>({ vpc }: Runtime, request: ApiRequest<Value>): Promise<{ value: Value } | { check: Check }> {
  try {
    return await vpc.call(request, { deadline: performance.now() + MOST_MS });
  } catch (error) {
    const { code, message, category, next_steps } = explain(error);
    const regionId = error instanceof CallFailure ? error.facts.regionId : '';
    const remedy =
      category === 'permission'
        ? `Ask the administrator to attach this policy: ${JSON.stringify(ramPolicy([request.action], { regionId }))}`
        : (next_steps[0] ?? '');
    return {
      check: { name: request.action, status: 'failed', detail: `${code}: ${externalText(message, 300)}`, remedy },
    };
  }
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

async function within<T>(ms: number, who: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const facts = { problem: 'timeout', host: who, systemCode: undefined, sent: false } as const;
    timer = setTimeout(() => reject(new ConnectionError(`${who} did not answer within ${ms} ms`, facts)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

async function firstThatExists(path: string): Promise<string> {
  const found = await access(path).then(
    () => true,
    () => false,
  );
  return found || dirname(path) === path ? path : firstThatExists(dirname(path));
}
