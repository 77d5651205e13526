import { useEffect, useState } from 'preact/hooks';
import { usePage } from '../page.js';

const SHOWN_MS = 2_000;

export function CopyButton({ text, isDisabled }: { text: string; isDisabled: boolean }) {
  const { say } = usePage();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <button
      type="button"
      class="quiet"
      disabled={isDisabled}
      onClick={() =>
        // A host may forbid it.
        void navigator.clipboard.writeText(text).then(
          () => setCopied(true),
          () => {},
        )
      }
    >
      <span aria-live="polite">{copied ? say('copied') : say('copy')}</span>
    </button>
  );
}
