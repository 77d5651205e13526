import type { CallFacts } from '../errors/errors.js';
import { fix } from '../errors/steps.js';
import { maskKeyId } from '../secrets.js';
import type { ToolContext } from '../tools/tool.js';
import type { Credentials } from '../vpc/credentials.js';
import type { Finding } from './finding.js';

/** Says what looks wrong with the credentials, never what they are. */
export async function suspiciousCredentials(
  { clockOffsetSeconds }: CallFacts,
  { credentials }: Pick<ToolContext, 'credentials'>,
): Promise<Finding> {
  const keys = await credentials.get();
  const problems = credentialProblems(keys);
  return {
    facts: {
      access_key_id: maskKeyId(keys.accessKeyId),
      credentials_from: credentials.source() ?? 'unknown',
      ...(problems.length > 0 && { problems }),
      ...(clockOffsetSeconds !== undefined && { clock_behind_seconds: clockOffsetSeconds }),
    },
    steps: problems.map((problem) => fix(`Correct this first: ${problem}.`)),
  };
}

/** What can be seen to be wrong with credentials without asking the service. */
export function credentialProblems({ accessKeyId, accessKeySecret, securityToken }: Credentials): string[] {
  const spaced = (text: string): boolean => /\s/.test(text);
  const wrapped = (text: string): boolean => /^["'].*["']$/.test(text.trim());
  const problems: string[] = [];
  if (spaced(accessKeyId)) problems.push('the key id has white space in it or around it');
  if (spaced(accessKeySecret)) problems.push('the secret has white space in it or around it');
  if (wrapped(accessKeyId) || wrapped(accessKeySecret)) problems.push('the key id or the secret is wrapped in quotes');
  if (!/^(LTAI|STS\.|TMP\.)/.test(accessKeyId.trim()))
    problems.push('the key id does not begin with LTAI, or with STS. as temporary ones do');
  if (/^STS\./.test(accessKeyId) && securityToken === undefined)
    problems.push('the key id is a temporary one, and its security token is missing');
  if (securityToken !== undefined && spaced(securityToken))
    problems.push('the security token has white space in it or around it');
  return problems;
}
