/** The MCP server behind the front desk, against Alibaba Cloud or the sandbox: everything that calls need. */
import { createAuditLog } from '../audit.js';
import { createCaller } from '../call.js';
import { createChoices } from '../choices.js';
import type { Log } from '../log.js';
import type { Prologue } from '../mcp/desk.js';
import { openEngine } from '../mcp/engine-2025.js';
import type { Listed } from '../mcp/first-answers.js';
import { MAX_LEAVE_MS, type Receiver, type Stdio } from '../mcp/stdio.js';
import { createRuntime } from '../runtime.js';
import type { Secrets } from '../secrets.js';
import type { Settings } from '../settings.js';

export type ServeParts = {
  settings: Settings;
  sandbox: boolean;
  listed: Listed;
  log: Log;
  secrets: Secrets;
};

export async function serveStdio(
  { settings, sandbox, listed, log, secrets }: ServeParts,
  stdio: Stdio,
  prologue: Prologue,
): Promise<Receiver> {
  const cloud = sandbox ? await (await import('../sandbox/http.js')).openSandbox() : undefined;
  const runtime = createRuntime(
    settings,
    log,
    secrets,
    cloud && { endpoint: cloud.url, credentials: cloud.credentials },
  );
  const audit = settings.auditLog === undefined ? undefined : createAuditLog(settings.auditLog, log);
  const caller = createCaller({ settings, runtime, audit, log, sandbox });
  const choices = createChoices({ settings, runtime, log });

  let answered = (): void => {};
  const allAnswered = new Promise<void>((resolve) => {
    answered = resolve;
  });
  const engine = await openEngine({ listed, caller, choices, log }, stdio, prologue, answered);
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
