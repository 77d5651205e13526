/** Calls that change certificates, one after the other, with their progress and their answers. */
import { useEffect, useState } from 'preact/hooks';
import { AnswerView } from '../answer/answer-view.js';
import { CallView } from '../answer/call-view.js';
import type { ToolAnswer } from '../link/mcp.js';
import { usePage } from '../page.js';
import { Dialog } from '../parts/dialog.js';
import { useOwnCall } from '../use-call.js';
import { changed } from './changed.js';
import type { PlannedCall } from './changes.js';

type Props = { title: string; calls: readonly PlannedCall[]; onClose(): void };

export function ChangeDialog({ title, calls, onClose }: Props) {
  const { say } = usePage();
  const { call, start, cancel } = useOwnCall();
  const [ended, setEnded] = useState<readonly (PlannedCall & { answer: ToolAnswer })[]>([]);
  const next = calls[ended.length];

  useEffect(() => {
    if (next === undefined) return;
    void start(next.tool, next.args).then((answer) => {
      if (answer !== undefined) setEnded((before) => [...before, { ...next, answer }]);
    });
  }, [ended.length]);

  function close(): void {
    cancel();
    changed.set(changed.get() + 1);
    onClose();
  }
  return (
    <Dialog title={title} class="wide" onClose={close}>
      {ended.map(({ tool, args, answer }) => (
        <div class="card call" key={JSON.stringify(args)}>
          <AnswerView {...{ tool, args, answer }} onRepeat={(again) => void start(tool, again)} />
        </div>
      ))}
      {call.state !== 'answered' && <CallView call={call} onCancel={cancel} onRepeat={() => {}} />}
      <div class="actions">
        <button type="button" onClick={close}>
          {say('close')}
        </button>
      </div>
    </Dialog>
  );
}
