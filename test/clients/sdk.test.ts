/** The clients of the SDKs: the newest 1.x, one a year older, and 2.x as it connects by default and as it probes. */
import { Client as Client2 } from '@modelcontextprotocol/client';
import { StdioClientTransport as Stdio2 } from '@modelcontextprotocol/client/stdio';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { Client as OldClient } from 'sdk-2025-11/client/index.js';
import { StdioClientTransport as OldStdio } from 'sdk-2025-11/client/stdio.js';
import { describe, expect, it } from 'vitest';
import { launch, PROMPTS, useEveryTool } from './plan.js';

const INFO = { name: 'published-client', version: '1.0.0' };

const CLIENTS = {
  'SDK 1.x': async () => connected(new Client(INFO), new StdioClientTransport(launch())),
  'SDK 1.22, a year old': async () => connected(new OldClient(INFO), new OldStdio(launch())),
  'SDK 2.x, legacy': async () => connected(client2('legacy'), new Stdio2(launch())),
  'SDK 2.x, automatic': async () => connected(client2('auto'), new Stdio2(launch())),
};

function client2(mode: 'legacy' | 'auto'): Client2 {
  return new Client2(INFO, { versionNegotiation: { mode } });
}

async function connected<Transport, Connecting extends { connect(transport: Transport): Promise<void> }>(
  client: Connecting,
  transport: Transport,
): Promise<Connecting> {
  await client.connect(transport);
  return client;
}

describe.each(Object.entries(CLIENTS))('the client of %s', (_name, open) => {
  it('uses every tool, resource, prompt and completion', async () => {
    const client = await open();
    const { tools } = await client.listTools();
    await useEveryTool(
      tools.map(({ name }) => name),
      async (name, args) => {
        const { structuredContent, content } = await client.callTool({ name, arguments: args });
        expect(content).toEqual([{ type: 'text', text: JSON.stringify(structuredContent) }]);
        return structuredContent;
      },
    );

    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri)).toEqual(['ssl-vpn://errors']);
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual(['ssl-vpn://errors/{code}']);
    for (const uri of ['ssl-vpn://errors', 'ssl-vpn://errors/Forbidden'])
      expect((await client.readResource({ uri })).contents[0]).toMatchObject({ uri, mimeType: 'application/json' });
    await expect(client.readResource({ uri: 'ssl-vpn://errors/None.Such' })).rejects.toThrow('None.Such');

    const { prompts } = await client.listPrompts();
    expect(prompts.map(({ name }) => name)).toEqual(PROMPTS);
    for (const { name, arguments: known = [] } of prompts) {
      const given = Object.fromEntries(
        known.flatMap((argument) => (argument.required ? [[argument.name, 'bob']] : [])),
      );
      const { messages } = await client.getPrompt({ name, arguments: given });
      expect(messages).toEqual([{ role: 'user', content: { type: 'text', text: expect.stringContaining('SSL-VPN') } }]);
    }
    const { completion } = await client.complete({
      ref: { type: 'ref/prompt', name: 'onboard' },
      argument: { name: 'region', value: 'eu' },
    });
    expect(completion.values).toEqual(['eu-central-1']);
    await client.close();
  });
});
