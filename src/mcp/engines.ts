/**
 * Which engine has the conversation over pipes: the first message that says so decides, for good. `server/discover` does
 * not say so: it is a probe, and a client may go on with `initialize`.
 */
import { fieldsOf } from './fields.js';
import { isModern } from './first-answers.js';
import type { Receiver } from './stdio.js';

export type Engines = {
  /** Each is called once at most. */
  open2025(): Promise<Receiver>;
  open2026(): Promise<Receiver>;
};

/** @param modernSoFar whether the last question that the desk answered was of the newer revision */
export function openEngines({ open2025, open2026 }: Engines, modernSoFar = false): Receiver {
  let older: Promise<Receiver> | undefined;
  let newer: Promise<Receiver> | undefined;
  const engine = (modern: boolean): Promise<Receiver> => {
    if (!modern) older ??= open2025();
    else newer ??= open2026();
    return (modern ? newer : older) ?? Promise.reject(new Error('no engine'));
  };
  let decided: boolean | undefined;
  // What the client is most likely to go on with is ready when it does; its messages are served in their order.
  let served: Promise<unknown> = engine(modernSoFar);
  return {
    message(value) {
      const { method, id } = fieldsOf(value);
      const modern = isModern(value);
      const decides = method !== undefined && id !== undefined && !(modern && method === 'server/discover');
      if (decides) decided ??= modern;
      const receiver = engine(decided ?? (modern || modernSoFar));
      served = served.then(async () => (await receiver).message(value));
    },
    end() {
      served = served.then(async () => {
        for (const receiver of [older, newer]) (await receiver)?.end();
      });
    },
  };
}
