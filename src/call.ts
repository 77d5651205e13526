/** One call of a tool from its name to its structured answer: policy, audit, time, explanation, and the one way out. */
import type { AuditIntent, AuditLog } from './audit.js';
import { audited } from './audited.js';
import { type Budget, createBudget } from './budget.js';
import { explainWithFacts } from './diagnose/explain-with-facts.js';
import { CancelledError, QuestionPending, RefusedError, UnknownToolError } from './errors/errors.js';
import { errorAnswer, explain } from './errors/explain.js';
import { present, quoted, visible } from './errors/external-text.js';
import { ask } from './errors/steps.js';
import type { Log } from './log.js';
import { nearest } from './nearest.js';
import type { Person } from './person.js';
import { allowsRegion, checkCertificate, guarded, type Policy, type Rights } from './policy.js';
import { type Report, withHeartbeat } from './progress.js';
import type { Runtime } from './runtime.js';
import type { Secrets } from './secrets.js';
import { TOOLS } from './tools/index.js';
import type { Batches } from './tools/issue/batches.js';
import type { Consents } from './tools/revoke/consents.js';
import { fetchConfig, type HandOver } from './tools/saved-config.js';
import type { Answer, KeyAbout, Tool, ToolContext } from './tools/tool.js';
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
  /** How configurations leave. */
  handOver(person: Person | undefined): HandOver;
};

export type Trace = { http_request_id?: string; traceparent?: string };

/** What a call can reach of whoever made it. */
export type ClientSession = {
  /** Name and version of the client. */
  client: string;
  signal: AbortSignal;
  progress: Report;
  /** Whoever signed in; undefined where nobody had to. */
  person?: Person | undefined;
  /** What that person may do; undefined limits nothing. */
  rights?: Rights | undefined;
  /** What leads from a line of the log to those of others: ids of the request and of the trace that it is part of. */
  trace?: Trace | undefined;
  /** What else must not be in the answer: the token that the call came with. */
  secret?: string | undefined;
  /**
   * Rejects with QuestionPending where the answer comes with another call, with anything else where the question could not
   * be put; undefined where the client cannot ask.
   */
  ask: ((question: string, consent: string, signal: AbortSignal) => Promise<Answer>) | undefined;
};

export type Caller = {
  call(name: string, given: unknown, session: ClientSession): Promise<CallAnswer>;
  /** Resolves once no call is at work any more, those included whose client no longer waits. */
  idle(): Promise<void>;
};

export type ConfigSource = {
  /**
   * The file of a certificate, fetched and checked again for whoever was handed it over to.
   * @param client that fetches it. @param person who had it handed over
   * @throws CallFailure, MalformedResponseError, RefusedError
   */
  fetchConfig(
    wanted: KeyAbout,
    client: string,
    person: Person | undefined,
    signal: AbortSignal,
  ): Promise<FetchedConfig>;
};

export type FetchedConfig = Awaited<ReturnType<typeof fetchConfig>>;

/** The result, or the question whose answer has to come with the same call again. */
export type CallAnswer = { structured: Record<string, unknown>; isError: boolean } | { pending: QuestionPending };

const SAVE = 'save_ssl_vpn_client_config';
const MAX_PROGRESS_TEXT = 200;

/** Fields of answers that hold texts of several lines, all of them ours. */
const MULTILINE = new Set(['code', 'canonical_request', 'string_to_sign']);

export function createCaller({ settings, runtime, audit, log, sandbox, handOver }: CallerParts): Caller & ConfigSource {
  const atWork = new Set<Promise<unknown>>();
  const allowed = TOOLS.filter(({ name, annotations }) => isIncluded(name, annotations.readOnlyHint, settings));

  return {
    call: (name, given, session) => counted(call(name, given, session)),
    fetchConfig: (wanted, client, person, signal) => counted(fetchAgain(wanted, client, person, signal)),
    async idle() {
      while (atWork.size > 0) await Promise.allSettled(atWork);
    },
  };

  function counted<T>(started: Promise<T>): Promise<T> {
    const work = started.finally(() => atWork.delete(work));
    atWork.add(work);
    return work;
  }

  async function fetchAgain(wanted: KeyAbout, client: string, person: Person | undefined, signal: AbortSignal) {
    const budget = createBudget(settings.deadlineMs, signal);
    try {
      const who = whoOf(budget, client, person);
      const { vpc, recordKey } = audited(runtime.vpc, audit, SAVE, who, budget, runtime.secrets);
      const context = { vpc: guarded(vpc, settings), budget, now: runtime.vpc.now };
      return await recordKey(
        wanted,
        () => fetchConfig(wanted.regionId, wanted.certificateId, context),
        () => ({ by: 'link' }),
      );
    } finally {
      budget.close();
    }
  }

  async function call(name: string, given: unknown, session: ClientSession): Promise<CallAnswer> {
    const started = performance.now();
    const secrets = session.secret === undefined ? runtime.secrets : runtime.secrets.with(session.secret);
    const budget = createBudget(settings.deadlineMs, session.signal);
    const heartbeat = withHeartbeat((done, total, message) =>
      session.progress(done, total, visible(secrets.clean(message), MAX_PROGRESS_TEXT)),
    );
    let context: ToolContext | undefined;
    let structured: Record<string, unknown>;
    let failure: { code: string; category: string; effect: string; client_token?: string } | undefined;
    try {
      const tool = findTool(name, session.rights);
      context = contextOf(tool, given, budget, session, heartbeat.report, secrets);
      structured = await tool.invoke(given, context);
    } catch (thrown) {
      if (thrown instanceof QuestionPending) {
        log.info('tool call', { ...logged(name, started, session), outcome: 'asks' });
        return { pending: thrown };
      }
      const explanation = await (context?.explain(thrown) ?? explain(thrown));
      const error = errorAnswer(explanation);
      failure = error;
      structured = { error };
      if (explanation.isDefect) {
        const stack = thrown instanceof Error ? thrown.stack : undefined;
        log.error('defect', { tool: name, stack, ...session.trace });
      }
    } finally {
      heartbeat.stop();
      budget.close();
    }
    log.info('tool call', {
      ...logged(name, started, session),
      outcome: failure?.code ?? 'ok',
      category: failure?.category,
      // A cancelled call has no answer, so its token would be lost without this line.
      ...(failure !== undefined &&
        failure.effect !== 'none' && { effect: failure.effect, client_token: failure.client_token }),
    });
    return {
      structured: present(secrets.clean(sandbox ? { ...structured, sandbox } : structured), MULTILINE),
      isError: failure !== undefined,
    };
  }

  function findTool(name: string, rights: Rights | undefined): Tool {
    const mayUse = (tool: Tool): boolean => rights === undefined || rights.grantsFor(tool.name).length > 0;
    const tool = TOOLS.find((candidate) => candidate.name === name);
    if (tool === undefined) {
      throw new UnknownToolError(
        name,
        nearest(
          name,
          allowed.filter(mayUse).map((candidate) => candidate.name),
        ),
      );
    }
    if (allowed.includes(tool)) {
      if (mayUse(tool)) return tool;
      throw new RefusedError(`You may not use the tool ${name} here.`, [
        ask('If it is needed, ask the person who set this server up for the right to use it.'),
      ]);
    }
    const flag = excludingFlag(name, settings);
    throw new RefusedError(`The tool ${name} is switched off by ${flag}.`, [
      ask(`If it is wanted, ask the person who set this server up to change ${flag}.`),
    ]);
  }

  /** Where the tool that saves may not be used, or not for this certificate, no other writes a file either. */
  function handOverFor(person: Person | undefined, rights: Rights | undefined): HandOver | undefined {
    const grants = rights?.grantsFor(SAVE);
    if (!allowed.some(({ name }) => name === SAVE) || grants?.length === 0) return undefined;
    const { give, ...rest } = handOver(person);
    return {
      ...rest,
      async give(config, signal) {
        checkCertificate(config.regionId, config.certificate, { ...settings, grants });
        return give(config, signal);
      },
    };
  }

  function whoOf(budget: Budget, client: string, person: Person | undefined) {
    const { credentials } = runtime;
    return async (): Promise<AuditIntent['who']> => {
      const keys = await budget.race(Promise.resolve(credentials.get())).catch(() => undefined);
      return {
        access_key_id: keys?.accessKeyId,
        credentials_from: credentials.source(),
        profile: settings.profile,
        client,
        ...(person && { person }),
      };
    };
  }

  function contextOf(
    tool: Tool,
    given: unknown,
    budget: Budget,
    session: ClientSession,
    progress: Report,
    secrets: Secrets,
  ): ToolContext {
    const { person, rights } = session;
    const { credentials, pace, batches, consents } = runtime;
    const who = whoOf(budget, session.client, person);
    const policy: CallSettings = { ...settings, grants: rights?.grantsFor(tool.name) };
    const { vpc, recordKey } = audited(runtime.vpc, audit, tool.name, who, budget, secrets);
    const context: ToolContext = {
      vpc: guarded(vpc, policy),
      recordKey,
      budget,
      credentials,
      region: settings.region,
      centralRegion: centralRegion(policy),
      handOver: handOverFor(person, rights),
      progress,
      ask: session.ask && asking(session.ask, budget, secrets, person),
      explain: (error) => explainWithFacts(error, tool, given, context),
      log,
      pace,
      ...(person === undefined ? { batches, consents } : memoryOf(person, batches, consents)),
      now: runtime.vpc.now,
    };
    return context;
  }
}

function logged(name: string, started: number, { person, trace }: ClientSession) {
  return {
    tool: visible(name, 64),
    ms: Math.round(performance.now() - started),
    ...(person && { person: person.label }),
    ...trace,
  };
}

/** Any region's endpoint knows all regions; one that the settings name is the one most surely reachable. */
export function centralRegion(policy: Policy & { region: string | undefined }): string {
  const named = [
    ...(policy.region === undefined ? [] : [policy.region]),
    ...(policy.allowRegions ?? []),
    ...(policy.grants ?? []).flatMap(({ regions = [] }) => regions),
  ];
  return named.find((region) => allowsRegion(region, policy)) ?? CENTRAL_REGION;
}

/** What is remembered of one person's calls is nobody else's: a batch that goes on without its id, a yes to a revocation. */
function memoryOf({ issuer, subject }: Person, batches: Batches, consents: Consents) {
  const theirs = (what: string): string => JSON.stringify([issuer, subject, what]);
  return {
    batches: { open: (id, about, place) => batches.open(id, theirs(about), place) } satisfies Batches,
    consents: {
      give: (regionId, names) => consents.give(theirs(regionId), names),
      namesOf: (regionId, ids) => consents.namesOf(theirs(regionId), ids),
      end: (regionId, ids) => consents.end(theirs(regionId), ids),
    } satisfies Consents,
  };
}

/** The time that a person takes is not the cloud's. */
function asking(
  put: NonNullable<ClientSession['ask']>,
  budget: Budget,
  secrets: Secrets,
  person: Person | undefined,
): NonNullable<ToolContext['ask']> {
  return (question, consent) =>
    budget.suspend(async () => {
      const asked = person === undefined ? question : `${question}\nAsked for by: ${quoted(person.label)}`;
      try {
        return await budget.race(put(secrets.clean(asked), consent, budget.signal));
      } catch (error) {
        if (error instanceof QuestionPending) throw error;
        if (budget.signal.aborted) throw new CancelledError();
        throw new RefusedError(
          `The person could not be asked: ${visible(error instanceof Error ? error.message : '', 200)}`,
          [ask('Ask the person in the conversation instead, and repeat the call once the question can be shown.')],
        );
      }
    });
}
