/** Revision 2026-07-28 over stdio: the second SDK's client, in each way that it chooses a revision, and raw messages. */
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterEach, describe, expect, it } from 'vitest';
import { BIN, feed, INITIALIZE, type Result } from '../support/bin.js';
import { REGION, SERVER } from '../support/client.js';

const clients: Client[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};
const modern = (id: number, method: string, params: object = {}) => ({
  jsonrpc: '2.0',
  id,
  method,
  params: { ...params, _meta: META },
});
const say = async (messages: readonly object[]) =>
  (
    await feed(['--sandbox'], messages.map((message) => `${JSON.stringify(message)}\n`).join(''), {}, messages.length)
  ).messages();
const answerTo = (messages: readonly Result[], id: number): Result => messages.find((message) => message.id === id);

describe.each(['legacy', 'auto', { pin: '2026-07-28' }] as const)('the client with the mode %j', (mode) => {
  it('lists, calls and is asked', async () => {
    const client = new Client(
      { name: 'sdk 2', version: '1' },
      { capabilities: { elicitation: {} }, versionNegotiation: { mode } },
    );
    clients.push(client);
    const questions: string[] = [];
    client.setRequestHandler('elicitation/create', ({ params }) => {
      questions.push(params.message);
      return { action: 'accept', content: { confirm: true } };
    });
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [BIN, '--sandbox', '--log-level', 'error'],
        env: {},
      }),
    );
    expect((await client.listTools()).tools.length).toBeGreaterThan(10);
    const call = async (name: string, args: Record<string, unknown>): Promise<Result> =>
      (await client.callTool({ name, arguments: args })).structuredContent;
    const batch = await call('issue_ssl_vpn_client_certs', {
      region_id: REGION,
      ssl_vpn_server_id: SERVER,
      names: ['anna'],
    });
    const [one] = batch.created;
    const revoked = await call('delete_ssl_vpn_client_cert', {
      region_id: REGION,
      ssl_vpn_client_cert_id: one.ssl_vpn_client_cert_id,
    });
    expect(revoked.outcome).toBe('revoked');
    expect(questions).toEqual([expect.stringContaining('"anna"')]);
  });
});

describe('which revision a conversation is of', () => {
  it('the desk answers discovery and the list as the SDK does', async () => {
    const [atDesk, bySdk] = [
      await say([modern(1, 'server/discover'), modern(2, 'tools/list')]),
      // A field that the desk does not know sends the message to the SDK.
      await say([modern(1, 'server/discover', { x: 1 }), modern(2, 'tools/list', { x: 1 })]),
    ];
    for (const id of [1, 2]) expect(answerTo(atDesk, id)).toEqual(answerTo(bySdk, id));
    expect(answerTo(atDesk, 1).result.supportedVersions).toEqual(['2026-07-28']);
    expect(answerTo(atDesk, 2).result).toMatchObject({ resultType: 'complete', cacheScope: 'private' });
  });

  it.each([{}, { x: 1 }])('discovery %j is a probe: initialize may follow', async (more) => {
    const call = { jsonrpc: '2.0', id: 3, method: 'tools/call', params: { name: 'list_regions', arguments: {} } };
    const messages = await say([modern(1, 'server/discover', more), { ...INITIALIZE, id: 2 }, call]);
    expect(answerTo(messages, 1).result.supportedVersions).toEqual(['2026-07-28']);
    expect(answerTo(messages, 2).result.protocolVersion).toBe('2025-06-18');
    expect(answerTo(messages, 3).result.structuredContent.regions.length).toBeGreaterThan(1);
    expect(answerTo(messages, 3).result).not.toHaveProperty('resultType');
  });

  it('the first other message decides, and what is of the other kind is refused', async () => {
    const messages = await say([
      modern(1, 'tools/call', { name: 'list_regions' }),
      { ...INITIALIZE, id: 2 },
      modern(3, 'no/such'),
    ]);
    expect(answerTo(messages, 1).result.structuredContent.regions.length).toBeGreaterThan(1);
    expect(answerTo(messages, 2).error.code).toBe(-32022);
    expect(answerTo(messages, 3).error.code).toBe(-32601);
  });

  it('progress comes where it is asked for', async () => {
    const args = { region_id: REGION, ssl_vpn_server_id: SERVER, names: ['anna'] };
    const call = modern(1, 'tools/call', { name: 'issue_ssl_vpn_client_certs', arguments: args });
    const messages = await say([{ ...call, params: { ...call.params, _meta: { ...META, progressToken: 'p' } } }]);
    expect(messages).toContainEqual(
      expect.objectContaining({
        method: 'notifications/progress',
        params: expect.objectContaining({ progressToken: 'p', progress: 1, total: 1 }),
      }),
    );
  });

  it.each(['text', 7, ['a']])('arguments that are %j are an explained error', async (given) => {
    const messages = await say([modern(1, 'tools/call', { name: 'list_regions', arguments: given })]);
    expect(answerTo(messages, 1).result.structuredContent.error.code).toBe('Client.InvalidArguments');
  });

  it('a call without a tool is refused on one line', async () => {
    const messages = await say([modern(1, 'tools/call', { name: 7 })]);
    expect(answerTo(messages, 1).error).toEqual({
      code: -32602,
      message: expect.stringMatching(/^Invalid params: params\.name: [^\n]+$/),
    });
  });
});
