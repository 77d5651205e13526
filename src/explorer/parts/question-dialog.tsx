/** Asks the person before a call goes on; what it asks is shown as the server wrote it. */
import { usePage } from '../page.js';
import { question } from '../question.js';
import { useStore } from '../store.js';
import { Dialog } from './dialog.js';

export function QuestionDialog() {
  const { say } = usePage();
  const open = useStore(question);
  if (open === undefined) return null;
  return (
    <Dialog title={say('questionTitle')} class="question" onClose={() => open.answer('cancel')}>
      <p class="as-written">{open.message}</p>
      <div class="actions">
        <button type="button" onClick={() => open.answer('decline')}>
          {say('questionNo')}
        </button>
        <button type="button" class="danger" onClick={() => open.answer('accept')}>
          {open.consent || say('questionYes')}
        </button>
      </div>
    </Dialog>
  );
}
