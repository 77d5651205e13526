/** What was called from this page. */
import { calls } from '../calls.js';
import { tryWith } from '../form/drafts.js';
import { valuesFrom } from '../form/fields.js';
import { usePage } from '../page.js';
import { Table } from '../parts/table.js';
import { useStore } from '../store.js';

export function CallsView() {
  const { say } = usePage();
  const records = useStore(calls);
  return (
    <>
      <div class="view-head">
        <h1 tabIndex={-1}>{say('calls')}</h1>
        <p>{say('callsText')}</p>
      </div>
      {records.length === 0 ? (
        <p class="empty">{say('noCalls')}</p>
      ) : (
        <Table
          class="card"
          label={say('calls')}
          columns={[
            { title: say('when') },
            { title: say('tool') },
            { title: say('outcome') },
            { title: say('duration'), isNumber: true },
            { title: say.field('attempts'), isNumber: true },
            { title: say.field('request_id') },
            { title: say('again'), isHidden: true },
          ]}
        >
          {records.map(({ id, at, tool, args, ms, outcome, isError, attempts, requestId }) => (
            <tr key={id}>
              <td>
                <time dateTime={new Date(at).toISOString()}>{say.clock(at)}</time>
              </td>
              <td>
                {say.toolTitle({ name: tool })}
                <div class="hint clipped">{JSON.stringify(args)}</div>
              </td>
              <td>
                <span class={`badge ${isError ? 'bad' : 'good'}`}>
                  {outcome === 'ok' || outcome === 'lost' || outcome === 'cancelled'
                    ? say(`outcome-${outcome}`)
                    : outcome}
                </span>
              </td>
              <td class="right">{say('took', { ms })}</td>
              <td class="right">{attempts ?? '–'}</td>
              <td>{requestId === '' ? '–' : <code>{requestId}</code>}</td>
              <td>
                <button type="button" class="link" onClick={() => tryWith(tool, valuesFrom(args))}>
                  {say('again')}
                </button>
              </td>
            </tr>
          ))}
        </Table>
      )}
    </>
  );
}
