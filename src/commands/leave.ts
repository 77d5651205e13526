/** How a process that serves a port ends: what is under way is answered first, or recorded as open. */
import type { App } from '../mcp/http/app.js';
import type { Calls } from './calls.js';

export type LeaveParts = {
  app: Pick<App, 'close'>;
  calls: Pick<Calls, 'caller' | 'audit'>;
  /** From the signal to the end; a second signal ends it at once. */
  maxMs: number;
  onLeave?(): void;
  onExit?(): void;
};

/** What is left for what is no call of a client any more. */
const LAST_MS = 1_000;

export function leaveOnSignal({ app, calls, maxMs, onLeave, onExit }: LeaveParts): void {
  const exit = (): never => {
    onExit?.();
    calls.audit?.closeSync('the process was ended');
    process.exit(0);
  };
  let leaving = false;
  const leave = async (): Promise<void> => {
    if (leaving) exit();
    leaving = true;
    onLeave?.();
    setTimeout(exit, maxMs);
    await app.close(maxMs - LAST_MS);
    await calls.caller.idle();
    exit();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void leave());
}
