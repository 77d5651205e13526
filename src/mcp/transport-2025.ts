/** The transport of the engine for revisions up to 2025-11-25, which is told what was said at the desk. */
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  isJSONRPCErrorResponse,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
  type JSONRPCErrorResponse,
  type JSONRPCMessage,
  type JSONRPCResultResponse,
} from '@modelcontextprotocol/sdk/types.js';
import type { Prologue } from './desk.js';
import type { Receiver, Stdio } from './stdio.js';
import { createStdioTransport } from './stdio-transport.js';

export type EngineTransport = Transport &
  Receiver & {
    /** Tells the SDK what was said at the desk. @returns whether the SDK's answer was the desk's */
    retell(prologue: Prologue): Promise<boolean>;
  };

/** Only until the desk's conversation has been told, and no client of that time is answered under it. */
const RETOLD_ID = 'front-desk';

/** @param settled called when stdin has ended and every request has its answer; it may be called again */
export function createTransport(stdio: Stdio, settled: () => void): EngineTransport {
  let retold: ((answer: JSONRPCMessage) => void) | undefined;
  const pipes = createStdioTransport<JSONRPCMessage>(stdio, settled, {
    isRequest: isJSONRPCRequest,
    isNotification: isJSONRPCNotification,
    isAnswer: (value): value is JSONRPCResultResponse | JSONRPCErrorResponse =>
      isJSONRPCResultResponse(value) || isJSONRPCErrorResponse(value),
  });
  const { send } = pipes;

  return Object.assign(pipes, {
    async send(message: JSONRPCMessage) {
      if (!('method' in message) && message.id === RETOLD_ID && retold !== undefined) return retold(message);
      return send(message);
    },
    async retell({ initialize, initialized }: Prologue) {
      if (initialize === undefined) return true;
      const answer = new Promise<JSONRPCMessage>((resolve) => {
        retold = resolve;
      });
      pipes.onmessage?.({ ...initialize.request, id: RETOLD_ID });
      const said = await answer;
      retold = undefined;
      if (initialized) pipes.onmessage?.({ jsonrpc: '2.0', method: 'notifications/initialized' });
      return 'result' in said && JSON.stringify({ result: said.result }) === JSON.stringify(initialize.answer);
    },
  });
}
