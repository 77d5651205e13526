/** The page's start: asks what there is, then shows it. */
import { render } from 'preact';
import { useMemo } from 'preact/hooks';
import { App } from './app.js';
import { type ErrorEntry, errorCatalogue } from './link/error-catalogue.js';
import { createMcp, LinkError, type ListedTool, type Mcp } from './link/mcp.js';
import { followSecret, takeSecret } from './link/secret.js';
import { createOffers } from './offers.js';
import { PageContext } from './page.js';
import { followPreferences, language } from './preferences.js';
import { followRoute } from './route.js';
import { useStore } from './store.js';
import { sayIn } from './texts.js';

type Served = { mcp: Mcp; tools: readonly ListedTool[]; errors: readonly ErrorEntry[]; hasSandbox: boolean };

function Root(served: Served) {
  const shown = useStore(language);
  const offers = useMemo(() => createOffers(served.mcp, served.tools), [served]);
  const page = useMemo(() => ({ ...served, offers, language: shown, say: sayIn(shown) }), [served, offers, shown]);
  return (
    <PageContext.Provider value={page}>
      <App />
    </PageContext.Provider>
  );
}

function Closed({ reason }: { reason: LinkError['reason'] }) {
  const say = sayIn(useStore(language));
  return (
    <main class="closed">
      <h1>SSL-VPN Explorer</h1>
      <p role="alert">{say(`lost-${reason}`)}</p>
    </main>
  );
}

async function start(): Promise<void> {
  const root = document.getElementById('app');
  if (root === null) return;
  followPreferences();
  const secret = takeSecret();
  followSecret();
  followRoute();
  const mcp = createMcp(secret);
  try {
    const [tools, errors, sandbox] = await Promise.all([mcp.listTools(), errorCatalogue(mcp), mcp.send('/sandbox')]);
    const served = { mcp, tools, errors, hasSandbox: sandbox.ok };
    render(<Root {...served} />, root);
  } catch (error) {
    render(<Closed reason={error instanceof LinkError ? error.reason : 'protocol'} />, root);
  }
}

void start();
