/** MCP revisions up to 2025-11-25, on the SDK: lists what there is and hands calls on. */
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  type CallToolResult,
  ElicitResultSchema,
  ListToolsRequestSchema,
  type ServerNotification,
  type ServerRequest,
} from '@modelcontextprotocol/sdk/types.js';
import type { Caller, ClientSession } from '../call.js';
import type { Choices } from '../choices.js';
import { visible } from '../errors/external-text.js';
import type { Log } from '../log.js';
import type { Answer } from '../tools/tool.js';
import { VERSION } from '../version.js';
import { CAPABILITIES, IDENTITY, INSTRUCTIONS } from './about.js';
import { showsApps, withApp } from './apps.js';
import { complete } from './completions.js';
import { confirmationForm, MAX_MS_TO_ANSWER, readConfirmation } from './confirmation.js';
import type { Prologue } from './desk.js';
import type { Listed } from './first-answers.js';
import { getPrompt } from './prompts.js';
import { type Clean, cleanedBy, INVALID_PARAMS, METHOD_NOT_FOUND, RequestError } from './request-error.js';
import { listResources, listResourceTemplates, readResource } from './resources.js';
import type { Receiver, Stdio } from './stdio.js';
import { createTransport } from './transport-2025.js';

export type EngineParts = {
  listed: Listed;
  caller: Caller;
  choices: Choices;
  clean: Clean;
  log: Log;
};

type Params = Readonly<Record<string, unknown>> | undefined;
type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** @param settled called when stdin has ended and every request has its answer; it may be called again */
export async function openEngine(
  parts: EngineParts,
  stdio: Stdio,
  prologue: Prologue,
  settled: () => void,
): Promise<Receiver> {
  const transport = createTransport(stdio, settled);
  const server = createServer(parts);
  server.oninitialized = () => {
    // The desk has said so where it was told.
    if (!prologue.initialized) parts.log.info('ready', { version: VERSION, client: clientOf(server) });
  };
  await server.connect(transport);
  if (!(await transport.retell(prologue))) parts.log.error('defect', { what: 'the front desk and the SDK differ' });
  return transport;
}

export function createServer({ listed, caller, choices, clean, log }: EngineParts): Server {
  const server = new Server(IDENTITY, { capabilities: CAPABILITIES, instructions: INSTRUCTIONS });
  server.onerror = (error) => log.warn('protocol', { error: error.message });
  const isAppHost = (): boolean => showsApps(server.getClientCapabilities());
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: isAppHost() ? withApp(listed.tools) : [...listed.tools],
  }));
  // The SDK's schemas for these would answer arguments that are no object with a bare protocol error.
  server.fallbackRequestHandler = ({ method, params }, extra) =>
    method === 'tools/call' ? callTool(params, extra) : cleanedBy(clean, () => answer(method, params));
  return server;

  async function answer(method: string, params: Params) {
    switch (method) {
      case 'resources/list':
        return listResources(isAppHost());
      case 'resources/templates/list':
        return listResourceTemplates();
      case 'resources/read':
        return readResource(params);
      case 'prompts/list':
        return { prompts: listed.prompts };
      case 'prompts/get':
        return getPrompt(params, listed.prompts);
      case 'completion/complete':
        return complete(params, listed.prompts, choices);
      default:
        throw new RequestError(METHOD_NOT_FOUND, `there is no ${visible(method, 128)} here`);
    }
  }

  async function callTool(params: Params, extra: Extra): Promise<CallToolResult> {
    if (typeof params?.name !== 'string') {
      throw new RequestError(INVALID_PARAMS, 'params.name must be the name of a tool');
    }
    const answer = await caller.call(params.name, params.arguments, sessionOf(extra));
    // Questions are answered while the call waits.
    if ('pending' in answer) throw answer.pending;
    const { structured, isError } = answer;
    return {
      content: [{ type: 'text', text: JSON.stringify(structured) }],
      structuredContent: structured,
      ...(isError && { isError }),
    };
  }

  function sessionOf(extra: Extra): ClientSession {
    const progressToken = extra._meta?.progressToken;
    return {
      client: clientOf(server),
      signal: extra.signal,
      progress(progress, total, message) {
        if (progressToken === undefined) return;
        extra
          .sendNotification({ method: 'notifications/progress', params: { progressToken, progress, total, message } })
          .catch((failure: unknown) => log.debug('progress not sent', { error: String(failure) }));
      },
      ask: server.getClientCapabilities()?.elicitation?.form === undefined ? undefined : ask,
    };

    async function ask(question: string, consent: string, signal: AbortSignal): Promise<Answer> {
      const requestedSchema = confirmationForm(consent);
      // Not by elicitInput(), which tells a form that was filled in wrongly and a client that refuses to ask alike.
      const answer = await server.request(
        { method: 'elicitation/create', params: { message: question, requestedSchema } },
        ElicitResultSchema,
        { signal, timeout: MAX_MS_TO_ANSWER },
      );
      return readConfirmation(answer);
    }
  }
}

function clientOf(server: Server): string {
  const { name = '', version = '' } = server.getClientVersion() ?? {};
  return visible(`${name} ${version}`, 128);
}
