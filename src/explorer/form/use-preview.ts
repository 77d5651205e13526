/** The request of a call as it would go out, and its code, kept up to date while somebody types. Nothing is sent. */
import { useEffect, useState } from 'preact/hooks';
import type { Fields } from '../link/values.js';
import { usePage } from '../page.js';

const SETTLE_MS = 250;

export type Preview = {
  /** The structured answer, the error included; undefined until the first is there. */
  answer: Fields | undefined;
  /** Whether it is that of what stands in the form now. */
  isCurrent: boolean;
};

export function usePreview(tool: string, args: Fields, sdk: string, isOffered: boolean): Preview {
  const { mcp } = usePage();
  const [preview, setPreview] = useState<{ asked: string; answer: Fields } | undefined>(undefined);
  const asked = JSON.stringify([tool, args, sdk]);
  useEffect(() => {
    if (!isOffered) return undefined;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      // One that is lost is followed by another, or by the call itself, which says what is wrong.
      mcp
        .callTool('preview_api_call', { tool, arguments: args, sdk, signature: true }, { signal: stop.signal })
        .then(({ structured }) => setPreview({ asked, answer: structured }))
        .catch(() => {});
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [asked, isOffered, mcp]);
  return { answer: preview?.answer, isCurrent: preview?.asked === asked };
}
