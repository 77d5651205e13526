/** The page as an MCP App, in a host on the extension's own bridge; and hosts that do not know the extension. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { closeSessions, type Session, startBin } from '../support/bin.js';
import { chromiumInstalled, closeBrowser, closeExplorers, openPage } from '../support/explorer.js';

afterEach(async () => {
  await closeExplorers();
  await closeSessions();
});
afterAll(closeBrowser);

const PAGE = 'ui://ssl-vpn/explorer';
const TYPE = 'text/html;profile=mcp-app';
const SHOWN = ['list_ssl_vpn_client_certs', 'list_ssl_vpn_connections', 'preview_api_call'];
const appHost = () =>
  startBin(
    ['--sandbox'],
    {},
    { capabilities: { extensions: { 'io.modelcontextprotocol/ui': { mimeTypes: [TYPE] } } } },
  );

describe('a server', () => {
  it('offers the page to hosts that show Apps, for the tools whose results are better seen', async () => {
    const { client } = await appHost();
    const { tools } = await client.listTools();
    const withPage = tools.filter(({ _meta }) => _meta !== undefined);
    expect(withPage.map(({ name }) => name)).toEqual(SHOWN);
    for (const { _meta } of withPage) expect(_meta).toEqual({ ui: { resourceUri: PAGE } });
    expect((await client.listResources()).resources.map(({ uri }) => uri)).toContain(PAGE);
    const [content] = (await client.readResource({ uri: PAGE })).contents;
    expect(content).toMatchObject({ uri: PAGE, mimeType: TYPE, text: expect.stringMatching(/^<!doctype html>/) });
  });

  it('says nothing of it to others', async () => {
    const { client, stdout } = await startBin(['--sandbox']);
    await client.listTools();
    await client.listResources();
    expect(stdout()).not.toContain('_meta');
    expect(stdout()).not.toContain('ui://');
  });
});

/** Shows what a tool answers in a host, which hands on whatever the page asks of the server. */
async function showIn({ client }: Session, name: string, input: Record<string, unknown>, context: object) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../support/app-host.ts', import.meta.url))],
    bundle: true,
    format: 'iife',
    write: false,
    logLevel: 'error',
  });
  const asked: string[] = [];
  const page = await openPage();
  await page.exposeFunction('callTool', async (tool: string, args: Record<string, unknown>) => {
    asked.push(tool);
    return client.callTool({ name: tool, arguments: args });
  });
  await page.evaluate(outputFiles[0]?.text ?? '');
  const { tools } = await client.listTools();
  const [content] = (await client.readResource({ uri: PAGE })).contents;
  const shown = {
    html: content !== undefined && 'text' in content ? content.text : '',
    tool: tools.find((tool) => tool.name === name),
    input,
    result: await client.callTool({ name, arguments: input }),
    context,
  };
  await page.evaluate(`showApp(${JSON.stringify(shown)})`);
  return { frame: page.frameLocator('iframe'), asked };
}

describe.skipIf(!chromiumInstalled)('in a host', () => {
  it('shows certificates, when they run out, and one of them, in the colours and language of the host', async () => {
    const context = { theme: 'dark', locale: 'zh-CN' };
    const { frame, asked } = await showIn(await appHost(), 'list_ssl_vpn_client_certs', { region_id: 'all' }, context);
    await frame.getByText('列出 VPN 证书').waitFor();
    await frame.getByRole('button', { name: '已过期' }).click();
    await frame.getByRole('cell', { name: 'alice', exact: true }).waitFor({ state: 'detached' });
    await frame.getByRole('cell', { name: 'carol', exact: true }).waitFor();
    expect(await frame.locator('html').getAttribute('style')).toContain('dark');
    await frame.getByRole('button', { name: 'vsc-sandbox-carol' }).click();
    await frame.locator('dialog h2').getByText('carol').waitFor();
    expect(asked).toEqual(['get_ssl_vpn_client_cert']);
    // Nothing can be changed from here, and no key passes through the host.
    expect(await frame.locator('dialog .actions button').allTextContents()).toEqual(['关闭']);
  });

  it('shows who is connected, and a preview with its code', async () => {
    const session = await appHost();
    const connections = await showIn(session, 'list_ssl_vpn_connections', { region_id: 'all' }, {});
    await connections.frame.getByText('192.0.2.111').waitFor();
    const preview = { tool: 'list_regions', arguments: {}, sdk: 'python' };
    const { frame } = await showIn(session, 'preview_api_call', preview, {});
    await frame.locator('pre').getByText('models.DescribeRegionsRequest').waitFor();
  });

  it('shows why a call failed', async () => {
    const { frame } = await showIn(await appHost(), 'list_ssl_vpn_client_certs', { region_id: 'Nowhere' }, {});
    await frame.getByText('Client.InvalidArguments').waitFor();
  });
});
