/** What can be checked without a network: Node, settings, folder, audit log. */
import type { AuditLog } from '../audit.js';
import type { PrivateFolder } from '../files/private-folder.js';
import { OPTIONS, type Settings } from '../settings.js';
import { proxyFor } from '../vpc/proxy.js';
import { type Check, failed } from './check.js';

/** As "engines" in package.json has it. */
const OLDEST_NODE = [20, 18, 1] as const;

export function nodeVersion(): Check {
  const version = process.versions.node.split('.').map(Number);
  const detail = `Node ${process.versions.node}`;
  const first = OLDEST_NODE.findIndex((part, index) => part !== version[index]);
  if (first < 0 || (version[first] ?? 0) > (OLDEST_NODE[first] ?? 0)) return { name: 'node', status: 'ok', detail };
  return { name: 'node', status: 'failed', detail, remedy: `Install Node ${OLDEST_NODE.join('.')} or later.` };
}

/** @param origin of the endpoint */
export function settingsCheck(settings: Settings, origin: string): Check {
  const values = new Map(Object.entries(settings));
  const set = Object.entries(OPTIONS).flatMap(([name, { flag }]) => {
    const from = settings.origins.get(flag);
    return from === undefined ? [] : [`${flag.slice(2)} ${String(values.get(name))} (${from})`];
  });
  const proxy = proxyFor(origin, settings.proxies);
  if (proxy !== undefined) set.push(`proxy ${new URL(proxy).host} (environment)`);
  const detail = set.length === 0 ? 'all at their defaults' : set.join(', ');
  const region = settings.region === undefined ? '; no default region, so each call names its own' : '';
  return { name: 'settings', status: 'ok', detail: `${detail}${region}` };
}

export async function outputFolder(folder: PrivateFolder): Promise<Check> {
  const name = 'output_folder';
  try {
    const { path, exists, warning } = await folder.check();
    if (warning !== undefined) return { name, status: 'warning', detail: warning.why, remedy: warning.remedy };
    return { name, status: 'ok', detail: exists ? path : `${path} (will be made when first needed)` };
  } catch (error) {
    return failed(name, error);
  }
}

export async function auditLog(audit: AuditLog | undefined, path: string | undefined): Promise<Check[]> {
  if (audit === undefined || path === undefined) return [];
  const name = 'audit_log';
  try {
    await audit.check();
    return [{ name, status: 'ok', detail: path }];
  } catch (error) {
    return [failed(name, error)];
  }
}
