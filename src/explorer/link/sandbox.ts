/** The sandbox's switches and its log, as the process serves them beside MCP. */
import type { Mcp } from './mcp.js';

export type Conditions = {
  fault: string | null;
  action: string | null;
  latency_ms: number;
  per_second: number | null;
};

export type SandboxState = {
  faults: readonly string[];
  conditions: Conditions;
  requests: readonly {
    at: number;
    action: string;
    parameters: Readonly<Record<string, string>>;
    attempt: number;
    status: number;
    code?: string;
  }[];
};

/** @throws LinkError */
export async function sandboxState({ send }: Mcp, conditions?: Conditions): Promise<SandboxState> {
  const response = await send(
    '/sandbox',
    conditions && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(conditions),
    },
  );
  return response.json();
}
