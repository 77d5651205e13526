import { z } from 'zod/v3';
import { type CatalogueEntry, SOURCES } from '../errors/catalogue.js';
import { findCode } from '../errors/find-code.js';
import { nextSteps } from './results.js';
import { defineTool } from './tool.js';

export default defineTool({
  name: 'explain_error',
  title: 'Explain an error code',
  description: 'Explains an error code: cause, what to do, whether to retry. Failed calls here are explained already.',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  actions: [],
  input: z
    .object({ code: z.string().min(1).max(128).describe('Code or prefix, e.g. Forbbiden.SubUser or Throttling.*') })
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
    if (found.match !== 'none') return { match: found.match, ...described(found.entry) };
    return {
      match: 'none' as const,
      candidates: found.candidates.map((entry) => ({ code: entry.code, explanation: entry.cause })),
    };
  },
});

function described(entry: CatalogueEntry) {
  const url = SOURCES[entry.source];
  return {
    code: entry.code,
    category: entry.category,
    ...(entry.httpStatus !== undefined && { http_status: entry.httpStatus }),
    explanation: entry.cause,
    // In general, so without what only the answer of a failed call can have.
    next_steps: entry.steps.filter(({ needs }) => needs === undefined).map(({ text }) => text),
    retryable: entry.retryable,
    effect: MAY_HAVE_ACTED.has(entry.category) ? LEFT_OPEN : NOTHING_CHANGED,
    ...(url !== undefined && { documentation_url: url }),
  };
}

/** Categories of failures that can come after the service has acted. */
const MAY_HAVE_ACTED = new Set<CatalogueEntry['category']>(['service', 'network', 'internal']);
const NOTHING_CHANGED = 'Such a call changes nothing.';
const LEFT_OPEN =
  'Such a call may have been carried out: repeat it with the same arguments, and with the client_token of its error where it gives one.';
