/** Where nothing could be found out: a list that looks whole and is not would mislead. */
import { usePage } from '../page.js';
import type { Gap } from './load.js';

export function Gaps({ gaps }: { gaps: readonly Gap[] }) {
  const { say } = usePage();
  if (gaps.length === 0) return null;
  return (
    <div class="gaps">
      <b>{say('gaps')}</b>
      <ul>
        {gaps.map(({ where, why }) => (
          <li key={where}>
            <code>{where}</code> {why}
          </li>
        ))}
      </ul>
    </div>
  );
}
