/**
 * JSON-RPC over stdin and stdout, one message a line. In place of the SDK's own transport, which neither answers what
 * it cannot read nor waits for the answers of calls in flight when stdin closes.
 */
import type { Readable, Writable } from 'node:stream';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  ErrorCode,
  isJSONRPCErrorResponse,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
  type RequestId,
} from '@modelcontextprotocol/sdk/types.js';

/** 500 names with everything around them are under 200 KB. */
const MAX_LINE_BYTES = 4 * 1024 * 1024;
const NEWLINE = 0x0a;

/** @param finished called once, when stdin has ended and every request has its answer, or when stdout is gone */
export function stdioTransport(input: Readable, output: Writable, finished: () => void): Transport {
  const unanswered = new Set<RequestId>();
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let ended = false;

  const leaveWhenDone = (): void => {
    if (ended && unanswered.size === 0) finished();
  };

  const transport: Transport = {
    async start() {
      input.on('data', onData);
      input.on('end', onEnd);
      input.on('error', onEnd);
      // The client is gone: nobody will read another answer.
      output.on('error', () => finished());
    },
    async send(message) {
      const written = output.write(`${JSON.stringify(message)}\n`);
      if (!written) await new Promise((resolve) => output.once('drain', resolve));
      if (isJSONRPCResultResponse(message) || isJSONRPCErrorResponse(message)) {
        if (message.id !== undefined) unanswered.delete(message.id);
        leaveWhenDone();
      }
    },
    async close() {
      input.off('data', onData);
      input.pause();
      transport.onclose?.();
    },
  };

  function onEnd(): void {
    if (ended) return;
    onData(Buffer.from('\n'));
    ended = true;
    leaveWhenDone();
  }

  function onData(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      collect(chunk.subarray(start, end));
      const line = pendingBytes > MAX_LINE_BYTES ? undefined : Buffer.concat(pending).toString('utf8').trim();
      pending = [];
      pendingBytes = 0;
      if (line === undefined) reject(null, ErrorCode.InvalidRequest, `Message longer than ${MAX_LINE_BYTES} bytes`);
      else if (line !== '') onLine(line);
      start = end + 1;
    }
    collect(chunk.subarray(start));
  }

  function collect(part: Buffer): void {
    pendingBytes += part.length;
    // What is too long already is counted, not kept.
    if (pendingBytes <= MAX_LINE_BYTES) pending.push(part);
    else pending = [];
  }

  function onLine(line: string): void {
    let message: unknown;
    try {
      message = JSON.parse(line);
    } catch {
      return reject(null, ErrorCode.ParseError, 'Parse error: the line is not JSON');
    }
    if (isJSONRPCRequest(message)) {
      unanswered.add(message.id);
    } else if (isJSONRPCNotification(message)) {
      if (message.method === 'notifications/cancelled') forget(message.params?.requestId);
    } else if (!isJSONRPCResultResponse(message) && !isJSONRPCErrorResponse(message)) {
      return rejectInvalid(message);
    }
    transport.onmessage?.(message);
  }

  /** A cancelled request gets no answer. */
  function forget(requestId: unknown): void {
    if (typeof requestId === 'string' || typeof requestId === 'number') unanswered.delete(requestId);
    leaveWhenDone();
  }

  /** An answer that nobody can read is dropped: JSON-RPC knows no answer to an answer. */
  function rejectInvalid(message: unknown): void {
    const fields: Readonly<Record<string, unknown>> =
      typeof message === 'object' && message !== null && !Array.isArray(message) ? { ...message } : {};
    if (fields.method === undefined && ('result' in fields || 'error' in fields)) return;
    const { id } = fields;
    const known = typeof id === 'string' || (typeof id === 'number' && Number.isSafeInteger(id)) ? id : null;
    reject(known, ErrorCode.InvalidRequest, 'Invalid request: not a JSON-RPC 2.0 request object as MCP defines it');
  }

  function reject(id: RequestId | null, code: ErrorCode, message: string): void {
    output.write(`${JSON.stringify({ jsonrpc: '2.0', id, error: { code, message } })}\n`);
  }

  return transport;
}
