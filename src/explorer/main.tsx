/** The page's start: asks what there is, then shows it. */
import { type ComponentChildren, render } from 'preact';
import { useMemo } from 'preact/hooks';
import { App } from './app.js';
import { type ErrorEntry, errorCatalogue } from './link/error-catalogue.js';
import { connectHost } from './link/host.js';
import { createMcp, LinkError, type ListedTool, type Mcp } from './link/mcp.js';
import { followSecret, takeSecret } from './link/secret.js';
import { createOffers } from './offers.js';
import { PageContext } from './page.js';
import { followPreferences, language, theme } from './preferences.js';
import { followRoute } from './route.js';
import { useStore } from './store.js';
import { sayIn } from './texts.js';
import { HostedView } from './views/hosted-view.js';

type Served = { mcp: Mcp; tools: readonly ListedTool[]; errors: readonly ErrorEntry[]; hasSandbox: boolean };

function Root({ served, children }: { served: Served; children: ComponentChildren }) {
  const shown = useStore(language);
  const offers = useMemo(() => createOffers(served.mcp, served.tools), [served]);
  const page = useMemo(() => ({ ...served, offers, language: shown, say: sayIn(shown) }), [served, offers, shown]);
  return <PageContext.Provider value={page}>{children}</PageContext.Provider>;
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

async function showPage(root: HTMLElement): Promise<void> {
  const secret = takeSecret();
  followSecret();
  followRoute();
  const mcp = createMcp(secret);
  const [tools, errors, sandbox] = await Promise.all([mcp.listTools(), errorCatalogue(mcp), mcp.send('/sandbox')]);
  const served = { mcp, tools, errors, hasSandbox: sandbox.ok };
  render(
    <Root served={served}>
      <App />
    </Root>,
    root,
  );
}

async function showInHost(root: HTMLElement): Promise<void> {
  const host = await connectHost();
  const follow = (): void => {
    const { theme: colours, locale } = host.context.get();
    if (colours === 'light' || colours === 'dark') theme.set(colours);
    if (typeof locale === 'string') language.set(locale.startsWith('zh') ? 'zh' : 'en');
  };
  host.context.subscribe(follow);
  follow();
  const served = { mcp: host.mcp, tools: [], errors: [], hasSandbox: false };
  render(
    <Root served={served}>
      <HostedView host={host} />
    </Root>,
    root,
  );
}

async function start(): Promise<void> {
  const root = document.getElementById('app');
  if (root === null) return;
  followPreferences();
  try {
    // The process behind the page lets nobody frame it, so whoever does has it as an MCP App.
    await (parent === window ? showPage(root) : showInHost(root));
  } catch (error) {
    render(<Closed reason={error instanceof LinkError ? error.reason : 'protocol'} />, root);
  }
}

void start();
