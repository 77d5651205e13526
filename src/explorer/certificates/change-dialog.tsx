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

  /** @param index its place among the answers: one that was not complete is made again in its place */
  async function make(planned: PlannedCall, index: number): Promise<void> {
    const answer = await start(planned.tool, planned.args);
    if (answer === undefined) return;
    setEnded((before) => [...before.slice(0, index), { ...planned, answer }, ...before.slice(index + 1)]);
  }
  useEffect(() => {
    const next = calls[ended.length];
    if (next !== undefined) void make(next, ended.length);
  }, [ended.length]);

  function close(): void {
    cancel();
    changed.set(changed.get() + 1);
    onClose();
  }
  return (
    <Dialog title={title} class="wide" onClose={close}>
      {ended.map(({ tool, args, answer }, index) => (
        <div class="card call" key={`${tool} ${index}`}>
          <AnswerView {...{ tool, args, answer }} onRepeat={(again) => void make({ tool, args: again }, index)} />
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
