/** One call of a tool from its name to its structured answer: policy, audit, time, explanation, and the one way out. */
import type { AuditIntent, AuditLog } from './audit.js';
import { audited } from './audited.js';
import { type Budget, createBudget } from './budget.js';
import { explainWithFacts } from './diagnose/explain-with-facts.js';
import { CancelledError, RefusedError, UnknownToolError } from './errors/errors.js';
import { errorAnswer } from './errors/explain.js';
import { present, visible } from './errors/external-text.js';
import { ask } from './errors/steps.js';
import type { Log } from './log.js';
import { nearest } from './nearest.js';
import { guarded, type Policy } from './policy.js';
import { type Report, withHeartbeat } from './progress.js';
import type { Runtime } from './runtime.js';
import type { Secrets } from './secrets.js';
import { TOOLS } from './tools/index.js';
import type { Answer, Tool, ToolContext } from './tools/tool.js';
import { excludingFlag, isIncluded, type ToolFilter } from './tools/tool-filter.js';
import { CENTRAL_REGION } from './vpc/endpoints.js';

export type CallSettings = Policy &
  ToolFilter & {
    deadlineMs: number;
    profile: string | undefined;
  };

export type CallerParts = {
  settings: CallSettings;
  runtime: Runtime;
  /** Where changes are recorded; undefined records none. */
  audit: AuditLog | undefined;
  log: Log;
  /** Whether to mark every result as one of the sandbox. */
  sandbox: boolean;
};

/** What a call can reach of whoever made it. */
export type ClientSession = {
  /** Name and version of the client. */
  client: string;
  signal: AbortSignal;
  progress: Report;
  /** Rejects where the question could not be put; undefined where the client cannot ask. */
  ask: ((question: string, consent: string, signal: AbortSignal) => Promise<Answer>) | undefined;
};

export type Caller = {
  call(name: string, given: unknown, session: ClientSession): Promise<CallAnswer>;
  /** Resolves once no call is at work any more, those included whose client no longer waits. */
  idle(): Promise<void>;
};

export type CallAnswer = { structured: Record<string, unknown>; isError: boolean };

const MAX_PROGRESS_TEXT = 200;

/** Fields of answers that hold texts of several lines, all of them ours. */
const MULTILINE = new Set(['code', 'canonical_request', 'string_to_sign']);

export function createCaller({ settings, runtime, audit, log, sandbox }: CallerParts): Caller {
  const { secrets } = runtime;
  const atWork = new Set<Promise<unknown>>();
  const allowed = TOOLS.filter(({ name, annotations }) => isIncluded(name, annotations.readOnlyHint, settings));
  const savesConfigs = allowed.some(({ name }) => name === 'save_ssl_vpn_client_config');

  return {
    call(name, given, session) {
      const work = call(name, given, session).finally(() => atWork.delete(work));
      atWork.add(work);
      return work;
    },
    async idle() {
      while (atWork.size > 0) await Promise.allSettled(atWork);
    },
  };

  async function call(name: string, given: unknown, session: ClientSession): Promise<CallAnswer> {
    const started = performance.now();
    const budget = createBudget(settings.deadlineMs, session.signal);
    const heartbeat = withHeartbeat((done, total, message) =>
      session.progress(done, total, visible(secrets.clean(message), MAX_PROGRESS_TEXT)),
    );
    let tool: Tool | undefined;
    let context: ToolContext | undefined;
    let structured: Record<string, unknown>;
    let failure: { code: string; effect: string; client_token?: string } | undefined;
    try {
      tool = findTool(name);
      context = contextOf(tool, budget, session, heartbeat.report);
      structured = await tool.invoke(given, context);
    } catch (thrown) {
      const explanation = await explainWithFacts(thrown, tool, context);
      const error = errorAnswer(explanation);
      failure = error;
      structured = { error };
      if (explanation.isDefect) {
        log.error('defect', { tool: name, stack: thrown instanceof Error ? thrown.stack : undefined });
      }
    } finally {
      heartbeat.stop();
      budget.close();
    }
    log.info('tool call', {
      tool: visible(name, 64),
      ms: Math.round(performance.now() - started),
      outcome: failure?.code ?? 'ok',
      // A cancelled call has no answer, so its token would be lost without this line.
      ...(failure !== undefined &&
        failure.effect !== 'none' && { effect: failure.effect, client_token: failure.client_token }),
    });
    return {
      structured: present(secrets.clean(sandbox ? { ...structured, sandbox } : structured), MULTILINE),
      isError: failure !== undefined,
    };
  }

  function findTool(name: string): Tool {
    const tool = TOOLS.find((candidate) => candidate.name === name);
    if (tool === undefined) {
      throw new UnknownToolError(
        name,
        nearest(
          name,
          allowed.map((candidate) => candidate.name),
        ),
      );
    }
    if (allowed.includes(tool)) return tool;
    const flag = excludingFlag(name, settings);
    throw new RefusedError(`The tool ${name} is switched off by ${flag}.`, [
      ask(`If it is wanted, ask the person who set this server up to change ${flag}.`),
    ]);
  }

  function contextOf(tool: Tool, budget: Budget, session: ClientSession, progress: Report): ToolContext {
    const { credentials, folder, pace, batches, consents } = runtime;
    const who = async (): Promise<AuditIntent['who']> => {
      const keys = await budget.race(Promise.resolve(credentials.get())).catch(() => undefined);
      return {
        access_key_id: keys?.accessKeyId,
        credentials_from: credentials.source(),
        profile: settings.profile,
        client: session.client,
      };
    };
    const { vpc, recordKey } = audited(runtime.vpc, audit, tool.name, who, budget, secrets);
    return {
      vpc: guarded(vpc, settings),
      recordKey,
      budget,
      credentials,
      region: settings.region,
      centralRegion: centralRegion(settings),
      folder: savesConfigs ? folder : undefined,
      progress,
      ask: session.ask && asking(session.ask, budget, secrets),
      log,
      pace,
      batches,
      consents,
      now: Date.now,
    };
  }
}

/** Any region's endpoint knows all regions; one that the settings name is the one most surely reachable. */
export function centralRegion({ region, allowRegions }: Pick<CallSettings, 'region' | 'allowRegions'>): string {
  if (region !== undefined && (allowRegions?.includes(region) ?? true)) return region;
  return allowRegions?.[0] ?? CENTRAL_REGION;
}

/** The time that a person takes is not the cloud's. */
function asking(
  put: NonNullable<ClientSession['ask']>,
  budget: Budget,
  secrets: Secrets,
): NonNullable<ToolContext['ask']> {
  return (question, consent) =>
    budget.suspend(async () => {
      try {
        return await budget.race(put(secrets.clean(question), consent, budget.signal));
      } catch (error) {
        if (budget.signal.aborted) throw new CancelledError();
        throw new RefusedError(
          `The person could not be asked: ${visible(error instanceof Error ? error.message : '', 200)}`,
          [ask('Ask the person in the conversation instead, and repeat the call once the question can be shown.')],
        );
      }
    });
}
