/**
 * The SDK's transport over the pipes that the desk holds. In place of the SDK's own, which neither answers what it cannot
 * read nor knows when the last answer is out.
 */
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  isJSONRPCErrorResponse,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
  type JSONRPCMessage,
  type RequestId,
} from '@modelcontextprotocol/sdk/types.js';
import type { Prologue } from './desk.js';
import { INVALID_PARAMS } from './request-error.js';
import { INVALID_REQUEST, type Receiver, type Stdio } from './stdio.js';

/** As JSON-RPC 2.0 has it. */
const INTERNAL_ERROR = -32603;

export type EngineTransport = Transport &
  Receiver & {
    /** Tells the SDK what was said at the desk. @returns whether the SDK's answer was the desk's */
    retell(prologue: Prologue): Promise<boolean>;
  };

/** @param settled called when stdin has ended and every request has its answer; it may be called again */
export function createTransport(stdio: Stdio, settled: () => void): EngineTransport {
  /** How many answers are owed under each id: nothing keeps a client from using one twice. */
  const owed = new Map<RequestId, number>();
  let ended = false;
  let retold: ((answer: JSONRPCMessage) => void) | undefined;

  const transport: EngineTransport = {
    async start() {},
    async close() {
      transport.onclose?.();
    },
    async send(message) {
      if (isAnswer(message) && message.id === RETOLD_ID && retold !== undefined) return retold(message);
      stdio.write('error' in message ? { ...message, error: inOneLine(message.error) } : message);
      if (isAnswer(message) && message.id !== undefined) settle(message.id);
      await stdio.flushed();
    },
    message(value) {
      if (isJSONRPCRequest(value)) owed.set(value.id, (owed.get(value.id) ?? 0) + 1);
      else if (isJSONRPCNotification(value)) {
        if (value.method === 'notifications/cancelled') forget(value.params?.requestId);
      } else if (!isJSONRPCResultResponse(value) && !isJSONRPCErrorResponse(value)) return rejectInvalid(value);
      transport.onmessage?.(value);
    },
    end() {
      ended = true;
      if (owed.size === 0) settled();
    },
    async retell({ initialize, initialized }) {
      if (initialize === undefined) return true;
      const answer = new Promise<JSONRPCMessage>((resolve) => {
        retold = resolve;
      });
      transport.onmessage?.({ ...initialize.request, id: RETOLD_ID });
      const said = await answer;
      retold = undefined;
      if (initialized) transport.onmessage?.({ jsonrpc: '2.0', method: 'notifications/initialized' });
      return 'result' in said && JSON.stringify({ result: said.result }) === JSON.stringify(initialize.answer);
    },
  };
  return transport;

  function settle(id: RequestId): void {
    const count = (owed.get(id) ?? 0) - 1;
    if (count > 0) owed.set(id, count);
    else owed.delete(id);
    if (ended && owed.size === 0) settled();
  }

  /** A cancelled request gets no answer; the SDK takes 0 for no id at all. */
  function forget(requestId: unknown): void {
    if ((typeof requestId === 'string' || typeof requestId === 'number') && requestId !== 0 && owed.has(requestId))
      settle(requestId);
  }

  /** An answer that nobody can read is dropped: JSON-RPC knows no answer to an answer. */
  function rejectInvalid(message: unknown): void {
    const fields: Readonly<Record<string, unknown>> =
      typeof message === 'object' && message !== null && !Array.isArray(message) ? { ...message } : {};
    if (fields.method === undefined && ('result' in fields || 'error' in fields)) return;
    const { id } = fields;
    const known = typeof id === 'string' || Number.isSafeInteger(id) ? id : null;
    stdio.write({
      jsonrpc: '2.0',
      id: known,
      error: {
        code: INVALID_REQUEST,
        message: 'Invalid request: not a JSON-RPC 2.0 request object as MCP defines it',
      },
    });
  }
}

/** Only until the desk's conversation has been told, and no client of that time is answered under it. */
const RETOLD_ID = 'front-desk';

type ErrorObject = { code: number; message: string; data?: unknown };

/**
 * The SDK puts the code into the message as well, and answers parameters that do not fit its schemas with an internal
 * error that holds zod's whole report.
 */
export function inOneLine({ code, message, ...rest }: ErrorObject): ErrorObject {
  const issues = code === INTERNAL_ERROR ? zodIssues(message) : undefined;
  if (issues !== undefined) return { code: INVALID_PARAMS, message: `Invalid params: ${issues}` };
  return { code, message: message.replace(/^MCP error -?\d+: /, ''), ...rest };
}

function zodIssues(message: string): string | undefined {
  if (!message.startsWith('[')) return undefined;
  try {
    const issues: { path?: unknown[]; message?: string }[] = JSON.parse(message);
    return issues
      .slice(0, 3)
      .map(({ path = [], message: what = '' }) => `${path.join('.')}: ${what}`.slice(0, 200))
      .join('; ');
  } catch {
    return undefined;
  }
}

function isAnswer(
  message: JSONRPCMessage,
): message is Extract<JSONRPCMessage, { id?: RequestId }> & ({ result: unknown } | { error: unknown }) {
  return !('method' in message) && 'id' in message;
}
