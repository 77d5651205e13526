/** The API actions that each tool may call. */

/** Put in by the build, from the tools themselves. */
declare const ACTIONS_OF_TOOLS: Readonly<Record<string, readonly string[]>>;

export const TOOL_ACTIONS = ACTIONS_OF_TOOLS;
