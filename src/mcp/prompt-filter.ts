/** Which prompts the settings let through: those whose tools are all listed. Also read at the start, so it loads none. */
import type { ListedTool } from '../tools/listing.js';

export type ListedPrompt = {
  name: string;
  title: string;
  description: string;
  arguments: readonly { name: string; description: string; required: boolean }[];
};

export type PromptListing = {
  prompt: ListedPrompt;
  /** The tools that its text names. */
  tools: readonly string[];
};

export function filterPrompts(prompts: readonly PromptListing[], listed: readonly ListedTool[]): ListedPrompt[] {
  const names = new Set<string>(listed.map(({ name }) => name));
  return prompts.filter(({ tools }) => tools.every((tool) => names.has(tool))).map(({ prompt }) => prompt);
}
