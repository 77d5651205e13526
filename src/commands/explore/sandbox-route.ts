/** The sandbox's switches, and the log of what reached it, for the page alone. */
import { z } from 'zod/v3';
import type { Access } from '../../mcp/http/access.js';
import { type Reply, type Route, refusal } from '../../mcp/http/reply.js';
import { FAULTS } from '../../sandbox/faults.js';
import type { RequestRecord, Sandbox } from '../../sandbox/http.js';

const PATH = '/sandbox';
const MAX_SHOWN = 200;

const conditions = z
  .object({
    fault: z.enum(FAULTS).nullable(),
    /** The action that the fault strikes; null for every one. */
    action: z.string().max(64).nullable(),
    latency_ms: z.number().int().min(0).max(10_000),
    /** How many requests are let through; null for any number. */
    per_second: z.number().min(0.1).max(100).nullable(),
  })
  .strict();
type Shown = z.infer<typeof conditions>;

/** GET answers the conditions and the log; POST sets the conditions first. */
export function sandboxRoute(cloud: Sandbox, access: Access): Route {
  let shown: Shown = { fault: null, action: null, latency_ms: 0, per_second: null };
  return ({ method, path, authorization, json }) =>
    path === PATH && (method === 'GET' || method === 'POST') ? answer(method, authorization, json) : undefined;

  async function answer(
    method: string,
    authorization: string | undefined,
    json: () => Promise<{ json: unknown } | Reply | undefined>,
  ): Promise<Reply> {
    const found = await access.identify(authorization);
    if ('refused' in found) return found.refused;
    if (method === 'POST') {
      const read = await json();
      if (read === undefined || 'status' in read) return read ?? refusal(400, 'There is no body.');
      const parsed = conditions.safeParse(read.json);
      if (!parsed.success) return refusal(400, 'These are no conditions of the sandbox.');
      shown = parsed.data;
      apply(cloud, shown);
    }
    const state = {
      faults: FAULTS,
      conditions: shown,
      requests: cloud.requests.slice(-MAX_SHOWN).reverse().map(inLog),
    };
    return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(state) };
  }
}

function apply(cloud: Sandbox, { fault, action, latency_ms, per_second }: Shown): void {
  cloud.setConditions({
    latencyMs: latency_ms,
    ...(per_second !== null && { rateLimit: { kind: 'bucket', perSecond: per_second } }),
    ...(fault !== null && {
      fault: (request) => (action === null || request.action === action ? fault : undefined),
    }),
  });
}

function inLog({ at, action, parameters, earlier, status, code }: RequestRecord) {
  return { at, action, parameters, attempt: earlier + 1, status, code };
}
