/** Which view is shown, in the fragment, so that back and forward work. */
import { createStore } from './store.js';

export type Route =
  | { view: 'tool'; tool: string }
  | { view: 'certificates' }
  | { view: 'calls' }
  | { view: 'sandbox' }
  | { view: 'error'; code: string };

export const FIRST_TOOL = 'create_ssl_vpn_client_cert';

export const route = createStore<Route>({ view: 'tool', tool: FIRST_TOOL });

export function followRoute(): void {
  const read = (): void => route.set(parse(location.hash));
  addEventListener('hashchange', read);
  read();
}

export function hrefOf(to: Route): string {
  if (to.view === 'tool') return `#/tools/${encodeURIComponent(to.tool)}`;
  if (to.view === 'error') return `#/errors/${encodeURIComponent(to.code)}`;
  return `#/${to.view}`;
}

export function go(to: Route): void {
  location.hash = hrefOf(to);
}

function parse(hash: string): Route {
  const [, view = '', rest = ''] = /^#\/([a-z]+)(?:\/(.+))?$/.exec(hash) ?? [];
  if (view === 'certificates' || view === 'calls' || view === 'sandbox') return { view };
  if (view === 'errors' && rest !== '') return { view: 'error', code: decoded(rest) };
  return { view: 'tool', tool: view === 'tools' && rest !== '' ? decoded(rest) : FIRST_TOOL };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
