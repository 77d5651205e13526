/** What every part of the page can reach. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ErrorEntry } from './link/error-catalogue.js';
import type { ListedTool, Mcp } from './link/mcp.js';
import type { Offers } from './offers.js';
import type { Language, Say } from './texts.js';

export type Page = {
  mcp: Mcp;
  tools: readonly ListedTool[];
  errors: readonly ErrorEntry[];
  offers: Offers;
  /** Whether the calls go to a sandbox. */
  hasSandbox: boolean;
  language: Language;
  say: Say;
};

export const PageContext = createContext<Page | undefined>(undefined);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === undefined) throw new Error('outside of the page');
  return page;
}
