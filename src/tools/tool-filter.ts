/** Which tools the settings let through, and in which form. */
import type { ListedTool } from './listing.js';

export type ToolFilter = {
  /** Region of a call that names none. */
  region: string | undefined;
  readOnly: boolean;
  /** Names of the only tools to list; undefined lists all. */
  tools: readonly string[] | undefined;
};

export function filterTools(listing: readonly ListedTool[], filter: ToolFilter): ListedTool[] {
  return listing
    .filter(({ name, annotations }) => isIncluded(name, annotations.readOnlyHint, filter))
    .map((tool) => (filter.region === undefined ? tool : withOptionalRegion(tool)));
}

export function isIncluded(name: string, readsOnly: boolean, { tools, readOnly }: ToolFilter): boolean {
  return (tools?.includes(name) ?? true) && (readsOnly || !readOnly);
}

/** The flag that keeps a tool out. */
export function excludingFlag(name: string, { tools }: ToolFilter): '--tools' | '--read-only' {
  return tools?.includes(name) === false ? '--tools' : '--read-only';
}

function withOptionalRegion(tool: ListedTool): ListedTool {
  const required = tool.inputSchema.required?.filter((name) => name !== 'region_id');
  return { ...tool, inputSchema: { ...tool.inputSchema, ...(required && { required }) } };
}
