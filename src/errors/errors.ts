/** What can go wrong below the tools. Errors carry facts; explain.ts makes sentences of them. */
import { quoted } from './external-text.js';
import type { Step } from './steps.js';

/** What a failed call changed in the cloud. */
export type Effect = 'none' | 'done' | 'unknown';

/** The service answered with an error envelope; every text is as it was sent. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError' as const;
  readonly code: string;
  readonly httpStatus: number;
  readonly requestId: string | undefined;
  readonly recommend: string | undefined;
  /** Seconds, from Retry-After. */
  readonly retryAfterSeconds: number | undefined;
  /** The service's own clock in Unix milliseconds, from its Date header. */
  readonly serverTime: number | undefined;

  constructor(
    message: string,
    facts: Pick<ServiceError, 'code' | 'httpStatus' | 'requestId' | 'recommend' | 'retryAfterSeconds' | 'serverTime'>,
  ) {
    super(message);
    this.code = facts.code;
    this.httpStatus = facts.httpStatus;
    this.requestId = facts.requestId;
    this.recommend = facts.recommend;
    this.retryAfterSeconds = facts.retryAfterSeconds;
    this.serverTime = facts.serverTime;
  }
}

/** An answer that is not one of the API's: HTML from a proxy, truncated JSON, a success without its id. */
export class MalformedResponseError extends Error {
  override readonly name = 'MalformedResponseError' as const;
  readonly httpStatus: number;
  readonly requestId: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(what: string, facts: Pick<MalformedResponseError, 'httpStatus' | 'requestId' | 'retryAfterSeconds'>) {
    super(what);
    this.httpStatus = facts.httpStatus;
    this.requestId = facts.requestId;
    this.retryAfterSeconds = facts.retryAfterSeconds;
  }
}

export type ConnectionProblem =
  | 'name_not_found'
  | 'name_lookup'
  | 'refused'
  | 'unreachable'
  | 'tls'
  | 'proxy'
  | 'reset'
  | 'connect_timeout'
  | 'timeout'
  | 'protocol';

/** No answer at all. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError' as const;
  readonly problem: ConnectionProblem;
  readonly host: string;
  /** Node's or undici's code, e.g. ECONNREFUSED. */
  readonly systemCode: string | undefined;
  /** Whether the request was handed to the socket, so that the service may have acted on it. */
  readonly sent: boolean;

  constructor(message: string, facts: Pick<ConnectionError, 'problem' | 'host' | 'systemCode' | 'sent'>) {
    super(message);
    this.problem = facts.problem;
    this.host = facts.host;
    this.systemCode = facts.systemCode;
    this.sent = facts.sent;
  }
}

/** The caller no longer waits. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError' as const;

  constructor() {
    super('The call was cancelled.');
  }
}

/** The time for the whole call is up. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError' as const;

  constructor() {
    super('The time for this call was up before it could be finished.');
  }
}

export class CredentialsMissingError extends Error {
  override readonly name = 'CredentialsMissingError' as const;
  /** The places that were looked at, each with why it gave nothing. */
  readonly tried: readonly string[];

  constructor(tried: readonly string[]) {
    super('No Alibaba Cloud credentials were found.');
    this.tried = tried;
  }
}

/** Wrong arguments; one sentence each, naming the argument and what is accepted. */
export class InvalidArgumentsError extends Error {
  override readonly name = 'InvalidArgumentsError' as const;

  /**
   * @param steps in place of the general advice, where there is better
   * @param facts what the steps speak of
   */
  constructor(
    readonly problems: readonly string[],
    readonly steps?: readonly Step[],
    readonly facts?: Record<string, unknown>,
  ) {
    super(problems.join(' '));
  }
}

export class UnknownToolError extends Error {
  override readonly name = 'UnknownToolError' as const;
  readonly candidates: readonly string[];

  constructor(tool: string, candidates: readonly string[]) {
    super(`There is no tool ${quoted(tool)}.`);
    this.candidates = candidates;
  }
}

/** A rule of this server, not of the cloud, forbids the call. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError' as const;

  /** @param facts what the steps speak of */
  constructor(
    message: string,
    readonly steps: readonly Step[],
    readonly facts?: Record<string, unknown>,
  ) {
    super(message);
  }
}

/** What replicas share cannot be reached, so what needs it is not begun. */
export class StoreDownError extends Error {
  override readonly name = 'StoreDownError' as const;

  /** @param steps in place of the general advice, where there is better */
  constructor(
    what = 'That cannot be done now',
    readonly steps?: readonly Step[],
  ) {
    super(`${what}: the store that the replicas of this server share cannot be reached.`);
  }
}

/** Not a failure: the person's answer comes with the same call again, together with the state. */
export class QuestionPending extends Error {
  override readonly name = 'QuestionPending' as const;

  constructor(
    readonly question: string,
    readonly consent: string,
    readonly state: string,
  ) {
    super('The person has yet to answer.');
  }
}

export type FileKind = 'file' | 'folder' | 'symbolic link' | 'named pipe' | 'socket' | 'device';

/** A file that is not what would be written now, or a link that is not followed; overwriting replaces either. */
export class FileExistsError extends Error {
  override readonly name = 'FileExistsError' as const;
  readonly differs = true;

  constructor(
    readonly path: string,
    readonly kind: 'file' | 'symbolic link',
  ) {
    super(
      kind === 'file'
        ? `The file ${path} exists already, and it differs from what would be written now.`
        : `A symbolic link stands at ${path}; it was not followed.`,
    );
  }
}

/**
 * A file could not be read or written here. systemCode is the errno's name, e.g. ENOSPC, and undefined where a rule of
 * this server forbids it or something else stands in its place.
 */
export class FileWriteError extends Error {
  override readonly name = 'FileWriteError' as const;
  /** What stands in the way, where something does. */
  readonly obstacle: { path: string; kind: FileKind } | undefined;
  /** What a person can do about it: a sentence, with a command where there is one. */
  readonly remedy: string | undefined;

  constructor(
    readonly path: string,
    readonly systemCode: string | undefined,
    why: string,
    facts: Partial<Pick<FileWriteError, 'obstacle' | 'remedy'>> = {},
  ) {
    super(`${path}: ${why}`);
    this.obstacle = facts.obstacle;
    this.remedy = facts.remedy;
  }
}

export type CallFacts = {
  action: string;
  regionId: string;
  host: string;
  parameters: Readonly<Record<string, string>>;
  effect: Effect;
  attempts: number;
  /** Of a changing call: repeat with this token and nothing is made twice. */
  clientToken: string | undefined;
  /** Seconds this machine's clock is behind (positive) or ahead of the service's, where the service's is known. */
  clockOffsetSeconds: number | undefined;
};

/** A call of the API that failed for good, and what it changed. `cause` is one of the errors above. */
export class CallFailure extends Error {
  override readonly name = 'CallFailure' as const;
  readonly facts: CallFacts;
  override readonly cause: Error;

  constructor(cause: Error, facts: CallFacts) {
    super(cause.message);
    this.cause = cause;
    this.facts = facts;
  }
}

/** Whatever was thrown, as an Error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
