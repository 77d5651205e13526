/** Revision 2026-07-28 over the pipes that the desk holds. */
import { randomBytes } from 'node:crypto';
import {
  isJSONRPCErrorResponse,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
  type JSONRPCErrorResponse,
  type JSONRPCMessage,
  type JSONRPCResultResponse,
  type Transport,
} from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { MAX_MS_TO_ANSWER } from './confirmation.js';
import { createServer, type Engine2026Parts } from './engine-2026.js';
import { wrapArguments } from './given.js';
import { createSeal } from './seal.js';
import type { Receiver, Stdio } from './stdio.js';
import { createStdioTransport } from './stdio-transport.js';

/** @param settled called when stdin has ended and every request has its answer; it may be called again */
export function openStdio2026(
  parts: Pick<Engine2026Parts, 'listed' | 'caller' | 'choices' | 'clean' | 'log'>,
  stdio: Stdio,
  settled: () => void,
): Receiver {
  const pipes = createStdioTransport<JSONRPCMessage>(stdio, settled, {
    isRequest: isJSONRPCRequest,
    isNotification: isJSONRPCNotification,
    isAnswer: (value): value is JSONRPCResultResponse | JSONRPCErrorResponse =>
      isJSONRPCResultResponse(value) || isJSONRPCErrorResponse(value),
  });
  const key = randomBytes(32);
  const seal = createSeal(() => [key], MAX_MS_TO_ANSWER);
  serveStdio(() => createServer({ ...parts, seal, who: {}, trace: {}, userAgent: '', isModern: true }), {
    legacy: 'reject',
    transport: pipes as Transport,
    onerror: (error) => parts.log.debug('protocol', { error: error.name }),
  });
  return { message: (value) => pipes.message(wrapArguments(value)), end: pipes.end };
}
