/** Has the SDK answer what every client asks first, revision by revision. Run by the build and by the tests. */
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { type JSONRPCMessage, SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/sdk/types.js';
import { createLog } from '../log.js';
import { LISTING } from '../tools/listing.js';
import { createServer, type EngineParts } from './engine-2025.js';
import type { Answer, FirstAnswers } from './first-answers.js';
import { PROMPT_LISTINGS } from './prompts.js';
import { inOneLine } from './transport-2025.js';

/** Requests without parameters whose answer never changes, errors included. */
const CONSTANT = ['ping', 'resources/list', 'resources/templates/list', 'server/discover'];

export async function workOutFirstAnswers(): Promise<FirstAnswers> {
  const entries = await Promise.all(
    SUPPORTED_PROTOCOL_VERSIONS.map(async (version) => [version, await answerOf(initialize(version))] as const),
  );
  const constant = await Promise.all(CONSTANT.map(async (method) => [method, await answerOf({ method })] as const));
  return {
    initialize: Object.fromEntries(entries),
    initializeOther: await answerOf(initialize('of no revision')),
    constant: Object.fromEntries(constant),
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
    listed: { tools: LISTING, prompts: [] },
    caller: NO_CALLS,
    choices: NO_CHOICES,
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

const NO_CALLS: EngineParts['caller'] = {
  call: () => Promise.reject(new Error('first answers need no calls')),
  idle: async () => {},
};

const NO_CHOICES: EngineParts['choices'] = { regions: async () => [], servers: async () => [] };
