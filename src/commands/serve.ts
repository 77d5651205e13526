/** The MCP server behind the front desk, against Alibaba Cloud or the sandbox: everything that calls need. */
import { createChoices } from '../choices.js';
import type { Prologue } from '../mcp/desk.js';
import { openEngine } from '../mcp/engine-2025.js';
import { openEngines } from '../mcp/engines.js';
import type { Listed } from '../mcp/first-answers.js';
import { MAX_LEAVE_MS, type Receiver, type Stdio } from '../mcp/stdio.js';
import { type CallsParts, openCalls } from './calls.js';

export type ServeParts = CallsParts & { listed: Listed };

export async function serveStdio(parts: ServeParts, stdio: Stdio, prologue: Prologue): Promise<Receiver> {
  const { settings, listed, log } = parts;
  const { caller, runtime, audit } = await openCalls(parts);
  const engineParts = {
    listed,
    caller,
    choices: createChoices({ settings, runtime, log }),
    clean: runtime.secrets.clean,
    log,
  };

  let answered = (): void => {};
  const allAnswered = new Promise<void>((resolve) => {
    answered = resolve;
  });
  /** Engines that have the end of stdin still before them. */
  let open = 0;
  const settle = (): (() => void) => {
    open += 1;
    let settled = false;
    return () => {
      if (!settled) open -= 1;
      settled = true;
      if (open === 0) answered();
    };
  };
  const engine = openEngines(
    {
      open2025: async () => openEngine(engineParts, stdio, prologue, settle()),
      open2026: async () => (await import('../mcp/stdio-2026.js')).openStdio2026(engineParts, stdio, settle()),
    },
    prologue.isModern,
  );
  let leaving = false;
  const leave = (why: string): void => {
    if (leaving) return;
    leaving = true;
    const exit = (): never => {
      // What is still in flight is recorded as open.
      audit?.closeSync(why);
      process.exit(0);
    };
    setTimeout(exit, MAX_LEAVE_MS);
    engine.end();
    void Promise.all([allAnswered, caller.idle()])
      .then(() => stdio.flushed())
      .then(exit);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      stdio.receiver = { message() {}, end() {} };
      leave(`the process was ended by ${signal}`);
    });
  }
  runtime.warm();
  return { message: engine.message, end: () => leave('stdin was closed') };
}
