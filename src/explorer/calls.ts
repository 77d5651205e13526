/** The calls of this page, for as long as it is open. */

import { type CallOptions, LinkError, type ToolAnswer } from './link/mcp.js';
import { type Fields, fieldsOf, numberOf, textOf } from './link/values.js';
import type { Page } from './page.js';
import { askPerson } from './question.js';
import { createStore } from './store.js';

export type CallRecord = {
  id: number;
  /** Unix ms. */
  at: number;
  tool: string;
  args: Fields;
  ms: number;
  /** ok, an error code, or how it ended without an answer. */
  outcome: string;
  isError: boolean;
  attempts: number | undefined;
  requestId: string;
};

export const calls = createStore<readonly CallRecord[]>([]);

const MAX_KEPT = 500;
let lastId = 0;

/** Makes a call in the name of the person, who is asked where the call asks. @throws as Mcp.callTool */
export async function makeCall(
  { mcp, tools, offers }: Page,
  tool: string,
  args: Fields,
  options: CallOptions = {},
): Promise<ToolAnswer> {
  const at = Date.now();
  const begun = performance.now();
  const changes = tools.find(({ name }) => name === tool)?.annotations.readOnlyHint !== true;
  const record = (outcome: string, isError: boolean, about: Fields = {}): void => {
    lastId += 1;
    const kept = calls.get().slice(0, MAX_KEPT - 1);
    const { attempts, request_id } = about;
    const known = attempts !== undefined ? numberOf(attempts) : request_id !== undefined && !isError ? 1 : undefined;
    const ms = Math.round(performance.now() - begun);
    calls.set([
      { id: lastId, at, tool, args, ms, outcome, isError, attempts: known, requestId: textOf(request_id) },
      ...kept,
    ]);
  };
  try {
    const answer = await mcp.callTool(tool, args, { ask: askPerson, ...options });
    if (answer.isError) {
      const error = fieldsOf(answer.structured.error);
      record(textOf(error.code), true, error);
    } else record('ok', false, answer.structured);
    return answer;
  } catch (error) {
    record(error instanceof LinkError ? 'lost' : 'cancelled', true);
    throw error;
  } finally {
    if (changes) offers.forget();
  }
}
