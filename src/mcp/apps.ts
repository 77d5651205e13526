/**
 * The page as an MCP App: hosts that announce the extension show some tools' results in it. Others see no difference.
 * Source: the extension's specification of 2026-01-26.
 */
import { readFile } from 'node:fs/promises';
import type { ListedTool } from '../tools/listing.js';
import type { ToolName } from '../tools/names.js';
import { fieldsOf } from './fields.js';

const EXTENSION = 'io.modelcontextprotocol/ui';
const PAGE_TYPE = 'text/html;profile=mcp-app';

const PAGE = {
  uri: 'ui://ssl-vpn/explorer',
  name: 'explorer',
  title: 'SSL-VPN Explorer',
  description: 'Shows certificates, connections and previews',
  mimeType: PAGE_TYPE,
};

/** Whose results are better seen than read. */
const SHOWN: readonly ToolName[] = ['list_ssl_vpn_client_certs', 'list_ssl_vpn_connections', 'preview_api_call'];

/** @param capabilities of the client, as it announced them */
export function showsApps(capabilities: unknown): boolean {
  const { mimeTypes } = fieldsOf(fieldsOf(fieldsOf(capabilities).extensions)[EXTENSION]);
  return Array.isArray(mimeTypes) && mimeTypes.includes(PAGE_TYPE);
}

export function withApp(tools: readonly ListedTool[]): ListedTool[] {
  return tools.map((tool) =>
    SHOWN.some((name) => name === tool.name) ? { ...tool, _meta: { ui: { resourceUri: PAGE.uri } } } : tool,
  );
}

export function listApps() {
  return [PAGE];
}

/** @returns undefined where the URI is that of no page */
export async function readApp(uri: unknown) {
  if (uri !== PAGE.uri) return undefined;
  const text = await readFile(new URL('../explorer.html', import.meta.url), 'utf8');
  // It asks nobody but its host for anything, so it needs no origins.
  return { contents: [{ uri: PAGE.uri, mimeType: PAGE_TYPE, text, _meta: { ui: { prefersBorder: false } } }] };
}
