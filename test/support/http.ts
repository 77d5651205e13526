/** The built bin serving over HTTP, and clients of both SDKs that talk to it. */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { Client as Client2, StreamableHTTPClientTransport as Transport2 } from '@modelcontextprotocol/client';
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as Transport1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { type Result, spawnBin } from './bin.js';

export const TOKEN = 'token-of-the-tests-0123456789';

export type HttpServer = {
  /** Where it listens, without a slash at its end. */
  url: string;
  child: ChildProcessWithoutNullStreams;
  stderr(): string;
  stop(): Promise<number | null>;
};

const servers: HttpServer[] = [];
const clients: { close(): Promise<void> }[] = [];

/** For afterEach. */
export async function closeHttp(): Promise<void> {
  await Promise.allSettled(clients.splice(0).map((client) => client.close()));
  await Promise.all(servers.splice(0).map((server) => server.stop()));
}

/** Starts `http` on a free port and waits until it listens. */
export async function serveHttp(args: readonly string[], env: Record<string, string> = {}): Promise<HttpServer> {
  const child = spawnBin(['http', '--port', '0', ...args], { SSL_VPN_MCP_TOKEN: TOKEN, ...env });
  let seen = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    seen += text;
  });
  child.stdin.end();
  const ended = once(child, 'close');
  const server: HttpServer = {
    url: '',
    child,
    stderr: () => seen,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await ended;
      return child.exitCode;
    },
  };
  servers.push(server);
  while (server.url === '') {
    await Promise.race([once(child.stderr, 'data'), ended]);
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`ended with ${child.exitCode}: ${seen}`);
    const listening = logged(server).find(({ message }) => message === 'listening');
    if (listening !== undefined) server.url = listening.address;
  }
  return server;
}

/** The lines of the log so far. */
export function logged(server: Pick<HttpServer, 'stderr'>): Result[] {
  return server
    .stderr()
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

/** How a client may choose the revision. */
export type Era = 'sdk 1' | 'legacy' | 'auto' | '2026-07-28';
export const ERAS: readonly Era[] = ['sdk 1', 'legacy', 'auto', '2026-07-28'];
export const isModern = (era: Era): boolean => era === 'auto' || era === '2026-07-28';

export type HttpClient = {
  call(tool: string, args?: Record<string, unknown>, signal?: AbortSignal): Promise<Result>;
  tools(): Promise<string[]>;
  readResource(uri: string): Promise<Result>;
};

/** What the person answers when asked; undefined for a client that cannot ask. */
export type OnQuestion = (message: string) => {
  action: 'accept' | 'decline' | 'cancel';
  content?: { confirm: boolean };
};

export async function connect(
  era: Era,
  server: Pick<HttpServer, 'url'>,
  {
    token = TOKEN,
    onQuestion,
    fetch,
  }: { token?: string; onQuestion?: OnQuestion; fetch?: typeof globalThis.fetch } = {},
): Promise<HttpClient> {
  const info = { name: `client ${era}`, version: '1.0.0' };
  const url = new URL(`${server.url}/mcp`);
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  const capabilities = onQuestion === undefined ? {} : { elicitation: {} };
  const options = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { signal });
  if (era === 'sdk 1') {
    const client = new Client1(info, { capabilities });
    // Its optional fields are not declared as this compiler is told to read them.
    await client.connect(new Transport1(url, { requestInit, ...(fetch && { fetch }) }) as Transport);
    clients.push(client);
    return {
      call: async (name, args = {}, signal) =>
        (await client.callTool({ name, arguments: args }, undefined, options(signal))).structuredContent,
      tools: async () => (await client.listTools()).tools.map(({ name }) => name),
      readResource: (uri) => client.readResource({ uri }),
    };
  }
  const mode = era === '2026-07-28' ? { pin: era } : era;
  const client = new Client2(info, { capabilities, versionNegotiation: { mode } });
  if (onQuestion !== undefined)
    client.setRequestHandler('elicitation/create', ({ params }) => onQuestion(params.message));
  await client.connect(new Transport2(url, { requestInit, ...(fetch && { fetch }) }));
  clients.push(client);
  return {
    call: async (name, args = {}, signal) =>
      (await client.callTool({ name, arguments: args }, options(signal))).structuredContent,
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    readResource: (uri) => client.readResource({ uri }),
  };
}

export type RawAnswer = { status: number; headers: Record<string, string>; body: string };

export type Message = Readonly<Record<string, unknown>>;

/** A message of an older revision as it stands on the wire, for answers that a client would hide. */
export async function post(
  server: Pick<HttpServer, 'url'>,
  message: unknown,
  headers: Record<string, string> = {},
): Promise<RawAnswer> {
  const response = await fetch(`${server.url}/mcp`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${TOKEN}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: typeof message === 'string' ? message : JSON.stringify(message),
  });
  return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
}

/** With headers that fetch() does not let anybody choose. @returns the status */
export async function rawPost(
  server: Pick<HttpServer, 'url'>,
  body: string,
  headers: Record<string, string | string[]>,
  path = '/mcp',
  method = 'POST',
): Promise<number | undefined> {
  const sent = request({
    port: new URL(server.url).port,
    path,
    method,
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
  });
  sent.end(body);
  const [response] = await once(sent, 'response');
  response.resume();
  return response.statusCode;
}
