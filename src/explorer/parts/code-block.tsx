/** A text that is copied with one click. It scrolls, so the keyboard has to reach it. */
import { CopyButton } from './copy-button.js';

/** @property isStale another one is on its way, so it is not to be copied */
export function CodeBlock({ text, label, isStale = false }: { text: string; label: string; isStale?: boolean }) {
  return (
    <div class="code">
      <CopyButton text={text} isDisabled={isStale} />
      <pre tabIndex={0} role="group" aria-label={label}>
        {text}
      </pre>
    </div>
  );
}
