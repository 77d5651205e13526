/** One message in, one answer out, by the SDK: each message has a server and a transport of its own. */
import {
  createMcpHandler,
  isLegacyRequest,
  type Server,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import type { Trace } from '../../call.js';
import type { Log } from '../../log.js';
import { fieldsOf } from '../fields.js';
import { isModern } from '../first-answers.js';
import type { Clean } from '../request-error.js';
import type { Identity } from './access.js';

/** Who sent a request, with what, as part of what. */
export type Asked = { identity: Identity; userAgent: string; trace: Trace };

export type ExchangeParts = {
  /** A server for one request. */
  serve(request: Asked & { isModern: boolean }): Server;
  /** What the SDK refuses passes it. */
  clean: Clean;
  log: Log;
};

export type Exchange = {
  /**
   * @param request without its body; its signal ends the call
   * @param message the body, as JSON
   * @returns with status 499 where the signal ended it
   */
  answer(request: Request, message: unknown, asked: Asked): Promise<Response>;
  /** Cuts off what is told as it comes; whole answers end with their connections. */
  close(): Promise<void>;
};

export function createExchange({ serve, clean, log }: ExchangeParts): Exchange {
  const askedBy = new WeakMap<Request, Asked>();
  const handler = createMcpHandler(
    ({ requestInfo, era }) => {
      const asked = requestInfo && askedBy.get(requestInfo);
      if (asked === undefined) throw new Error('a request that nobody let in');
      return serve({ ...asked, isModern: era === 'modern' });
    },
    // Its message may hold the whole of what the client sent.
    { onerror: (error) => log.debug('protocol', { error: error.name }) },
  );

  return {
    async answer(request, message, asked) {
      const answer =
        !isModern(message) && !hearsProgress(message) && (await isLegacyRequest(request, message))
          ? await answerWhole(request, message, asked)
          : await answerAsItComes(request, message, asked);
      return answer.ok ? answer : cleanedRefusal(answer);
    },
    close: () => handler.close(),
  };

  function answerAsItComes(request: Request, message: unknown, asked: Asked): Promise<Response> {
    askedBy.set(request, asked);
    return handler.fetch(request, { parsedBody: message });
  }

  /** To older revisions the handler always streams, which costs far more than JSON and here tells no more. */
  async function answerWhole(request: Request, message: unknown, asked: Asked): Promise<Response> {
    const { signal } = request;
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
    const server = serve({ ...asked, isModern: false });
    await server.connect(transport);
    try {
      return await new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => resolve(new Response(null, { status: 499 })), { once: true });
        transport.handleRequest(request, { parsedBody: message }).then(resolve, reject);
      });
    } finally {
      await server.close();
    }
  }

  /** The SDK quotes what it refuses. */
  async function cleanedRefusal(answer: Response): Promise<Response> {
    const { status, headers } = answer;
    if (!headers.get('content-type')?.startsWith('application/json')) return answer;
    const { id, ...rest } = fieldsOf(await answer.json());
    headers.delete('content-length');
    return Response.json({ ...clean(rest), id }, { status, headers });
  }
}

/** Whether the client is told of anything before the answer. */
function hearsProgress(message: unknown): boolean {
  return fieldsOf(fieldsOf(fieldsOf(message).params)._meta).progressToken !== undefined;
}
