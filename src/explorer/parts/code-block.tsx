/** A text that is copied with one click. It scrolls, so the keyboard has to reach it. */
import { CopyButton } from './copy-button.js';

export function CodeBlock({ text, label }: { text: string; label: string }) {
  return (
    <div class="code">
      <CopyButton text={text} />
      <pre tabIndex={0} role="group" aria-label={label}>
        {text}
      </pre>
    </div>
  );
}
