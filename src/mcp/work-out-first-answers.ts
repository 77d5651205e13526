/** Has the SDK answer what every client asks first, revision by revision. Run by the build and by the tests. */
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { type JSONRPCMessage, SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/sdk/types.js';
import { createLog } from '../log.js';
import { LISTING } from '../tools/listing.js';
import { createServer, type EngineParts } from './engine-2025.js';
import {
  type Answer,
  type BuiltIn,
  CLIENT_CAPABILITIES,
  type FirstAnswers,
  MODERN_VERSION,
  PROTOCOL_VERSION,
  unfolded,
} from './first-answers.js';
import { PROMPT_LISTINGS } from './prompts.js';
import type { Stdio } from './stdio.js';
import { openStdio2026 } from './stdio-2026.js';
import { inOneLine } from './stdio-transport.js';

/** Requests without parameters whose answer never changes, errors included. */
const CONSTANT = ['ping', 'resources/list', 'resources/templates/list', 'server/discover'];

/** The same for 2026-07-28. */
const MODERN_CONSTANT = ['server/discover', 'resources/list', 'resources/templates/list'];

/** @throws Error where they could not be unfolded to what the SDK said */
export async function builtInAnswers(): Promise<BuiltIn> {
  const answers = await workOutFirstAnswers();
  const { initialize, ...rest } = answers;
  const builtIn = { ...rest, versions: Object.keys(initialize) };
  if (JSON.stringify(unfolded(builtIn).initialize) !== JSON.stringify(initialize))
    throw new Error('the answers to initialize differ by more than their revision');
  return builtIn;
}

export async function workOutFirstAnswers(): Promise<FirstAnswers> {
  const entries = await Promise.all(
    SUPPORTED_PROTOCOL_VERSIONS.map(async (version) => [version, await answerOf(initialize(version))] as const),
  );
  const constant = await Promise.all(CONSTANT.map(async (method) => [method, await answerOf({ method })] as const));
  const modern = await Promise.all(
    MODERN_CONSTANT.map(async (method) => [method, await modernAnswerOf({ method })] as const),
  );
  const list = await modernAnswerOf({ method: 'tools/list' });
  if (!('result' in list)) throw new Error('no list of tools');
  const { tools: _tools, ...modernRest } = list.result;
  return {
    initialize: Object.fromEntries(entries),
    initializeOther: await answerOf(initialize('of no revision')),
    constant: Object.fromEntries(constant),
    modernConstant: Object.fromEntries(modern),
    modernRest,
    tools: LISTING,
    prompts: PROMPT_LISTINGS,
  };
}

function initialize(protocolVersion: string): { method: string; params: Record<string, unknown> } {
  return {
    method: 'initialize',
    params: { protocolVersion, capabilities: {}, clientInfo: { name: 'build', version: '1' } },
  };
}

/** What the SDK's server says to one request. */
export async function answerOf(request: { method: string; params?: Record<string, unknown> }): Promise<Answer> {
  const [client, server] = InMemoryTransport.createLinkedPair();
  const parts: EngineParts = {
    listed: NOTHING_BUT_TOOLS,
    caller: NO_CALLS,
    choices: NO_CHOICES,
    clean: (value) => value,
    log: createLog('error', () => {}),
  };
  const mcp = createServer(parts);
  await mcp.connect(server);
  const answered = new Promise<JSONRPCMessage>((resolve) => {
    client.onmessage = resolve;
  });
  await client.start();
  await client.send({ jsonrpc: '2.0', id: 1, ...request });
  const answer = await answered;
  await mcp.close();
  if ('result' in answer) return { result: answer.result };
  if ('error' in answer) return { error: inOneLine(answer.error) };
  throw new Error(`no answer to ${request.method} but ${JSON.stringify(answer)}`);
}

/** What the second SDK's server says to one request of 2026-07-28. */
export async function modernAnswerOf(request: { method: string; params?: Record<string, unknown> }): Promise<Answer> {
  const answered = new Promise<object>((resolve) => {
    const stdio: Stdio = { receiver: { message() {}, end() {} }, write: resolve, flushed: async () => {} };
    const parts = {
      listed: NOTHING_BUT_TOOLS,
      caller: NO_CALLS,
      choices: NO_CHOICES,
      clean: <T>(value: T) => value,
      log: createLog('error', () => {}),
    };
    const _meta = { [PROTOCOL_VERSION]: MODERN_VERSION, [CLIENT_CAPABILITIES]: {} };
    const message = { jsonrpc: '2.0', id: 1, ...request, params: { ...request.params, _meta } };
    openStdio2026(parts, stdio, () => {}).message(message);
  });
  const answer = await answered;
  if ('result' in answer && typeof answer.result === 'object') return { result: { ...answer.result } };
  throw new Error(`no answer to ${request.method} but ${JSON.stringify(answer)}`);
}

const NOTHING_BUT_TOOLS = { tools: LISTING, prompts: [] };

const NO_CALLS: EngineParts['caller'] = {
  call: () => Promise.reject(new Error('first answers need no calls')),
  idle: async () => {},
};

const NO_CHOICES: EngineParts['choices'] = { regions: async () => [], servers: async () => [] };
