/** When certificates run out; a click on a bar shows those. */
import { usePage } from '../page.js';
import { type Period, quartersFrom } from './expiry.js';
import { CLOSE, runsOut } from './filter.js';
import type { Certificate } from './load.js';

type Props = { certificates: readonly Certificate[]; chosen: string; onChoose(expiry: string): void };

export function Timeline({ certificates, chosen, onChoose }: Props) {
  const { say } = usePage();
  const periods = quartersFrom(Date.now(), certificates);
  const most = Math.max(1, ...periods.map(({ count }) => count));
  const choose = (expiry: string): void => onChoose(expiry === chosen ? '' : expiry);
  return (
    <section class="card timeline" aria-labelledby="timeline-title">
      <div class="card-head">
        <h2 id="timeline-title">{say('timelineTitle')}</h2>
        <div class="chips">
          {CLOSE.map((close) => (
            <button
              key={close}
              type="button"
              class={`chip close-${close}`}
              aria-pressed={chosen === close}
              onClick={() => choose(close)}
            >
              {say(`close-${close}`)} <b>{certificates.filter((one) => runsOut(one, close)).length}</b>
            </button>
          ))}
        </div>
      </div>
      <ul class="bars">
        {periods.map((period) => (
          <li key={period.key}>
            <button
              type="button"
              aria-pressed={chosen === period.key}
              aria-label={label(period)}
              title={label(period)}
              onClick={() => choose(period.key)}
            >
              <span class="number" aria-hidden="true">
                {period.count > 0 ? period.count : ''}
              </span>
              <span class="bar" aria-hidden="true" style={{ height: `calc((100% - 20px) * ${period.count / most})` }} />
            </button>
            <span class="tick" aria-hidden="true">
              {period.year ?? ''}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );

  function label({ quarter, fullYear, count }: Period): string {
    return say('quarter', { quarter, year: fullYear, count });
  }
}
