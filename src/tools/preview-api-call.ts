import { z } from 'zod/v3';
import { InvalidArgumentsError } from '../errors/errors.js';
import { quoted } from '../errors/external-text.js';
import { maskKeyId } from '../secrets.js';
import type { Credentials } from '../vpc/credentials.js';
import { ramAction } from '../vpc/ram-policy.js';
import { codeFor, SDKS } from './code-examples.js';

import { defineTool, type Tool } from './tool.js';

const DEFAULT_SDK = 'typescript';

/** @param tools those that can be previewed */
export function previewApiCall(tools: readonly Tool[]): Tool {
  return defineTool({
    name: 'preview_api_call',
    title: 'Preview an API call',
    description:
      'Shows the API request that a tool would send, the permissions it needs and the same call as code; sends nothing.',
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    actions: [],
    input: z
      .object({
        tool: z.string().describe('Name of the tool, e.g. create_ssl_vpn_client_cert'),
        arguments: z.object({}).passthrough().describe('Its arguments, e.g. {"region_id":"cn-beijing"}'),
        sdk: z.enum(SDKS).describe(`Code shown, default ${DEFAULT_SDK}, e.g. python`).optional(),
        signature: z.boolean().describe('Show what is signed too, e.g. true').optional(),
      })
      .strict(),
    output: z.object({
      sent: z.literal(false),
      // biome-ignore lint/suspicious/noThenProperty: a list of actions, which nothing takes for a promise
      then: z.array(z.string()).optional(),
      action: z.string(),
      method: z.string(),
      url: z.string(),
      parameters: z.record(z.string()),
      headers: z.record(z.string()),
      ram_actions: z.array(z.string()),
      sdk: z.enum(SDKS),
      code: z.string(),
      canonical_request: z.string().optional(),
      string_to_sign: z.string().optional(),
    }),
    async run({ tool: name, arguments: given, sdk = DEFAULT_SDK, signature = false }, context) {
      const tool = tools.find((candidate) => candidate.name === name);
      if (tool?.preview === undefined) {
        const accepted = tools.filter(({ preview }) => preview !== undefined).map((candidate) => candidate.name);
        throw new InvalidArgumentsError([
          `tool: ${quoted(name)} is no tool that calls the API. Accepted: ${accepted.join(', ')}.`,
        ]);
      }
      const { request, followedBy } = tool.preview(given, context);
      const keys = await context.budget.race(Promise.resolve(context.credentials.get())).catch(() => PLACEHOLDER);
      const { http, signed, url } = context.vpc.prepare(request, keys);
      return {
        sent: false as const,
        // biome-ignore lint/suspicious/noThenProperty: a list of actions, which nothing takes for a promise
        ...(followedBy && { then: followedBy }),
        action: request.action,
        method: http.method,
        url,
        parameters: { ...request.parameters },
        headers: {
          ...http.headers,
          ...(keys.securityToken !== undefined && { 'x-acs-security-token': '[security token]' }),
          authorization: signed.authorization
            .replace(keys.accessKeyId, maskKeyId(keys.accessKeyId))
            .replace(/Signature=.*/, 'Signature=[signature]'),
        },
        ram_actions: [...new Set([...tool.actions, ...(followedBy ?? [])])].map(ramAction),
        sdk,
        code: codeFor(sdk, { action: request.action, parameters: request.parameters, endpoint: http.origin }),
        ...(signature && { canonical_request: signed.canonicalRequest, string_to_sign: signed.stringToSign }),
      };
    },
  });
}

/** A request can be looked at before there is a key to sign it with. */
const PLACEHOLDER: Credentials = { accessKeyId: 'ACCESS_KEY_ID', accessKeySecret: 'ACCESS_KEY_SECRET' };
