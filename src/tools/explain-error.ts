import { z } from 'zod/v3';
import { type CatalogueEntry, type OwnCode, pageOn } from '../errors/catalogue.js';
import { findCode } from '../errors/find-code.js';
import { stepTexts } from '../errors/steps.js';
import { nextSteps } from './results.js';
import { defineTool } from './tool.js';

export default defineTool({
  name: 'explain_error',
  title: 'Explain an error code',
  description: 'Explains an error code from elsewhere: cause and what to do.',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  actions: [],
  input: z
    .object({
      code: z
        .string()
        .refine((code) => code.length >= 1 && code.length <= 128)
        .describe('Code or prefix, e.g. Forbbiden.SubUser or Throttling.*'),
    })
    .strict(),
  output: z.object({
    match: z.enum(['exact', 'case', 'near', 'family', 'none']),
    code: z.string().optional(),
    category: z.string().optional(),
    http_status: z.number().optional(),
    explanation: z.string().optional(),
    next_steps: nextSteps.optional(),
    retryable: z.boolean().optional(),
    effect: z.string().optional(),
    documentation_url: z.string().optional(),
    candidates: z.array(z.object({ code: z.string(), explanation: z.string() })).optional(),
  }),
  async run({ code }) {
    const found = findCode(code);
    if (found.match !== 'none') return { match: found.match, ...describeEntry(found.entry) };
    return {
      match: 'none' as const,
      candidates: found.candidates.map((entry) => ({ code: entry.code, explanation: entry.cause })),
      ...(found.candidates.length === 0 && { next_steps: [UNKNOWN_STEP] }),
    };
  },
});

const UNKNOWN_STEP =
  'Read the message that came with the code, or search for the code in the documentation of the API.';

/** An entry of the catalogue in the form of an answer. */
export function describeEntry(entry: CatalogueEntry) {
  const url = pageOn(entry);
  return {
    code: entry.code,
    category: entry.category,
    ...(entry.httpStatus !== undefined && { http_status: entry.httpStatus }),
    explanation: entry.cause,
    // No call failed, so there is nothing that only the answer of one has.
    next_steps: stepTexts(entry.steps, {}),
    retryable: entry.retryable,
    effect: mayHaveActed(entry) ? MAY_HAVE_CHANGED : NOTHING_CHANGED,
    ...(url !== undefined && { documentation_url: url }),
  };
}

function mayHaveActed({ code, httpStatus }: CatalogueEntry): boolean {
  return httpStatus === undefined ? OWN_AFTER_SENDING.has(code) : httpStatus >= 500;
}

/** Codes of our own that a call can end with after its request was sent. */
const OWN_AFTER_SENDING: ReadonlySet<string> = new Set<OwnCode>([
  'Client.Network',
  'Client.Timeout',
  'Client.MalformedResponse',
  'Client.Cancelled',
  'Client.Internal',
]);
const NOTHING_CHANGED = 'Nothing was changed, unless the error of the call itself says otherwise.';
const MAY_HAVE_CHANGED =
  'The change may have been made: repeat the call with the same arguments and, if its error gives one, the client_token.';
