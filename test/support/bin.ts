/** The built bin as a child process, talked to by the SDK's own client, every byte that it writes kept. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Client, type ClientOptions } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll } from 'vitest';

/** The tests of the installed package set it to the bin that they installed. */
export const BIN = process.env.SSL_VPN_MCP_TEST_BIN ?? fileURLToPath(new URL('../../dist/main.cjs', import.meta.url));

export type Session = {
  client: Client;
  child: ChildProcessWithoutNullStreams;
  stdout(): string;
  stderr(): string;
  /** Calls a tool and gives its structured result, whether a success or a failure. */
  call(tool: string, args?: Record<string, unknown>, options?: CallOptions): Promise<Result>;
  close(): Promise<void>;
};

// biome-ignore lint/suspicious/noExplicitAny: results are looked into by tests, which fail where a field is not there
export type Result = any;
type CallOptions = {
  signal?: AbortSignal;
  onprogress?: (progress: { progress: number; total?: number | undefined; message?: string | undefined }) => void;
};

const sessions: Session[] = [];

/** For afterEach. */
export async function closeSessions(): Promise<void> {
  await Promise.all(sessions.splice(0).map((session) => session.close()));
}

/** A session for all tests of a file, which change nothing in it: a process for each would take most of their time. */
export function sharedSession(args: readonly string[]): () => Session {
  let shared: Session;
  beforeAll(async () => {
    shared = await startBin(args);
    sessions.splice(sessions.indexOf(shared), 1);
  });
  afterAll(() => shared.close());
  return () => shared;
}

/** Of the environment only what Node needs; nothing of the machine's own credentials. */
export function spawnBin(args: readonly string[], env: Record<string, string> = {}): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [BIN, ...args], {
    env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true', ...env },
  });
}

export async function startBin(
  args: readonly string[],
  env: Record<string, string> = {},
  options: ClientOptions & { prepare?: (client: Client) => void } = {},
): Promise<Session> {
  const child = spawnBin(args, env);
  const seen = { stdout: '', stderr: '' };
  // All that it wrote has been read then.
  const closed = once(child, 'close');
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    seen.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    seen.stderr += text;
  });
  const { prepare, ...clientOptions } = options;
  const client = new Client({ name: 'test-client', version: '1.0.0' }, clientOptions);
  prepare?.(client);
  const session: Session = {
    client,
    child,
    stdout: () => seen.stdout,
    stderr: () => seen.stderr,
    async call(tool, given = {}, requestOptions = {}) {
      const result = await client.callTool({ name: tool, arguments: given }, CallToolResultSchema, requestOptions);
      return result.structuredContent;
    },
    async close() {
      if (child.exitCode === null && child.signalCode === null) child.stdin.end();
      await closed;
    },
  };
  sessions.push(session);
  await client.connect(childTransport(child));
  // The client checks results against output schemas once it has seen them.
  await client.listTools();
  return session;
}

/** The progress that was told, as it went over the wire: the SDK's client drops what comes together with the answer. */
export function progressOf(session: Session): { progress: number; total: number; message: string }[] {
  return session
    .stdout()
    .split('\n')
    .filter((line) => line.includes('"notifications/progress"'))
    .map((line) => JSON.parse(line).params);
}

function childTransport(child: ChildProcessWithoutNullStreams): Transport {
  let rest = '';
  const transport: Transport = {
    async start() {
      child.stdout.on('data', (text: string) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) transport.onmessage?.(JSON.parse(line));
      });
      child.on('exit', () => transport.onclose?.());
    },
    async send(message) {
      child.stdin.write(`${JSON.stringify(message)}\n`);
    },
    async close() {
      child.stdin.end();
    },
  };
  return transport;
}

/**
 * Feeds bytes to the bin, closes its stdin and waits for its end.
 * @param answers lines that are awaited before stdin is closed: what is not answered soon after that may be left
 */
export async function feed(
  args: readonly string[],
  input: string | Buffer,
  env: Record<string, string> = {},
  answers = 0,
) {
  const child = spawnBin(args, env);
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  let awaited = answers;
  child.stdout.on('data', (chunk: Buffer) => {
    stdout.push(chunk);
    for (const byte of chunk) if (byte === 0x0a) awaited -= 1;
    if (awaited <= 0) child.stdin.end();
  });
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  child.stdin.on('error', () => {});
  if (answers === 0) child.stdin.end(input);
  else child.stdin.write(input);
  const [code] = await once(child, 'close');
  const text = Buffer.concat(stdout).toString('utf8');
  return {
    code,
    stdout: text,
    stderr: Buffer.concat(stderr).toString('utf8'),
    messages: () =>
      text
        .split('\n')
        .filter((line) => line !== '')
        .map((line): Result => JSON.parse(line)),
  };
}

export const INITIALIZE = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
};
