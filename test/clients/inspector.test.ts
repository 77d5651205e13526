/** The Inspector's command line, which starts a server for each thing that it is asked. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { launch, PROMPTS, useEveryTool } from './plan.js';

const INSPECTOR = fileURLToPath(new URL('node_modules/.bin/mcp-inspector', import.meta.url));

async function inspect(method: string, ...options: string[]) {
  const { command, args: own, env } = launch();
  const args = [INSPECTOR, '--cli', command, ...own, '--method', method, ...options];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  return JSON.parse(stdout);
}

describe('the command line of the Inspector', () => {
  it('calls every tool', async () => {
    const { tools } = await inspect('tools/list');
    await useEveryTool(
      tools.map(({ name }: { name: string }) => name),
      async (name, args) => {
        const given = Object.entries(args).map(
          ([argument, value]) => `${argument}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
        );
        const options = given.flatMap((argument) => ['--tool-arg', argument]);
        return (await inspect('tools/call', '--tool-name', name, ...options)).structuredContent;
      },
    );
  });

  it('lists and reads resources and prompts', async () => {
    expect((await inspect('resources/list')).resources).toHaveLength(1);
    expect((await inspect('resources/templates/list')).resourceTemplates).toHaveLength(1);
    const read = await inspect('resources/read', '--uri', 'ssl-vpn://errors/Forbidden');
    expect(JSON.parse(read.contents[0].text).code).toBe('Forbidden');
    const { prompts } = await inspect('prompts/list');
    expect(prompts.map(({ name }: { name: string }) => name)).toEqual(PROMPTS);
    const { messages } = await inspect('prompts/get', '--prompt-name', 'onboard', '--prompt-args', 'names=bob');
    expect(messages[0].content.text).toContain('["bob"]');
  });
});
