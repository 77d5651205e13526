/** An answer, to be read or as JSON. */
import { useState } from 'preact/hooks';
import type { ToolAnswer } from '../link/mcp.js';
import { type Fields, fieldsOf, listOf, textOf } from '../link/values.js';
import { openCertificate } from '../open-certificate.js';
import { usePage } from '../page.js';
import { CodeBlock } from '../parts/code-block.js';
import { Segments } from '../parts/segments.js';
import { ErrorView } from './error-view.js';
import { ValueView } from './value-view.js';

type Props = {
  tool: string;
  args: Fields;
  answer: ToolAnswer;
  ms?: number;
  /** Makes the call again; without it, nothing can be clicked that would. */
  onRepeat?(args: Fields): void;
};

export function AnswerView({ tool, args, answer, ms, onRepeat }: Props) {
  const { say } = usePage();
  const [form, setForm] = useState<'read' | 'json'>('read');
  const { structured, isError } = answer;
  const json = JSON.stringify(structured, null, 2);
  const { next_steps, sandbox: _sandbox, error, ...result } = structured;
  return (
    <>
      <div class="card-head">
        <h2>
          <span class={`badge ${isError ? 'bad' : 'good'}`}>{say(isError ? 'failed' : 'done')}</span>
          {isError ? textOf(fieldsOf(error).code) : say.toolTitle({ name: tool })}
        </h2>
        {ms !== undefined && <span class="hint">{say('took', { ms })}</span>}
        <Segments<'read' | 'json'>
          label={say('answer')}
          value={form}
          choices={[
            { value: 'read', label: say('readable') },
            { value: 'json', label: 'JSON' },
          ]}
          onChoose={setForm}
        />
      </div>
      {form === 'json' ? (
        <CodeBlock text={json} label="JSON" />
      ) : isError ? (
        <ErrorView tool={tool} error={fieldsOf(error)} args={args} {...(onRepeat && { onRepeat })} />
      ) : (
        <>
          <ValueView value={result} />
          <NextSteps steps={listOf(next_steps).map(textOf)} />
          <CertificateWay certificate={fieldsOf(result.certificate)} />
          {result.complete === false && onRepeat !== undefined && (
            <button
              type="button"
              class="primary"
              onClick={() => onRepeat({ ...args, ...(result.batch_id !== undefined && { batch_id: result.batch_id }) })}
            >
              {say('continue')}
            </button>
          )}
        </>
      )}
    </>
  );
}

export function NextSteps({ steps }: { steps: readonly string[] }) {
  const { say } = usePage();
  if (steps.length === 0) return null;
  return (
    <div class="steps">
      <h2>{say('nextSteps')}</h2>
      <ol>
        {steps.map((step) => (
          <li key={step}>{say.sentence(step)}</li>
        ))}
      </ol>
    </div>
  );
}

/** To the certificate that the answer is about. */
function CertificateWay({ certificate }: { certificate: Fields }) {
  const { say } = usePage();
  const { ssl_vpn_client_cert_id: id, region_id, name } = certificate;
  if (id === undefined || region_id === undefined) return null;
  return (
    <div class="ways">
      <button
        type="button"
        class="primary"
        onClick={() => openCertificate({ id: textOf(id), regionId: textOf(region_id) })}
      >
        {say('openCertificate', { name: textOf(name) || textOf(id) })}
      </button>
    </div>
  );
}
