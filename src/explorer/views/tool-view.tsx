/** One tool: its form, the request and the code as they come out of it, and the answer. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { CallView } from '../answer/call-view.js';
import { drafts, setDraft } from '../form/drafts.js';
import { FieldInput } from '../form/field-input.js';
import { argumentsFrom, type Field, fieldsFrom, type Values } from '../form/fields.js';
import { LookBefore, type Shown } from '../form/look-before.js';
import { problemsOf } from '../form/problems.js';
import { usePreview } from '../form/use-preview.js';
import type { ListedTool } from '../link/mcp.js';
import { usePage } from '../page.js';
import { createStore, useStore } from '../store.js';
import { TOOL_ACTIONS } from '../tool-actions.js';
import { slotOf, useCall } from '../use-call.js';
import { FirstSteps } from './first-steps.js';

const NO_VALUES: Values = {};
/** The choice stays when somebody goes from tool to tool. */
const shownCode = createStore<Shown>('python');

export function ToolView({ tool }: { tool: ListedTool }) {
  const { say, hasSandbox } = usePage();
  const fields = fieldsFrom(tool.inputSchema);
  const values = useStore(drafts)[tool.name] ?? NO_VALUES;
  const shown = useStore(shownCode);
  const { call, start, cancel } = useCall(slotOf(tool.name));
  const [isTried, setTried] = useState(false);
  const [showsRare, setShowsRare] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const callsApi = (TOOL_ACTIONS[tool.name]?.length ?? 0) > 0;
  const args = argumentsFrom(fields, values);
  const { answer: preview, isCurrent } = usePreview(tool.name, args, shown === 'request' ? 'python' : shown, callsApi);
  const names = fields.map(({ name }) => name);
  const answered = call.state === 'answered' ? problemsOf(call.answer.structured, names) : new Map();
  // While somebody types, the preview checks; what it does not know, the last answer does.
  const problems = callsApi ? problemsOf(preview ?? {}, names) : answered;
  const problemOf = (name: string): string | undefined => {
    const problem = problems.get(name);
    return problem === undefined || (problem.isMissing && !isTried) ? undefined : problem.text;
  };
  const missing = fields.filter(({ name, isRequired }) => isRequired && (values[name] ?? '') === '');

  useEffect(() => {
    // What is wrong is where the person goes next.
    if (answered.size > 0) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [call.state]);

  function change(name: string, value: string, regionId: string | undefined): void {
    const hasRegion = regionId !== undefined && fields.some((field) => field.name === 'region_id');
    setDraft(tool.name, { ...values, [name]: value, ...(hasRegion && { region_id: regionId }) });
  }
  const input = (field: Field) => (
    <FieldInput
      key={field.name}
      field={field}
      value={values[field.name] ?? ''}
      regionId={values.region_id ?? ''}
      problem={problemOf(field.name)}
      onChange={(value, regionId) => change(field.name, value, regionId)}
    />
  );
  const rare = fields.filter(({ isRare }) => isRare);
  const isRareUsed = rare.some(({ name }) => problemOf(name) !== undefined || (values[name] ?? '') !== '');
  const isDestructive = tool.annotations.destructiveHint === true;
  return (
    <>
      <div class="view-head">
        <h1 tabIndex={-1}>{say.toolTitle(tool)}</h1>
        <code>{tool.name}</code>
        <p>{say.toolText(tool)}</p>
      </div>
      {hasSandbox && <FirstSteps tool={tool.name} />}
      <div class={callsApi ? 'columns' : 'columns single'}>
        <form
          ref={form}
          class="card"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            setTried(true);
            void start(tool.name, args);
          }}
        >
          {fields.filter(({ isRare }) => !isRare).map(input)}
          {fields.length === 0 && <p class="empty">{say('noArguments')}</p>}
          {rare.length > 0 && (
            <details open={showsRare || isRareUsed} onToggle={(event) => setShowsRare(event.currentTarget.open)}>
              <summary>{say('moreFields')}</summary>
              {rare.map(input)}
            </details>
          )}
          <div class="actions">
            <button type="submit" class={isDestructive ? 'danger' : 'primary'} disabled={call.state === 'running'}>
              {say('run')}
            </button>
            <button type="button" class="quiet" onClick={() => setDraft(tool.name, NO_VALUES)}>
              {say('clear')}
            </button>
          </div>
        </form>
        {callsApi && (
          <LookBefore
            preview={preview}
            isCurrent={isCurrent}
            shown={shown}
            missing={missing.map(({ name }) => say.argument(name))}
            onShow={(next) => shownCode.set(next)}
          />
        )}
      </div>
      <CallView call={call} onCancel={cancel} onRepeat={(next) => void start(tool.name, next)} />
    </>
  );
}
