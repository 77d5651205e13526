/** Which tools are offered under the settings, and in which form. */
import type { ListedTool } from './tools/listing.js';

export type OfferSettings = {
  /** Region of a call that names none. */
  region: string | undefined;
  readOnly: boolean;
  /** Names of the only tools to offer; undefined offers all. */
  tools: readonly string[] | undefined;
};

export function offeredTools(listing: readonly ListedTool[], settings: OfferSettings): ListedTool[] {
  return listing
    .filter(
      ({ name, annotations }) =>
        (settings.tools?.includes(name) ?? true) && (!settings.readOnly || annotations.readOnlyHint),
    )
    .map((tool) => (settings.region === undefined ? tool : withOptionalRegion(tool)));
}

/** The flag that keeps a tool out. */
export function ruleAgainst(name: string, { tools }: OfferSettings): string {
  return tools?.includes(name) === false ? '--tools' : '--read-only';
}

function withOptionalRegion(tool: ListedTool): ListedTool {
  const required = tool.inputSchema.required?.filter((name) => name !== 'region_id');
  return { ...tool, inputSchema: { ...tool.inputSchema, ...(required && { required }) } };
}
