/** What would be sent, and the same call as code. */
import type { Fields } from '../link/values.js';
import { fieldsOf, listOf, textOf } from '../link/values.js';
import { usePage } from '../page.js';
import { CodeBlock } from '../parts/code-block.js';
import { Segments } from '../parts/segments.js';

export const LANGUAGES = [
  { value: 'python', label: 'Python' },
  { value: 'typescript', label: 'TypeScript' },
  { value: 'go', label: 'Go' },
  { value: 'java', label: 'Java' },
  { value: 'cli', label: 'CLI' },
  { value: 'terraform', label: 'Terraform' },
] as const;
export type Sdk = (typeof LANGUAGES)[number]['value'];
export type Shown = Sdk | 'request';

type Props = {
  preview: Fields | undefined;
  /** One that is not is on its way, and what is shown till then is not to be copied. */
  isCurrent: boolean;
  shown: Shown;
  /** The fields that have to be filled in first, as people call them. */
  missing: readonly string[];
  onShow(shown: Shown): void;
};

export function LookBefore({ preview, isCurrent, shown, missing, onShow }: Props) {
  const { say } = usePage();
  const isReady = preview !== undefined && preview.error === undefined;
  const text = shown === 'request' ? requestText(preview ?? {}) : textOf(preview?.code);
  return (
    <section class="look card" aria-labelledby="look-title">
      <div class="card-head">
        <h2 id="look-title">{say('lookTitle')}</h2>
        <span class="hint">{say('nothingSent')}</span>
      </div>
      <Segments<Shown>
        label={say('lookTitle')}
        value={shown}
        choices={[...LANGUAGES, { value: 'request', label: say('request') }]}
        onChoose={onShow}
      />
      {isReady ? (
        <>
          <CodeBlock text={text} label={say('lookTitle')} isStale={!isCurrent} />
          <p class="hint">
            {say('needsRights')} <code>{listOf(preview.ram_actions).map(textOf).join(' ')}</code>
          </p>
        </>
      ) : (
        <p class="empty">
          {missing.length > 0 ? say('fillInFirst', { fields: missing.join(', ') }) : say('previewLater')}
        </p>
      )}
    </section>
  );
}

/** The request as it stands on the wire, with what is signed. */
function requestText(preview: Fields): string {
  const headers = Object.entries(fieldsOf(preview.headers)).map(([name, value]) => `${name}: ${textOf(value)}`);
  return [
    `${textOf(preview.method)} ${textOf(preview.url)}`,
    ...headers,
    '',
    'CanonicalRequest:',
    textOf(preview.canonical_request),
    '',
    'StringToSign:',
    textOf(preview.string_to_sign),
  ].join('\n');
}
