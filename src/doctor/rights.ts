/** What the access file gives to somebody. */
import { readFile } from 'node:fs/promises';
import { readAccessFile } from '../access/access-file.js';
import type { Claims } from '../access/name-template.js';
import { visible } from '../errors/external-text.js';
import type { Grant, Rights } from '../policy.js';
import { TOOL_NAMES } from '../tools/names.js';
import type { Check } from './check.js';

const REMEDY = 'Correct the file; README has its form.';

/** @param claimsPath file with the claims of a token, as JSON; undefined checks the access file alone */
export async function rightsChecks(accessPath: string, claimsPath: string | undefined): Promise<Check[]> {
  const name = 'access_file';
  try {
    const rules = await readAccessFile(accessPath);
    const check: Check = { name, status: 'ok', detail: `${accessPath}: ${rules.count} rules` };
    return claimsPath === undefined ? [check] : [check, ...(await rightsOf(claimsPath, rules.rightsOf))];
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    return [{ name, status: 'failed', detail: `${accessPath} cannot be used: ${why}`, remedy: REMEDY }];
  }
}

async function rightsOf(path: string, rights: (claims: Claims) => Rights): Promise<Check[]> {
  let claims: unknown;
  try {
    claims = JSON.parse(await readFile(path, 'utf8'));
  } catch {
    claims = undefined;
  }
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) {
    const detail = `${path} is no file with an object in JSON`;
    return [{ name: 'rights', status: 'failed', detail, remedy: 'Put the claims of a token into it.' }];
  }
  const { grantsFor } = rights({ ...claims });
  return TOOL_NAMES.map((tool) => {
    const grants = grantsFor(tool);
    const detail = grants.length === 0 ? 'not allowed' : grants.map(inWords).join('; or ');
    return { name: tool, status: 'ok', detail: visible(detail, 1_000) };
  });
}

function inWords({ regions, servers, names }: Grant): string {
  const limits = [
    regions && `regions ${regions.join(', ')}`,
    servers && `servers ${servers.join(', ')}`,
    names && `names ${names.shown.join(', ')}`,
  ].filter((limit) => limit !== undefined);
  return limits.length === 0 ? 'allowed' : `allowed for ${limits.join(', ')}`;
}
