/** The front desk says what the SDK would say, message by message. */
import { SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/sdk/types.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../src/call.js';
import type { FirstAnswers } from '../../src/mcp/first-answers.js';
import { workOutFirstAnswers } from '../../src/mcp/work-out-first-answers.js';
import { converse, type Message } from '../support/conversation.js';

let desk: FirstAnswers;
beforeAll(async () => {
  desk = await workOutFirstAnswers();
});

const line = (message: unknown): string => `${JSON.stringify(message)}\n`;
const request = (id: unknown, method: string, params?: unknown) => ({
  jsonrpc: '2.0',
  id,
  method,
  ...(params !== undefined && { params }),
});
const initialize = (part: Record<string, unknown> = {}, id: unknown = 0) =>
  request(id, 'initialize', {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
    ...part,
  });
const initialized = { jsonrpc: '2.0', method: 'notifications/initialized' };
const cancelled = (requestId: unknown) => ({
  jsonrpc: '2.0',
  method: 'notifications/cancelled',
  params: { requestId },
});

/** The same for both; which of two answers under one id came first says nothing. */
function byId(answers: readonly Message[]): string[] {
  return answers.map((answer) => JSON.stringify([answer.id, answer.result ?? null, answer.error ?? null])).sort();
}

async function expectSame(messages: readonly unknown[]): Promise<void> {
  const chunks = [messages.map(line).join('')];
  const [withDesk, alone] = await Promise.all([converse(chunks, desk), converse(chunks, undefined)]);
  expect(withDesk.defects).toEqual([]);
  expect(byId(withDesk.answers)).toEqual(byId(alone.answers));
}

describe('initialize', () => {
  it.each(SUPPORTED_PROTOCOL_VERSIONS)('of revision %s', (protocolVersion) =>
    expectSame([initialize({ protocolVersion })]),
  );

  it.each([
    ['a revision that nobody knows', { protocolVersion: '1999-01-01' }],
    ['no text in place of the revision', { protocolVersion: 20250618 }],
    ['an empty revision', { protocolVersion: '' }],
    ['a revision that every object answers to', { protocolVersion: 'constructor' }],
    ['no capabilities', { capabilities: undefined }],
    ['capabilities that are a list', { capabilities: [] }],
    ['a capability that every object answers to', { capabilities: { constructor: {} } }],
    ['deep experimental capabilities', { capabilities: { experimental: { x: { y: { z: [1] } } } } }],
    ['elicitation as it was first', { capabilities: { elicitation: {} } }],
    ['elicitation of both kinds', { capabilities: { elicitation: { form: { applyDefaults: true }, url: {} } } }],
    ['elicitation that is null', { capabilities: { elicitation: null } }],
    ['roots that are no object', { capabilities: { roots: true } }],
    ['tasks', { capabilities: { tasks: { list: {}, requests: { elicitation: { create: {} } } } } }],
    ['icons that are no list', { clientInfo: { name: 'test', version: '1', icons: 'x' } }],
    ['a client without a version', { clientInfo: { name: 'test' } }],
    ['a client with a title', { clientInfo: { name: 'test', version: '1', title: 'Test' } }],
    ['a field that nobody knows', { more: 1 }],
    ['metadata', { _meta: { progressToken: 1 } }],
  ])('with %s', (_what, part) => expectSame([initialize(part)]));

  it('without a version is refused in one line, where the SDK speaks of an internal error and shows its schema', async () => {
    const { answers } = await converse([line(initialize({ protocolVersion: undefined }))], desk);
    expect(answers).toEqual([
      {
        jsonrpc: '2.0',
        id: 0,
        error: { code: -32602, message: expect.stringMatching(/^[^\n]*protocolVersion[^\n]*$/) },
      },
    ]);
  });

  it('twice: the engine knows the last one', async () => {
    const asking: Caller = {
      call: async (_name, _given, { client, ask }) => ({
        structured: { client, asks: ask !== undefined },
        isError: false,
      }),
      idle: async () => {},
    };
    const second = { capabilities: { elicitation: { form: {} } }, clientInfo: { name: 'second', version: '2' } };
    const messages = [initialize(), initialized, initialize(second, 1), request(2, 'tools/call', { name: 'x' })];
    const { answers } = await converse([messages.map(line).join('')], desk, asking);
    expect(answers.at(-1).result.structuredContent).toEqual({ client: 'second 2', asks: true });
    await expectSame(messages);
  });

  it('of another kind than the desk was told is noticed', async () => {
    const odd = structuredClone(desk);
    const forged: FirstAnswers = {
      ...odd,
      initialize: { '2025-06-18': { result: { protocolVersion: '2025-06-18' } } },
    };
    const { defects } = await converse([line(initialize()) + line(request(1, 'nothing/known'))], forged);
    expect(defects).toEqual([expect.stringContaining('differ')]);
  });
});

describe('requests', () => {
  it.each([0, 1, -7, 'text', '', '0', 'front-desk', 2 ** 53, 1.5, null, true, {}, [1]])('under the id %j', (id) =>
    expectSame([
      request(id, 'ping'),
      request(id, 'tools/list'),
      request(id, 'tools/call', { name: 'list_regions', arguments: {} }),
    ]),
  );

  it.each([
    [undefined],
    [{}],
    [{ _meta: {} }],
    [{ _meta: { progressToken: 7 } }],
    [{ _meta: { progressToken: {} } }],
    [{ _meta: null }],
    [{ cursor: 'x' }],
    [{ cursor: 5 }],
    [null],
    [[]],
    ['text'],
  ])('with the params %j', (params) =>
    expectSame(
      [
        'ping',
        'tools/list',
        'resources/list',
        'resources/templates/list',
        'prompts/list',
        'server/discover',
        'logging/setLevel',
        'constructor',
      ].map((method, id) => request(id, method, params)),
    ),
  );

  it.each([
    [{ jsonrpc: '1.0', id: 1, method: 'ping' }],
    [{ id: 1, method: 'ping' }],
    [{ jsonrpc: '2.0', id: 1 }],
    [{ jsonrpc: '2.0', id: 1, method: 5 }],
    [{ jsonrpc: '2.0', id: 1, method: 'ping', more: 1 }],
    [{ jsonrpc: '2.0', method: 'ping' }],
    [{ jsonrpc: '2.0', id: 1, result: {} }],
    [{ jsonrpc: '2.0', id: 1, error: { code: 1, message: '' } }],
    [[request(1, 'ping')]],
    [5],
    [null],
    ['text'],
  ])('that are none: %j', (message) => expectSame([message]));

  it('doubled ids are both answered, in both hands', () =>
    expectSame([
      request(1, 'ping'),
      request(1, 'ping'),
      request(1, 'tools/call', { name: 'a' }),
      request(1, 'tools/call', { name: 'b' }),
    ]));

  it('tools/list before initialize', () => expectSame([request(1, 'tools/list'), initialize()]));

  it('a call in the same chunk as everything before it', async () => {
    const chunk = [initialize(), initialized, request(1, 'tools/list'), request(2, 'tools/call', { name: 'x' })];
    const { answers } = await converse([chunk.map(line).join('')], desk);
    expect(answers.map(({ id }) => id)).toEqual([0, 1, 2]);
    expect(answers[2].result.structuredContent).toEqual({ name: 'x' });
  });

  it('are answered in the order in which they came', async () => {
    const methods = ['ping', 'tools/list', 'nothing/known', 'ping', 'tools/list', 'resources/list'];
    const { answers } = await converse(
      methods.map((method, id) => line(request(id, method))),
      desk,
    );
    expect(answers.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('cut into bytes anywhere are the same', async () => {
    const text = [initialize(), request(1, 'ping'), request(2, 'tools/call', { name: 'ünïcode' })].map(line).join('');
    const whole = await converse([text], desk);
    const cut = await converse(
      Array.from(Buffer.from(text), (byte) => Buffer.from([byte])),
      desk,
    );
    expect(cut.answers).toEqual(whole.answers);
  });
});

describe('cancellation', () => {
  it('of a call that waits for the engine reaches it', async () => {
    const call = request('c', 'tools/call', { name: 'x' });
    await expectSame([initialize(), call, cancelled('c'), request(2, 'nothing/known')]);
  });

  it('of what was answered, or never asked, is nothing', async () => {
    const { answers, engineOpened } = await converse(
      [line(request(1, 'ping')), line(cancelled(1)), line(cancelled('unknown')), line(request(2, 'ping'))],
      desk,
    );
    expect(answers.map(({ id }) => id)).toEqual([1, 2]);
    expect(engineOpened).toBe(false);
  });
});

describe('the engine', () => {
  it('is not loaded for a client that never asks for anything else, nor for one that never lists', async () => {
    const { engineOpened, answers } = await converse(
      [line(initialize()), line(initialized), line(request(1, 'ping'))],
      desk,
    );
    expect(answers).toHaveLength(2);
    expect(engineOpened).toBe(false);
  });

  it('is not needed by a client that closes stdin at once', async () => {
    expect(await converse([], desk)).toMatchObject({ answers: [], engineOpened: false });
  });
});

describe('whatever a client says', () => {
  const id = fc.oneof(
    fc.integer({ min: -3, max: 3 }),
    fc.constantFrom('a', '', 'front-desk'),
    fc.constantFrom(null, 1.5),
  );
  const odd = fc.oneof(
    fc.constantFrom(undefined, null, {}, [], '', 0, { constructor: {} }),
    fc.jsonValue({ maxDepth: 2 }),
  );
  const params = fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, odd, fc.record({ _meta: odd }));
  const first = fc.record(
    {
      protocolVersion: fc.oneof(fc.constantFrom(...SUPPORTED_PROTOCOL_VERSIONS), odd),
      capabilities: fc.oneof(
        fc.constant({}),
        fc.dictionary(
          fc.constantFrom('roots', 'sampling', 'elicitation', 'experimental', 'extensions', 'tasks', 'x'),
          odd,
        ),
      ),
      clientInfo: fc.record(
        { name: fc.oneof(fc.string(), odd), version: fc.string(), title: odd, icons: odd },
        { requiredKeys: ['name', 'version'] },
      ),
      more: odd,
    },
    { requiredKeys: ['protocolVersion', 'capabilities', 'clientInfo'] },
  );
  const message = fc.oneof(
    fc.tuple(id, first).map(([own, part]) => request(own, 'initialize', part)),
    fc.tuple(id, params).map(([own, part]) => request(own, 'tools/list', part)),
    fc
      .tuple(id, fc.constantFrom('ping', 'resources/list', 'prompts/list', 'server/discover', 'x'), params)
      .map(([own, method, part]) => request(own, method, part)),
    fc.constant(initialized),
    odd,
  );
  const sameAs = (answers: () => FirstAnswers) =>
    fc.asyncProperty(fc.array(message, { maxLength: 6 }), async (messages) => {
      const chunks = [messages.map((each) => line(each ?? null)).join('')];
      const [withDesk, alone] = await Promise.all([converse(chunks, answers()), converse(chunks, undefined)]);
      expect(byId(withDesk.answers)).toEqual(byId(alone.answers));
    });

  it('is answered as the SDK alone answers it', () =>
    fc.assert(
      sameAs(() => desk),
      { numRuns: 400 },
    ));

  it('which a planted fault would show', async () => {
    const forged = (): FirstAnswers => ({ ...desk, constant: { ...desk.constant, ping: { result: { odd: true } } } });
    await expect(fc.assert(sameAs(forged), { numRuns: 400, seed: 1 })).rejects.toThrow('Property failed');
  });
});
