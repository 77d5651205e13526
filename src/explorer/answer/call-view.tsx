/** A call at work with its progress, then its answer. */
import { useEffect, useRef } from 'preact/hooks';
import type { Fields } from '../link/values.js';
import { usePage } from '../page.js';
import type { Call } from '../use-call.js';
import { AnswerView } from './answer-view.js';

type Props = { call: Call; onCancel(): void; onRepeat(args: Fields): void };

export function CallView({ call, onCancel, onRepeat }: Props) {
  const { say } = usePage();
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    if (call.state !== 'none') box.current?.scrollIntoView({ block: 'nearest' });
  }, [call.state]);
  if (call.state === 'none') return null;
  return (
    <section ref={box} class="card call" aria-live="polite" aria-label={say('answer')}>
      {call.state === 'running' && (
        <div class="running">
          <progress
            aria-label={say('running')}
            {...(call.progress && call.progress.total > 0 && { max: call.progress.total, value: call.progress.done })}
          />
          <span>{call.progress?.message || say('running')}</span>
          <button type="button" onClick={onCancel}>
            {say('cancel')}
          </button>
        </div>
      )}
      {call.state === 'answered' && <AnswerView {...call} onRepeat={onRepeat} />}
      {call.state === 'cancelled' && <p>{say('cancelled')}</p>}
      {call.state === 'lost' && <p class="problem">{say(`lost-${call.reason}`)}</p>}
    </section>
  );
}
