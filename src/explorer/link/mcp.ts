/** A small MCP client of revision 2026-07-28: one POST a request, without a session. */
import { messagesOf } from './events.js';
import { type Fields, fieldsOf, isFields, listOf, numberOf, textOf } from './values.js';

const REVISION = '2026-07-28';
const META = {
  'io.modelcontextprotocol/protocolVersion': REVISION,
  'io.modelcontextprotocol/clientCapabilities': { elicitation: {} },
  'io.modelcontextprotocol/clientInfo': { name: 'ssl-vpn-explorer', version: '1' },
};

export type Progress = { done: number; total: number; message: string };

export type Question = { message: string; consent: string };
export type Reply = 'accept' | 'decline' | 'cancel';

export type CallOptions = {
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
  /** Puts a question to the person; without it, every question is cancelled. */
  ask?: (question: Question) => Promise<Reply>;
};

export type ToolAnswer = { structured: Fields; isError: boolean };

export type ListedTool = {
  name: string;
  title: string;
  description: string;
  inputSchema: Fields;
  annotations: Fields;
};

/** The process does not answer, or not to whoever has this secret. */
export class LinkError extends Error {
  override readonly name = 'LinkError' as const;

  constructor(readonly reason: 'gone' | 'secret' | 'protocol') {
    super(reason);
  }
}

export type Mcp = {
  listTools(): Promise<ListedTool[]>;
  /** @throws LinkError, or an AbortError once cancelled */
  callTool(name: string, args: Fields, options?: CallOptions): Promise<ToolAnswer>;
  readResource(uri: string): Promise<string>;
  /** What is served beside MCP, by the same secret. @throws LinkError */
  send(path: string, init?: RequestInit): Promise<Response>;
};

export function createMcp(secret: string): Mcp {
  let lastId = 0;

  return {
    async listTools() {
      const { tools } = await request('tools/list', {});
      return listOf(tools).map((tool): ListedTool => {
        const { name, title, description, inputSchema, annotations } = fieldsOf(tool);
        return {
          name: textOf(name),
          title: textOf(title),
          description: textOf(description),
          inputSchema: fieldsOf(inputSchema),
          annotations: fieldsOf(annotations),
        };
      });
    },

    async callTool(name, args, options = {}) {
      let more: Fields = {};
      for (;;) {
        const result = await request('tools/call', { name, arguments: args, ...more }, name, options);
        if (result.resultType !== 'input_required')
          return { structured: fieldsOf(result.structuredContent), isError: result.isError === true };
        more = {
          requestState: result.requestState,
          inputResponses: await answerAll(fieldsOf(result.inputRequests), options.ask),
        };
      }
    },

    async readResource(uri) {
      const { contents } = await request('resources/read', { uri }, uri);
      return textOf(fieldsOf(listOf(contents)[0]).text);
    },

    send,
  };

  async function send(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { ...init.headers, authorization: `Bearer ${secret}` };
    const response = await fetch(path, { ...init, headers, cache: 'no-store', credentials: 'omit' }).catch(
      (error: unknown) => {
        throw init.signal?.aborted ? error : new LinkError('gone');
      },
    );
    if (response.status === 401) throw new LinkError('secret');
    return response;
  }

  async function request(
    method: string,
    params: Fields,
    subject?: string,
    { signal, onProgress }: CallOptions = {},
  ): Promise<Fields> {
    lastId += 1;
    const id = lastId;
    const response = await send('/mcp', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': REVISION,
        'mcp-method': method,
        ...(subject !== undefined && { 'mcp-name': subject }),
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id,
        method,
        params: { ...params, _meta: { ...META, ...(onProgress && { progressToken: id }) } },
      }),
      ...(signal && { signal }),
    });
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
    if (!isStream) return resultOf(await response.json());
    if (response.body === null) throw new LinkError('protocol');
    for await (const message of messagesOf(response.body)) {
      const { method: notified, params: about } = fieldsOf(message);
      if (notified === undefined) return resultOf(message);
      if (notified === 'notifications/progress') onProgress?.(progressOf(fieldsOf(about)));
    }
    throw new LinkError('gone');
  }
}

function resultOf(message: unknown): Fields {
  const { result } = fieldsOf(message);
  if (!isFields(result)) throw new LinkError('protocol');
  return result;
}

function progressOf({ progress, total, message }: Fields): Progress {
  return { done: numberOf(progress), total: numberOf(total), message: textOf(message) };
}

/** Each question is a form with the one field `confirm`. */
async function answerAll(requests: Fields, ask: CallOptions['ask']): Promise<Fields> {
  const answers: Record<string, unknown> = {};
  for (const [key, request] of Object.entries(requests)) {
    const { message, requestedSchema } = fieldsOf(fieldsOf(request).params);
    const { title } = fieldsOf(fieldsOf(fieldsOf(requestedSchema).properties).confirm);
    const action = (await ask?.({ message: textOf(message), consent: textOf(title) })) ?? 'cancel';
    answers[key] = { action, ...(action === 'accept' && { content: { confirm: true } }) };
  }
  return answers;
}
