/** Frameworks that turn tools into their own: their converters take every schema, and a call through them works. */
import { createMcpClient } from '@genkit-ai/mcp';
import { convertToOpenAITool } from '@langchain/core/utils/function_calling';
import { MultiServerMCPClient } from '@langchain/mcp-adapters';
import { type FunctionTool, getAllMcpTools, MCPServerStdio, RunContext, setTracingDisabled } from '@openai/agents';
import { genkit } from 'genkit';
import { describe, expect, it } from 'vitest';
import { launch, PROMPTS, useEveryTool } from './plan.js';

describe('genkit', () => {
  it('calls every tool, and has prompts and resources', async () => {
    const ai = genkit({});
    const client = createMcpClient({ name: 'vpn', mcpServer: launch() });
    await client.ready();
    const tools = byName(await client.getActiveTools(ai), (tool) => tool.__action.name);
    await useEveryTool(tools.keys(), async (name, args) => tools.get(name)?.(args));
    const prompts = byName(await client.getActivePrompts(ai), ({ ref }) => ref.name);
    expect([...prompts.keys()]).toEqual(PROMPTS);
    expect(await client.getActiveResources(ai)).toHaveLength(2);
    await client.disable();
  });
});

describe('@openai/agents', () => {
  setTracingDisabled(true);

  // Strict schemas know no open objects, which the arguments of another tool are.
  it.each([
    ['as they are', false, []],
    ['made strict', true, ['preview_api_call']],
  ])('calls every tool by schemas %s, with null for what is left out, as models do', async (_how, strict, loose) => {
    const server = new MCPServerStdio({ ...launch(), name: 'vpn' });
    await server.connect();
    const all = await getAllMcpTools({ mcpServers: [server], convertSchemasToStrict: strict });
    const tools = byName(all.filter(isFunction), ({ name }) => name);
    for (const tool of tools.values()) expect(tool.strict, tool.name).toBe(strict && !loose.includes(tool.name));
    await useEveryTool(tools.keys(), async (name, args) => {
      const tool = tools.get(name);
      const leftOut = Object.keys(tool?.parameters.properties ?? {}).map((argument) => [argument, null]);
      const given = { ...Object.fromEntries(leftOut), ...args };
      return textOf(await tool?.invoke(new RunContext(), JSON.stringify(given)));
    });
    await server.close();
  });
});

function isFunction(tool: { type: string }): tool is FunctionTool {
  return tool.type === 'function';
}

describe('@langchain/mcp-adapters', () => {
  it('calls every tool, and makes functions of them with their arguments', async () => {
    const client = new MultiServerMCPClient({ mcpServers: { vpn: { ...launch(), transport: 'stdio' } } });
    const tools = byName(await client.getTools(), ({ name }) => name);
    const { parameters } = convertToOpenAITool(tools.get('issue_ssl_vpn_client_certs') ?? {}).function;
    expect(parameters).toMatchObject({ properties: { names: { type: 'array', items: { type: 'string' } } } });
    await useEveryTool(tools.keys(), async (name, args) => textOf(await tools.get(name)?.invoke(args)));
    await client.close();
  });
});

/** Frameworks put the server's name before the tool's. */
function byName<Item>(items: readonly Item[], nameOf: (item: Item) => string): Map<string, Item> {
  return new Map(items.map((item) => [nameOf(item).replace(/^.*\//, ''), item]));
}

/** Of a result that is one text block: what its JSON says. */
function textOf(block: unknown): unknown {
  expect(block).toMatchObject({ type: 'text', text: expect.any(String) });
  return JSON.parse((block as { text: string }).text);
}
