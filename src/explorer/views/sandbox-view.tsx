/** The sandbox: what its service and network are like, and what reached it. */
import { useEffect, useState } from 'preact/hooks';
import { type Conditions, type SandboxState, sandboxState } from '../link/sandbox.js';
import { usePage } from '../page.js';
import { Table } from '../parts/table.js';
import { TOOL_ACTIONS } from '../tool-actions.js';

const POLL_MS = 1_500;
const ACTIONS = [...new Set(Object.values(TOOL_ACTIONS).flat())].sort();
const RATES = [0.5, 1, 2, 5, 20];
const LATENCIES = [0, 200, 1_000, 3_000];

export function SandboxView() {
  const { mcp, say } = usePage();
  const [state, setState] = useState<SandboxState | undefined>(undefined);
  // Nobody else sets them, and what comes back may be older than what was chosen since.
  const [chosen, setChosen] = useState<Conditions | undefined>(undefined);

  useEffect(() => {
    let isOver = false;
    // A process that has gone shows in whatever the person does next.
    const poll = (): void =>
      void sandboxState(mcp).then(
        (next) => {
          if (!isOver) setState(next);
        },
        () => {},
      );
    poll();
    const timer = setInterval(poll, POLL_MS);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [mcp]);

  // There from the beginning: whoever comes here has the focus on its heading.
  const head = (
    <div class="view-head">
      <h1 tabIndex={-1}>{say('sandbox')}</h1>
      <p>{say(state === undefined ? 'loading' : 'sandboxText')}</p>
    </div>
  );
  if (state === undefined) return head;
  const { faults, requests } = state;
  const conditions = chosen ?? state.conditions;
  const set = (change: Partial<Conditions>): void => {
    const next = { ...conditions, ...change };
    setChosen(next);
    void sandboxState(mcp, next).then(setState);
  };
  const isCalm = conditions.fault === null && conditions.latency_ms === 0 && conditions.per_second === null;
  return (
    <>
      {head}
      <section class="card switches" aria-label={say('conditions')}>
        <Choice
          label={say('fault')}
          value={conditions.fault ?? ''}
          choices={[['', say('noFault')], ...faults.map((fault): [string, string] => [fault, say.fault(fault)])]}
          onChoose={(fault) => set({ fault: fault === '' ? null : fault })}
        />
        <Choice
          label={say('faultStrikes')}
          value={conditions.action ?? ''}
          choices={[['', say('everyAction')], ...ACTIONS.map((action): [string, string] => [action, action])]}
          onChoose={(action) => set({ action: action === '' ? null : action })}
        />
        <Choice
          label={say('latency')}
          value={String(conditions.latency_ms)}
          choices={LATENCIES.map((ms): [string, string] => [String(ms), say('took', { ms })])}
          onChoose={(ms) => set({ latency_ms: Number(ms) })}
        />
        <Choice
          label={say('rateLimit')}
          value={String(conditions.per_second ?? '')}
          choices={[
            ['', say('noLimit')],
            ...RATES.map((rate): [string, string] => [String(rate), say('perSecond', { rate })]),
          ]}
          onChoose={(rate) => set({ per_second: rate === '' ? null : Number(rate) })}
        />
        <button
          type="button"
          disabled={isCalm}
          onClick={() => set({ fault: null, action: null, latency_ms: 0, per_second: null })}
        >
          {say('allWell')}
        </button>
      </section>
      <section aria-labelledby="log-title">
        <h2 id="log-title">{say('sandboxLog')}</h2>
        <Table
          class="card log"
          label={say('sandboxLog')}
          columns={[
            { title: say('when') },
            { title: say('action') },
            { title: say('outcome') },
            { title: say('attempt'), isNumber: true },
            { title: say('parameters') },
          ]}
        >
          {requests.map(({ at, action, status, code, attempt, parameters }, index) => (
            <tr key={`${at} ${requests.length - index}`}>
              <td>
                <time dateTime={new Date(at).toISOString()}>{say.clock(at)}</time>
              </td>
              <td>{action}</td>
              <td>
                <span class={`badge ${status >= 400 ? 'bad' : 'good'}`}>
                  {status} {code ?? ''}
                </span>
              </td>
              <td class="right">{attempt}</td>
              <td>
                <code class="clipped">
                  {Object.entries(parameters)
                    .map(([name, value]) => `${name}=${value}`)
                    .join(' ')}
                </code>
              </td>
            </tr>
          ))}
        </Table>
        {requests.length === 0 && <p class="empty">{say('nothingReached')}</p>}
      </section>
    </>
  );
}

type ChoiceProps = {
  label: string;
  value: string;
  choices: readonly (readonly [value: string, label: string])[];
  onChoose(value: string): void;
};

function Choice({ label, value, choices, onChoose }: ChoiceProps) {
  return (
    <label class="choice">
      {label}
      <select value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
        {choices.map(([choice, shown]) => (
          <option key={choice} value={choice} selected={choice === value}>
            {shown}
          </option>
        ))}
      </select>
    </label>
  );
}
