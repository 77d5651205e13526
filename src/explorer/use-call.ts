/** One call as a part of the page shows it: at work, answered, cancelled or lost. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { makeCall } from './calls.js';
import { LinkError, type Progress, type ToolAnswer } from './link/mcp.js';
import type { Fields } from './link/values.js';
import { usePage } from './page.js';

export type Call =
  | { state: 'none' }
  | { state: 'running'; progress?: Progress }
  | { state: 'answered'; tool: string; args: Fields; answer: ToolAnswer; ms: number }
  | { state: 'cancelled' }
  | { state: 'lost'; reason: LinkError['reason'] };

export type CallControl = {
  call: Call;
  start(tool: string, args: Fields): Promise<ToolAnswer | undefined>;
  cancel(): void;
};

export function useCall(): CallControl {
  const page = usePage();
  const [call, setCall] = useState<Call>({ state: 'none' });
  const stop = useRef<AbortController | undefined>(undefined);
  // Whoever leaves the view no longer waits for the answer.
  useEffect(() => () => stop.current?.abort(), []);

  return {
    call,
    async start(tool, args) {
      stop.current?.abort();
      const controller = new AbortController();
      stop.current = controller;
      const show = (next: Call): void => {
        if (stop.current === controller) setCall(next);
      };
      show({ state: 'running' });
      const begun = performance.now();
      try {
        const answer = await makeCall(page, tool, args, {
          signal: controller.signal,
          onProgress: (progress) => show({ state: 'running', progress }),
        });
        show({ state: 'answered', tool, args, answer, ms: Math.round(performance.now() - begun) });
        return answer;
      } catch (error) {
        if (error instanceof LinkError) show({ state: 'lost', reason: error.reason });
        else if (controller.signal.aborted) show({ state: 'cancelled' });
        else show({ state: 'lost', reason: 'protocol' });
        return undefined;
      }
    },
    cancel: () => stop.current?.abort(),
  };
}
