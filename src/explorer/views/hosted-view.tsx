/** One tool's result, inside a host: the same views as on the page, without what changes anything. */
import { useState } from 'preact/hooks';
import { AnswerView } from '../answer/answer-view.js';
import { ValueView } from '../answer/value-view.js';
import { CertificateDialog } from '../certificates/certificate-dialog.js';
import { Connected } from '../certificates/connected.js';
import { runsOut } from '../certificates/filter.js';
import { toCertificate, toConnections } from '../certificates/load.js';
import { Timeline } from '../certificates/timeline.js';
import type { Host } from '../link/host.js';
import type { ToolAnswer } from '../link/mcp.js';
import { type Fields, fieldsOf, listOf, textOf } from '../link/values.js';
import { usePage } from '../page.js';
import { CodeBlock } from '../parts/code-block.js';
import { useStore } from '../store.js';

export function HostedView({ host }: { host: Host }) {
  const { say } = usePage();
  const args = useStore(host.args);
  const answer = useStore(host.answer);
  return (
    <main class="hosted">
      <h1>{say.toolTitle({ name: host.tool })}</h1>
      {answer === undefined ? (
        <p class="empty">{say('loading')}</p>
      ) : (
        <Result tool={host.tool} args={args} answer={answer} />
      )}
      <CertificateDialog />
    </main>
  );
}

function Result({ tool, args, answer }: { tool: string; args: Fields; answer: ToolAnswer }) {
  const { say } = usePage();
  const { structured, isError } = answer;
  if (!isError && structured.certificates !== undefined) return <Certificates rows={listOf(structured.certificates)} />;
  if (!isError && structured.connections !== undefined) return <Connected {...toConnections(answer)} />;
  if (!isError && structured.code !== undefined) {
    return (
      <section class="card" aria-label={say('lookTitle')}>
        <code>{`${textOf(structured.method)} ${textOf(structured.action)}`}</code>
        <CodeBlock text={textOf(structured.code)} label={textOf(structured.sdk)} />
      </section>
    );
  }
  return (
    <section class="card call">
      <AnswerView tool={tool} args={args} answer={answer} />
    </section>
  );
}

function Certificates({ rows }: { rows: readonly unknown[] }) {
  const [expiry, setExpiry] = useState('');
  const certificates = rows.map((row) => toCertificate(fieldsOf(row)));
  const shown = rows.filter((_row, index) => {
    const certificate = certificates[index];
    return expiry === '' || (certificate !== undefined && runsOut(certificate, expiry));
  });
  return (
    <>
      <Timeline certificates={certificates} chosen={expiry} onChoose={setExpiry} />
      <div class="card call">
        <ValueView value={shown} />
      </div>
    </>
  );
}
