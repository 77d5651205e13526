/** The secret that the process printed: it comes in the fragment, and stays in this tab alone. */

import { keep, kept } from './tab-storage.js';

const KEY = 'secret';

/** Takes it out of the address bar, so that it is neither bookmarked nor shown to somebody who looks over a shoulder. */
export function takeSecret(): string {
  const given = /^#secret=([\w-]+)$/.exec(location.hash)?.[1];
  if (given !== undefined) {
    keep(KEY, given);
    history.replaceState(null, '', location.pathname);
  }
  return kept(KEY) ?? '';
}

/** The address of a process that was started anew on the same port, put into a tab that is open. */
export function followSecret(): void {
  addEventListener('hashchange', () => {
    if (location.hash.startsWith('#secret=')) location.reload();
  });
}
