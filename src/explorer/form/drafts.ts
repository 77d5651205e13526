/** What stands in the form of each tool, for as long as the page is open. */
import { go } from '../route.js';
import { createStore } from '../store.js';
import type { Values } from './fields.js';

export const drafts = createStore<Readonly<Record<string, Values>>>({});

export function setDraft(tool: string, values: Values): void {
  drafts.set({ ...drafts.get(), [tool]: values });
}

/** Opens a tool with its form filled in. */
export function tryWith(tool: string, values: Values): void {
  setDraft(tool, values);
  go({ view: 'tool', tool });
}
