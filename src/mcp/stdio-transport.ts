/**
 * A transport over the pipes that the desk holds, for either SDK. In place of their own, which neither answer what they
 * cannot read nor know when the last answer is out.
 */
import type { RequestId } from './first-answers.js';
import { INVALID_PARAMS } from './request-error.js';
import { INVALID_REQUEST, type Receiver, type Stdio } from './stdio.js';

/** As JSON-RPC 2.0 has it. */
const INTERNAL_ERROR = -32603;

/** What an SDK takes for a message of each kind. */
export type MessageKinds<Message> = {
  isRequest(value: unknown): value is Message & { id: RequestId };
  isNotification(value: unknown): value is Message & { method: string; params?: { requestId?: unknown } | undefined };
  isAnswer(value: unknown): value is Message;
};

export type StdioTransport<Message> = Receiver & {
  start(): Promise<void>;
  close(): Promise<void>;
  send(message: Message): Promise<void>;
  onclose?: (() => void) | undefined;
  onmessage?: ((message: Message) => void) | undefined;
};

type ErrorObject = { code: number; message: string; data?: unknown };

/** @param settled called when stdin has ended and every request has its answer; it may be called again */
export function createStdioTransport<Message extends object>(
  stdio: Stdio,
  settled: () => void,
  { isRequest, isNotification, isAnswer }: MessageKinds<Message>,
): StdioTransport<Message> {
  /** How many answers are owed under each id: nothing keeps a client from using one twice. */
  const owed = new Map<RequestId, number>();
  let ended = false;

  const transport: StdioTransport<Message> = {
    async start() {},
    async close() {
      transport.onclose?.();
    },
    async send(message) {
      stdio.write(withErrorInOneLine(message));
      if (!('method' in message) && 'id' in message && isRequestId(message.id)) settle(message.id);
      await stdio.flushed();
    },
    message(value) {
      if (isRequest(value)) owed.set(value.id, (owed.get(value.id) ?? 0) + 1);
      else if (isNotification(value)) {
        if (value.method === 'notifications/cancelled') forget(value.params?.requestId);
      } else if (!isAnswer(value)) return rejectInvalid(value);
      transport.onmessage?.(value);
    },
    end() {
      ended = true;
      if (owed.size === 0) settled();
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

function isRequestId(value: unknown): value is RequestId {
  return typeof value === 'string' || typeof value === 'number';
}

function withErrorInOneLine(message: object): object {
  return 'error' in message && isErrorObject(message.error) ? { ...message, error: inOneLine(message.error) } : message;
}

function isErrorObject(value: unknown): value is ErrorObject {
  return typeof value === 'object' && value !== null && 'code' in value && 'message' in value;
}

/** One SDK puts the code into the message as well, and both answer parameters that do not fit with zod's whole report. */
export function inOneLine({ code, message, ...rest }: ErrorObject): ErrorObject {
  const isAboutParams = code === INTERNAL_ERROR || code === INVALID_PARAMS;
  const issues = isAboutParams ? zodIssues(message.replace(/^Invalid [\w/]+ request: /, '')) : undefined;
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
