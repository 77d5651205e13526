/** JSON lines in and out: one message a line. Whoever has the conversation at the moment is the receiver. */
import type { Readable, Writable } from 'node:stream';

export type Receiver = {
  /** A line that is JSON; whether it is JSON-RPC is for the receiver to see. */
  message(value: unknown): void;
  /** stdin has ended, or nobody reads stdout any more; called once. */
  end(): void;
};

export type Stdio = {
  receiver: Receiver;
  write(message: object): void;
  /** Resolves once what was written has left the process, or nobody reads it any more. */
  flushed(): Promise<void>;
};

/** Clients kill a server that has not left two seconds after they closed its stdin; the promise is one and a half. */
export const MAX_LEAVE_MS = 1_200;

/** 500 names with everything around them are under 200 KB. */
const MAX_LINE_BYTES = 4 * 1024 * 1024;
const NEWLINE = 0x0a;

/** As JSON-RPC 2.0 has them. */
export const PARSE_ERROR = -32700;
export const INVALID_REQUEST = -32600;

/** @param receiver of the first messages */
export function openStdio(input: Readable, output: Writable, receiver: Receiver): Stdio {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let ended = false;

  const stdio: Stdio = {
    receiver,
    write(message) {
      output.write(`${JSON.stringify(message)}\n`);
    },
    async flushed() {
      if (output.writableLength === 0) return;
      // An empty write is done when all before it are.
      await Promise.race([new Promise<void>((resolve) => output.write('', () => resolve())), gone]);
    },
  };
  let leave = (): void => {};
  const gone = new Promise<void>((resolve) => {
    leave = resolve;
  });
  input.on('data', onData);
  input.on('end', onEnd);
  input.on('error', onEnd);
  output.on('error', () => {
    leave();
    onEnd();
  });
  return stdio;

  function onEnd(): void {
    if (ended) return;
    onData(Buffer.from('\n'));
    ended = true;
    stdio.receiver.end();
  }

  function onData(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      collect(chunk.subarray(start, end));
      const line = pendingBytes > MAX_LINE_BYTES ? undefined : Buffer.concat(pending).toString('utf8').trim();
      pending = [];
      pendingBytes = 0;
      if (line === undefined) reject(INVALID_REQUEST, `Message longer than ${MAX_LINE_BYTES} bytes`);
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
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return reject(PARSE_ERROR, 'Parse error: the line is not JSON');
    }
    stdio.receiver.message(value);
  }

  function reject(code: number, message: string): void {
    stdio.write({ jsonrpc: '2.0', id: null, error: { code, message } });
  }
}
