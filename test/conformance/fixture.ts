/** The tools, resources and prompts that the conformance suite asks for, on the product's own transport. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CLIENT_CAPABILITIES_META_KEY,
  inputRequired,
  inputResponse,
  MissingRequiredClientCapabilityError,
  ProtocolError,
  Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { createLog } from '../../src/log.js';
import { openApp } from '../../src/mcp/http/app.js';
import { createSeal } from '../../src/mcp/seal.js';

const INVALID_PARAMS = -32602;
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
const SILENCE = 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAAAAA==';
const key = randomBytes(32);
const seal = createSeal(() => [key], 60_000);

const text = (said: string) => ({ content: [{ type: 'text' as const, text: said }] });
const image = { type: 'image' as const, data: PIXEL, mimeType: 'image/png' };
const form = (message: string, field: string, type: 'string' | 'boolean') =>
  inputRequired.elicit({
    message,
    requestedSchema: {
      type: 'object',
      properties: { [field]: type === 'string' ? { type } : { type } },
      required: [field],
    },
  });
const sample = (question: string, maxTokens: number) =>
  inputRequired.createMessage({
    messages: [{ role: 'user', content: { type: 'text', text: question } }],
    maxTokens,
  });

const SCHEMA_2020 = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object' as const,
  $defs: {
    address: {
      $anchor: 'addressDef',
      type: 'object',
      properties: { street: { type: 'string' }, city: { type: 'string' } },
    },
  },
  properties: {
    name: { type: 'string' },
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' },
    email: { type: 'string' },
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
};

type Result = ReturnType<typeof text> | object;
type Call = (context: ServerContext) => Promise<Result> | Result;

function answered(context: ServerContext, key: string): boolean {
  return inputResponse(context.mcpReq.inputResponses, key).kind !== 'missing';
}

/** @throws ProtocolError for a state that is not ours */
function stateOf({ mcpReq }: ServerContext): string | undefined {
  const state = mcpReq.requestState();
  if (state === undefined) return undefined;
  if (typeof state !== 'string' || !seal.isMarked(state)) throw new ProtocolError(INVALID_PARAMS, 'not our state');
  return state.slice(0, state.lastIndexOf('.'));
}

/** Asks once, and is done with the answer. */
const asks =
  (key: string, request: Parameters<typeof inputRequired>[0]['inputRequests'], done: string): Call =>
  (context) =>
    answered(context, key)
      ? text(`${done} ${JSON.stringify(context.mcpReq.inputResponses)}`)
      : inputRequired({ inputRequests: request ?? {} });

const TOOLS: Readonly<Record<string, Call>> = {
  test_simple_text: () => text('This is a simple text response for testing.'),
  test_image_content: () => ({ content: [image] }),
  test_audio_content: () => ({ content: [{ type: 'audio', data: SILENCE, mimeType: 'audio/wav' }] }),
  test_embedded_resource: () => ({
    content: [
      {
        type: 'resource',
        resource: {
          uri: 'test://embedded-resource',
          mimeType: 'text/plain',
          text: 'This is an embedded resource content.',
        },
      },
    ],
  }),
  test_multiple_content_types: () => ({
    content: [
      { type: 'text', text: 'Multiple content types test:' },
      image,
      {
        type: 'resource',
        resource: {
          uri: 'test://mixed-content-resource',
          mimeType: 'application/json',
          text: '{"test":"data","value":123}',
        },
      },
    ],
  }),
  test_error_handling: () => ({ ...text('This tool intentionally returns an error for testing'), isError: true }),
  async test_tool_with_logging({ mcpReq }) {
    for (const step of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      await mcpReq.log('info', step);
      await sleep(50);
    }
    return text('logged');
  },
  async test_logging_tool({ mcpReq }) {
    await mcpReq.log('info', 'only for whoever asked for it');
    return text('logged');
  },
  test_streaming_elicitation: asks('answer', { answer: form('Anything?', 'answer', 'string') }, 'Answered'),
  async test_tool_with_progress({ mcpReq }) {
    const { progressToken } = mcpReq._meta ?? {};
    for (const progress of [0, 50, 100]) {
      if (progressToken !== undefined)
        await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total: 100 } });
      await sleep(50);
    }
    return text('done');
  },
  json_schema_2020_12_tool: () => text('ok'),
  test_missing_capability({ mcpReq }) {
    const envelope: Readonly<Record<string, unknown>> = { ...mcpReq.envelope };
    const declared = envelope[CLIENT_CAPABILITIES_META_KEY];
    if (typeof declared === 'object' && declared !== null && 'sampling' in declared) return text('ok');
    throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { sampling: {} } });
  },
  test_input_required_result_elicitation(context) {
    const answer = inputResponse(context.mcpReq.inputResponses, 'user_name');
    const name = answer.kind === 'elicit' ? answer.content?.name : undefined;
    if (typeof name === 'string') return text(`Hello, ${name}!`);
    return inputRequired({ inputRequests: { user_name: form('What is your name?', 'name', 'string') } });
  },
  test_input_required_result_sampling: asks(
    'capital_question',
    { capital_question: sample('What is the capital of France?', 100) },
    'Sampled',
  ),
  test_input_required_result_list_roots: asks('client_roots', { client_roots: inputRequired.listRoots() }, 'Roots'),
  test_input_required_result_request_state(context) {
    if (answered(context, 'confirm') && stateOf(context) === 'asked') return text('state-ok');
    return inputRequired({
      inputRequests: { confirm: form('Please confirm', 'ok', 'boolean') },
      requestState: seal.mark('asked'),
    });
  },
  test_input_required_result_tampered_state(context) {
    if (stateOf(context) === 'asked') return text('state-ok');
    return inputRequired({
      inputRequests: { confirm: form('Please confirm', 'ok', 'boolean') },
      requestState: seal.mark('asked'),
    });
  },
  test_input_required_result_multiple_inputs(context) {
    if (
      ['user_name', 'greeting', 'client_roots'].every((key) => answered(context, key)) &&
      stateOf(context) === 'three'
    )
      return text('all three');
    return inputRequired({
      inputRequests: {
        user_name: form('What is your name?', 'name', 'string'),
        greeting: sample('Generate a greeting', 50),
        client_roots: inputRequired.listRoots(),
      },
      requestState: seal.mark('three'),
    });
  },
  test_input_required_result_multi_round(context) {
    const round = stateOf(context);
    if (round === 'two' && answered(context, 'step2')) return text('both rounds');
    const second = round === 'one' && answered(context, 'step1');
    return inputRequired(
      second
        ? {
            inputRequests: { step2: form('Step 2: What is your favorite color?', 'color', 'string') },
            requestState: seal.mark('two'),
          }
        : {
            inputRequests: { step1: form('Step 1: What is your name?', 'name', 'string') },
            requestState: seal.mark('one'),
          },
    );
  },
  test_input_required_result_capabilities: asks('question', { question: sample('Anything?', 10) }, 'Sampled'),
};

const RESOURCES = [
  {
    uri: 'test://static-text',
    name: 'text',
    mimeType: 'text/plain',
    text: 'This is the content of the static text resource.',
  },
  { uri: 'test://static-binary', name: 'binary', mimeType: 'image/png', blob: PIXEL },
  { uri: 'test://watched-resource', name: 'watched', mimeType: 'text/plain', text: 'watched' },
];

const PROMPTS = [
  { name: 'test_simple_prompt' },
  { name: 'test_prompt_with_arguments', arguments: ['arg1', 'arg2'].map((name) => ({ name, required: true })) },
  { name: 'test_prompt_with_embedded_resource', arguments: [{ name: 'resourceUri', required: true }] },
  { name: 'test_prompt_with_image' },
  { name: 'test_input_required_result_prompt' },
];

function server(isModern: boolean): Server {
  const made = new Server(
    { name: 'conformance-fixture', version: '1.0.0' },
    { capabilities: { tools: {}, resources: { subscribe: true }, prompts: {}, completions: {}, logging: {} } },
  );
  made.setRequestHandler('tools/list', () => ({
    tools: Object.keys(TOOLS).map((name) => ({
      name,
      description: `For the scenario that calls ${name}`,
      inputSchema: name === 'json_schema_2020_12_tool' ? SCHEMA_2020 : { type: 'object' as const },
    })),
  }));
  made.setRequestHandler('tools/call', async ({ params }, context) => {
    const call = TOOLS[params.name];
    if (call === undefined) throw new ProtocolError(INVALID_PARAMS, 'no such tool');
    return (await call(context)) as ReturnType<typeof text>;
  });
  made.setRequestHandler('resources/list', () => ({
    resources: RESOURCES.map(({ uri, name, mimeType }) => ({ uri, name, mimeType })),
  }));
  made.setRequestHandler('resources/templates/list', () => ({
    resourceTemplates: [{ uriTemplate: 'test://template/{id}/data', name: 'template', mimeType: 'application/json' }],
  }));
  made.setRequestHandler('resources/read', ({ params: { uri } }) => {
    const [, id] = /^test:\/\/template\/([^/]+)\/data$/.exec(uri) ?? [];
    if (id !== undefined) {
      const data = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` });
      return { contents: [{ uri, mimeType: 'application/json', text: data }] };
    }
    const found = RESOURCES.find((resource) => resource.uri === uri);
    if (found === undefined) throw new ProtocolError(isModern ? INVALID_PARAMS : -32002, 'no such resource', { uri });
    const { mimeType } = found;
    return {
      contents: [found.blob === undefined ? { uri, mimeType, text: found.text } : { uri, mimeType, blob: found.blob }],
    };
  });
  made.setRequestHandler('resources/subscribe', () => ({}));
  made.setRequestHandler('resources/unsubscribe', () => ({}));
  made.setRequestHandler('prompts/list', () => ({
    prompts: PROMPTS.map((prompt) => ({ ...prompt, description: 'For the scenario that gets it' })),
  }));
  made.setRequestHandler('prompts/get', ({ params: { name, arguments: given = {} } }, context) => {
    const say = (...contents: object[]) =>
      ({ messages: contents.map((content) => ({ role: 'user', content })) }) as unknown as { messages: [] };
    switch (name) {
      case 'test_simple_prompt':
        return say({ type: 'text', text: 'This is a simple prompt for testing.' });
      case 'test_prompt_with_arguments':
        return say({ type: 'text', text: `Prompt with arguments: arg1='${given.arg1}', arg2='${given.arg2}'` });
      case 'test_prompt_with_embedded_resource':
        return say(
          {
            type: 'resource',
            resource: {
              uri: given.resourceUri,
              mimeType: 'text/plain',
              text: 'Embedded resource content for testing.',
            },
          },
          { type: 'text', text: 'Please process the embedded resource above.' },
        );
      case 'test_prompt_with_image':
        return say(image, { type: 'text', text: 'Please analyze the image above.' });
      case 'test_input_required_result_prompt':
        return answered(context, 'user_context')
          ? say({ type: 'text', text: 'with context' })
          : inputRequired({
              inputRequests: { user_context: form('What context should the prompt use?', 'context', 'string') },
            });
      default:
        throw new ProtocolError(INVALID_PARAMS, 'no such prompt');
    }
  });
  made.setRequestHandler('completion/complete', () => ({
    completion: { values: ['paris', 'park', 'party'], hasMore: false },
  }));
  return made;
}

/** @returns its URL, and how to end it */
export async function openFixture() {
  const app = await openApp({
    host: '127.0.0.1',
    port: 0,
    publicUrl: undefined,
    access: () => ({ identify: async () => ({ identity: {} }), lacking: () => undefined, isReady: async () => true }),
    serve: ({ isModern }) => server(isModern),
    clean: (value) => value,
    seal,
    isReady: async () => true,
    log: createLog('error', (line) => process.stderr.write(line)),
  });
  return { url: app.localUrl.replace('127.0.0.1', 'localhost'), close: () => app.close(0) };
}
