/** The frame: header, navigation, and the view that the address names. */
import { useEffect, useRef } from 'preact/hooks';
import { CertificateDialog } from './certificates/certificate-dialog.js';
import { CertificatesView } from './certificates/certificates-view.js';
import { Find } from './find/find.js';
import { usePage } from './page.js';
import { QuestionDialog } from './parts/question-dialog.js';
import { Segments } from './parts/segments.js';
import { language, type Theme, theme } from './preferences.js';
import { hrefOf, type Route, route } from './route.js';
import { useStore } from './store.js';
import type { Language } from './texts.js';
import { CallsView } from './views/calls-view.js';
import { ErrorCodeView } from './views/error-code-view.js';
import { SandboxView } from './views/sandbox-view.js';
import { ToolList } from './views/tool-list.js';
import { ToolView } from './views/tool-view.js';

export function App() {
  const { say, hasSandbox } = usePage();
  const shown = useStore(route);
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  const address = hrefOf(shown);

  useEffect(() => {
    if (!isFirst.current) {
      // Where a person reads on, and a screen reader with them.
      main.current?.querySelector<HTMLElement>('h1')?.focus();
      scrollTo(0, 0);
    }
    isFirst.current = false;
  }, [address]);

  const views: readonly (readonly [Route, string])[] = [
    [{ view: 'tool', tool: 'create_ssl_vpn_client_cert' }, say('try')],
    [{ view: 'certificates' }, say('certificates')],
    [{ view: 'calls' }, say('calls')],
    ...(hasSandbox ? [[{ view: 'sandbox' }, say('sandbox')] as const] : []),
  ];
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        {say('skip')}
      </button>
      <header>
        <p class="brand">SSL-VPN Explorer {hasSandbox && <span class="badge warn">{say('sandbox')}</span>}</p>
        <Find />
        <div class="preferences">
          <Segments<Language>
            label={say('language')}
            value={useStore(language)}
            choices={[
              { value: 'en', label: 'EN' },
              { value: 'zh', label: '中文' },
            ]}
            onChoose={(next) => language.set(next)}
          />
          <Segments<Theme>
            label={say('theme')}
            value={useStore(theme)}
            choices={[
              { value: 'light dark', label: say('themeAuto') },
              { value: 'light', label: say('themeLight') },
              { value: 'dark', label: say('themeDark') },
            ]}
            onChoose={(next) => theme.set(next)}
          />
        </div>
        <nav aria-label={say('views')}>
          {views.map(([to, label]) => (
            <a key={label} href={hrefOf(to)} aria-current={to.view === shown.view ? 'page' : undefined}>
              {label}
            </a>
          ))}
        </nav>
      </header>
      <div class={shown.view === 'tool' ? 'body with-list' : 'body'}>
        {shown.view === 'tool' && <ToolList chosen={shown.tool} />}
        <main id="main" ref={main} tabIndex={-1}>
          <View shown={shown} />
        </main>
      </div>
      <CertificateDialog />
      <QuestionDialog />
    </>
  );
}

function View({ shown }: { shown: Route }) {
  const { tools, say } = usePage();
  switch (shown.view) {
    case 'certificates':
      return <CertificatesView />;
    case 'calls':
      return <CallsView />;
    case 'sandbox':
      return <SandboxView />;
    case 'error':
      return <ErrorCodeView code={shown.code} />;
    case 'tool': {
      const tool = tools.find(({ name }) => name === shown.tool);
      return tool === undefined ? <p class="empty">{say('noTool')}</p> : <ToolView key={tool.name} tool={tool} />;
    }
  }
}
