/** MCP on a port: what `http` and every other command that serves a page of its own have in common. */
import { type Choices, createChoices } from '../choices.js';
import type { Log } from '../log.js';
import { MAX_MS_TO_ANSWER } from '../mcp/confirmation.js';
import { createServer } from '../mcp/engine-2026.js';
import { type App, type AppParts, openApp } from '../mcp/http/app.js';
import { openSealKeys } from '../mcp/http/seal-keys.js';
import { filterPrompts, type PromptListing } from '../mcp/prompt-filter.js';
import { createSeal } from '../mcp/seal.js';
import type { Rights } from '../policy.js';
import type { Secrets } from '../secrets.js';
import type { Settings } from '../settings.js';
import { memoryStore } from '../store/memory.js';
import type { Store } from '../store/store.js';
import type { ListedTool } from '../tools/listing.js';
import type { Calls } from './calls.js';

export type McpParts = Pick<AppParts, 'host' | 'port' | 'publicUrl' | 'access'> & {
  calls: Calls;
  settings: Settings;
  /** The tools that the settings let through, as they are listed. */
  tools: readonly ListedTool[];
  /** All prompts: which of them somebody sees depends on the tools that they may use. */
  prompts: readonly PromptListing[];
  /** What replicas share; without it there is one process. */
  store?: Store;
  log: Log;
  secrets: Secrets;
};

/** @throws NodeJS.ErrnoException where the port cannot be used */
export async function openMcp({
  calls,
  settings,
  tools,
  prompts,
  store = memoryStore(),
  log,
  secrets,
  ...parts
}: McpParts): Promise<App> {
  const choices = new Map<string, Choices>();
  const seal = createSeal(await openSealKeys(store, secrets), MAX_MS_TO_ANSWER);
  return openApp({
    ...parts,
    isReady: store.isReady,
    seal,
    clean: secrets.clean,
    log,
    serve({ identity: { scopes: _scopes, ...who }, ...request }) {
      const { rights } = who;
      const theirs = tools.filter(({ name }) => rights === undefined || rights.grantsFor(name).length > 0);
      const listed = { tools: theirs, prompts: filterPrompts(prompts, theirs) };
      return createServer({
        listed,
        caller: calls.caller,
        choices: choicesOf(rights),
        clean: (who.secret === undefined ? secrets : secrets.with(who.secret)).clean,
        log,
        seal,
        who,
        ...request,
      });
    },
  });

  /** People who may see the same servers share what was found of them. */
  function choicesOf(rights: Rights | undefined): Choices {
    const grants = rights?.grantsFor('list_ssl_vpn_servers');
    const key = JSON.stringify(grants?.map(({ regions, servers }) => [regions, servers]));
    const known = choices.get(key) ?? createChoices({ settings: { ...settings, grants }, runtime: calls.runtime, log });
    choices.set(key, known);
    return known;
  }
}
