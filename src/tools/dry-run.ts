/** A look at a call before it is made: the request as it would go out, less the credentials, and the same call as code. */
import { z } from 'zod/v3';
import type { ApiRequest } from '../vpc/client.js';
import type { Credentials } from '../vpc/credentials.js';
import { ramAction } from '../vpc/ram-policy.js';
import { maskKeyId } from '../vpc/redact.js';
import { codeFor, SDKS } from './code-examples.js';
import type { ToolContext } from './tool.js';

export const dryRunFlag = z.boolean().describe('Only show the call, e.g. true').optional();
export const sdkName = z.enum(SDKS).describe('Code shown, e.g. python').optional();

export const preview = z.object({
  action: z.string(),
  method: z.string(),
  url: z.string(),
  parameters: z.record(z.string()),
  headers: z.record(z.string()),
  canonical_request: z.string(),
  string_to_sign: z.string(),
  ram_actions: z.array(z.string()),
  sdk: z.enum(SDKS),
  code: z.string(),
});

/** @param actions all that the tool calls, of which the request is the one that it is about */
export async function previewOf(
  request: ApiRequest<unknown>,
  actions: readonly string[],
  sdk: (typeof SDKS)[number] | undefined,
  { vpc, credentials }: ToolContext,
): Promise<z.infer<typeof preview>> {
  const keys = await Promise.resolve(credentials.get()).catch(() => PLACEHOLDER);
  const { http, signed, url } = vpc.prepare(request, keys);
  const masked = (text: string): string =>
    keys.securityToken === undefined ? text : text.replaceAll(keys.securityToken, '[security token]');
  const headers = Object.fromEntries(Object.entries(http.headers).map(([name, value]) => [name, masked(value)]));
  headers.authorization = signed.authorization
    .replace(keys.accessKeyId, maskKeyId(keys.accessKeyId))
    .replace(/Signature=.*/, 'Signature=[signature]');
  const language = sdk ?? 'typescript';
  return {
    action: request.action,
    method: http.method,
    url,
    parameters: { ...request.parameters },
    headers,
    canonical_request: masked(signed.canonicalRequest),
    string_to_sign: signed.stringToSign,
    ram_actions: actions.map(ramAction),
    sdk: language,
    code: codeFor(language, { action: request.action, parameters: request.parameters, endpoint: http.origin }),
  };
}

/** A request can be looked at before there is a key to sign it with. */
const PLACEHOLDER: Credentials = { accessKeyId: 'ACCESS_KEY_ID', accessKeySecret: 'ACCESS_KEY_SECRET' };
