/** One call as a part of the page shows it: at work, answered, cancelled or lost. */
import { useEffect, useState } from 'preact/hooks';
import { makeCall } from './calls.js';
import { LinkError, type Progress, type ToolAnswer } from './link/mcp.js';
import type { Fields } from './link/values.js';
import { usePage } from './page.js';
import { createStore, type Store, useStore } from './store.js';

export type Call =
  | { state: 'none' }
  | { state: 'running'; progress?: Progress }
  | { state: 'answered'; tool: string; args: Fields; answer: ToolAnswer; ms: number }
  | { state: 'cancelled' }
  | { state: 'lost'; reason: LinkError['reason'] };

/** Where a call is shown: the next one takes the place of the one before. */
export type CallSlot = { shown: Store<Call>; stop: AbortController };

export type CallControl = {
  call: Call;
  start(tool: string, args: Fields): Promise<ToolAnswer | undefined>;
  cancel(): void;
};

const slots = new Map<string, CallSlot>();

/** Of a tool: it goes on while the person looks at something else. */
export function slotOf(tool: string): CallSlot {
  const slot = slots.get(tool) ?? createSlot();
  slots.set(tool, slot);
  return slot;
}

/** A call that ends with the part of the page that made it. */
export function useOwnCall(): CallControl {
  const [slot] = useState(createSlot);
  useEffect(() => () => slot.stop.abort(), [slot]);
  return useCall(slot);
}

export function useCall(slot: CallSlot): CallControl {
  const page = usePage();
  return {
    call: useStore(slot.shown),
    async start(tool, args) {
      slot.stop.abort();
      const stop = new AbortController();
      slot.stop = stop;
      const show = (next: Call): void => {
        if (slot.stop === stop) slot.shown.set(next);
      };
      show({ state: 'running' });
      const begun = performance.now();
      try {
        const answer = await makeCall(page, tool, args, {
          signal: stop.signal,
          onProgress: (progress) => show({ state: 'running', progress }),
        });
        show({ state: 'answered', tool, args, answer, ms: Math.round(performance.now() - begun) });
        return answer;
      } catch (error) {
        if (stop.signal.aborted) show({ state: 'cancelled' });
        else show({ state: 'lost', reason: error instanceof LinkError ? error.reason : 'protocol' });
        return undefined;
      }
    },
    cancel: () => slot.stop.abort(),
  };
}

function createSlot(): CallSlot {
  return { shown: createStore<Call>({ state: 'none' }), stop: new AbortController() };
}
