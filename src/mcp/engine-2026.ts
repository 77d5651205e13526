/**
 * Revision 2026-07-28, and over HTTP the older ones too, on the second SDK: a server for one request, or for one
 * conversation over pipes.
 */
import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  inputRequired,
  inputResponse,
  Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { Caller, ClientSession, Trace } from '../call.js';
import type { Choices } from '../choices.js';
import { QuestionPending } from '../errors/errors.js';
import { visible } from '../errors/external-text.js';
import type { Log } from '../log.js';
import { CAPABILITIES, IDENTITY, INSTRUCTIONS } from './about.js';
import { showsApps, withApp } from './apps.js';
import { complete } from './completions.js';
import { confirmationForm, readConfirmation } from './confirmation.js';
import { fieldsOf } from './fields.js';
import type { Listed } from './first-answers.js';
import { given } from './given.js';
import type { ListedPrompt } from './prompt-filter.js';
import { getPrompt } from './prompts.js';
import { type Clean, cleanedBy } from './request-error.js';
import { listResources, listResourceTemplates, readResource } from './resources.js';
import type { Seal } from './seal.js';

export type Engine2026Parts = {
  /** What the settings and the person's rights let through. */
  listed: Listed;
  caller: Caller;
  choices: Choices;
  clean: Clean;
  log: Log;
  seal: Seal;
  /** Who asks, where somebody signed in. */
  who: Pick<ClientSession, 'person' | 'rights' | 'secret'>;
  /** What the transport knows of where the request belongs. */
  trace: Trace;
  /** What the client calls itself where the protocol does not say. */
  userAgent: string;
  /** Whether requests are of 2026-07-28: an older one that comes alone cannot be asked back. */
  isModern: boolean;
};

export function createServer(parts: Engine2026Parts): Server {
  const { listed, caller, choices, clean, log, seal, who, trace, userAgent, isModern } = parts;
  const server = new Server(IDENTITY, { capabilities: CAPABILITIES, instructions: INSTRUCTIONS });
  // Its message may hold the whole of what the client sent.
  server.onerror = (error) => log.debug('protocol', { error: error.name });
  // By their methods, not all by a fallback: the SDK answers the methods that have none as HTTP wants it.
  server.setRequestHandler('tools/list', (_request, context) => ({
    tools: isAppHost(context) ? withApp(listed.tools) : [...listed.tools],
  }));
  server.setRequestHandler('resources/list', (_request, context) => listResources(isAppHost(context)));
  server.setRequestHandler('resources/templates/list', listResourceTemplates);
  server.setRequestHandler('resources/read', ({ params }) => cleanedBy(clean, () => readResource(params)));
  server.setRequestHandler('prompts/list', () => ({ prompts: listed.prompts.map(asListed) }));
  server.setRequestHandler('prompts/get', ({ params }) => cleanedBy(clean, () => getPrompt(params, listed.prompts)));
  server.setRequestHandler('completion/complete', ({ params }) =>
    cleanedBy(clean, () => complete(params, listed.prompts, choices)),
  );
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    const args = given(params.arguments);
    const answer = await caller.call(params.name, args, sessionOf(params.name, args, context));
    if ('pending' in answer) {
      const { question, consent, state } = answer.pending;
      return inputRequired({
        inputRequests: {
          [CONFIRM]: inputRequired.elicit({ message: question, requestedSchema: confirmationForm(consent) }),
        },
        requestState: state,
      });
    }
    const { structured, isError } = answer;
    return {
      content: [{ type: 'text', text: JSON.stringify(structured) }],
      structuredContent: structured,
      ...(isError && { isError }),
    };
  });
  return server;

  function sessionOf(tool: string, args: unknown, { mcpReq }: ServerContext): ClientSession {
    const { progressToken, traceparent } = mcpReq._meta ?? {};
    const envelope: Readonly<Record<string, unknown>> = { ...mcpReq.envelope };
    const { name = '', version = '' } = fieldsOf(envelope[CLIENT_INFO_META_KEY]);
    return {
      ...who,
      trace: { ...trace, ...(isTraceparent(traceparent) && { traceparent }) },
      client: visible(name === '' ? userAgent : `${name} ${version}`, 128),
      signal: mcpReq.signal,
      progress(progress, total, message) {
        if (progressToken === undefined) return;
        mcpReq
          .notify({ method: 'notifications/progress', params: { progressToken, progress, total, message } })
          .catch(() => log.debug('progress not sent'));
      },
      ask: isModern && canBeAsked(envelope[CLIENT_CAPABILITIES_META_KEY]) ? ask : undefined,
    };

    /** The state binds the answer to who was asked what about which call; any other is asked for anew. */
    async function ask(question: string, consent: string) {
      const { issuer, subject } = who.person ?? {};
      const bound = JSON.stringify([issuer, subject, tool, args, question, consent]);
      const state = mcpReq.requestState();
      const answer = inputResponse(mcpReq.inputResponses, CONFIRM);
      if (answer.kind === 'elicit' && typeof state === 'string' && seal.holds(state, bound))
        return readConfirmation(answer);
      throw new QuestionPending(question, consent, seal.stateFor(bound));
    }
  }
}

/** Of W3C's trace context. */
export function isTraceparent(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(value);
}

function isAppHost({ mcpReq }: ServerContext): boolean {
  return showsApps(fieldsOf(mcpReq.envelope)[CLIENT_CAPABILITIES_META_KEY]);
}

const CONFIRM = 'confirm';

/** The SDK's type knows no list that is only read. */
function asListed(prompt: ListedPrompt) {
  return { ...prompt, arguments: [...prompt.arguments] };
}

/** An empty object means forms, as before there were other ways. */
function canBeAsked(capabilities: unknown): boolean {
  const { elicitation } = fieldsOf(capabilities);
  const { form, url } = fieldsOf(elicitation);
  return elicitation !== undefined && (form !== undefined || url === undefined);
}
