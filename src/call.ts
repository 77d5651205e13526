/** One call of a tool from its name to its structured answer: policy of what is offered, audit, explanation. */
import { type AuditEntry, type AuditLog, type Recorder, recorded } from './audit.js';
import { explainWithFacts } from './diagnose/facts.js';
import { CATALOGUE } from './errors/catalogue.js';
import { CancelledError, RefusedError, UnknownToolError } from './errors/errors.js';
import type { Explanation } from './errors/explain.js';
import { externalText } from './errors/external-text.js';
import type { Log } from './log.js';
import type { Runtime } from './runtime.js';
import { TOOLS } from './tools/index.js';
import { nearest } from './tools/nearest.js';
import type { Tool, ToolContext, ToolSettings } from './tools/tool.js';

export type CallSettings = ToolSettings & {
  deadlineMs: number;
  profile: string | undefined;
};

export type CallerParts = {
  settings: CallSettings;
  /** Names of the tools that are listed. */
  offered: readonly string[];
  /** Why the tool of this name is not among them. */
  rule: (name: string) => string;
  runtime: () => Promise<Runtime>;
  /** Where changing calls are recorded; undefined records none. */
  audit: AuditLog | undefined;
  log: Log;
  /** Whether to mark every result as one of the sandbox. */
  sandbox: boolean;
};

/** What a call can reach of its client. */
export type Outside = {
  /** Name and version. */
  client: string;
  signal: AbortSignal;
  progress(done: number, total: number, message: string): void;
  /** Rejects where the question could not be put. */
  ask: ((question: string, consent: string) => Promise<'accepted' | 'declined' | 'cancelled'>) | undefined;
};

export type Caller = {
  call(
    name: string,
    args: unknown,
    outside: Outside,
  ): Promise<{ structured: Record<string, unknown>; isError: boolean }>;
  catalogue: typeof CATALOGUE;
};

export function createCaller({ settings, offered, rule, runtime, audit, log, sandbox }: CallerParts): Caller {
  const unfinishedBatches = new Map<string, string>();
  return { call, catalogue: CATALOGUE };

  async function call(name: string, args: unknown, outside: Outside) {
    const started = performance.now();
    let structured: Record<string, unknown>;
    let error: Explanation | undefined;
    let tool: Tool | undefined;
    let context: ToolContext | undefined;
    let record: Recorder | undefined;
    try {
      tool = findTool(name);
      context = contextOf(await runtime(), started, outside);
      if (audit !== undefined && !tool.annotations.readOnlyHint && !isDryRun(args)) {
        await audit.ready();
        record = recorded(context.vpc);
        context = { ...context, vpc: record.vpc };
      }
      structured = await tool.invoke(args, context);
    } catch (thrown) {
      error = await explainWithFacts(thrown, tool?.actions ?? [], context);
      structured = { error };
      if (error.code === 'Client.Internal') {
        log.error('defect', { tool: name, stack: thrown instanceof Error ? thrown.stack : undefined });
      }
    }
    const outcome = error?.code ?? 'ok';
    if (audit !== undefined && record !== undefined && context !== undefined) {
      const who = await whoCalls(context, outside.client);
      const { requestIds: request_ids } = record;
      await audit.append({ tool: name, parameters: args, who, request_ids, effect: record.effect(), outcome });
    }
    log.info('tool call', {
      tool: externalText(name, 64),
      ms: Math.round(performance.now() - started),
      outcome,
      // A cancelled call has no answer, so its token would be lost without this line.
      ...(error !== undefined && error.effect !== 'none' && { effect: error.effect, client_token: error.client_token }),
    });
    return { structured: sandbox ? { ...structured, sandbox } : structured, isError: error !== undefined };
  }

  function findTool(name: string): Tool {
    const tool = TOOLS.find((candidate) => candidate.name === name);
    if (tool === undefined) throw new UnknownToolError(name, nearest(name, offered));
    if (offered.includes(name)) return tool;
    throw new RefusedError(`The tool ${name} is switched off by ${rule(name)}.`, [
      `If it is wanted, ask the person who set this server up to change ${rule(name)}.`,
    ]);
  }

  function contextOf({ vpc, credentials }: Runtime, started: number, outside: Outside): ToolContext {
    const bounds = { deadline: started + settings.deadlineMs, signal: outside.signal };
    const { ask, progress } = outside;
    return {
      vpc,
      credentials,
      settings,
      bounds,
      progress,
      ask: ask && asking(ask, bounds),
      log,
      unfinishedBatches,
      now: Date.now,
    };
  }

  async function whoCalls({ credentials }: ToolContext, client: string): Promise<AuditEntry['who']> {
    const keys = await Promise.resolve(credentials.get()).catch(() => undefined);
    return {
      access_key_id: keys?.accessKeyId,
      credentials_from: credentials.source(),
      profile: settings.profile,
      client,
    };
  }
}

/** The time that a person takes is not the cloud's: the deadline moves by it. */
function asking(
  ask: NonNullable<Outside['ask']>,
  bounds: { deadline: number; signal: AbortSignal },
): NonNullable<ToolContext['ask']> {
  return async (question, consent) => {
    const asked = performance.now();
    const answer = await ask(question, consent).catch((error: Error) => {
      if (bounds.signal.aborted) throw new CancelledError(false);
      throw new RefusedError(`The person could not be asked: ${externalText(error.message, 200)}`, [
        'Ask the person in the conversation instead, and repeat the call once the question can be shown.',
      ]);
    });
    bounds.deadline += performance.now() - asked;
    return answer;
  };
}

function isDryRun(args: unknown): boolean {
  return typeof args === 'object' && args !== null && 'dry_run' in args && args.dry_run === true;
}
