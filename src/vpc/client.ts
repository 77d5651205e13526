/** One signed call of the VPC API with all its attempts. Source: facts of "V3 request structure and signature". */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Budget } from '../budget.js';
import { asError, CallFailure, DeadlineError } from '../errors/errors.js';
import { visible } from '../errors/external-text.js';
import type { Log } from '../log.js';
import type { Secrets } from '../secrets.js';
import type { Credentials, CredentialsProvider } from './credentials.js';
import type { HttpPool, HttpRequest, HttpResponse } from './http.js';
import type { Pace } from './pace.js';
import { readAllPages } from './paging.js';
import { type Envelope, malformed, readEnvelope } from './response.js';
import { backOff, isClockError, mayHaveActed, retryAfterOf, retryKind, throttlingOf } from './retry.js';
import { canonicalQuery, type Signed, sign } from './signature.js';

export type ApiRequest<Value> = {
  api: Api;
  action: string;
  /** Decides the endpoint. */
  regionId: string;
  /** As they are sent, RegionId included. */
  parameters: Readonly<Record<string, string>>;
  /** Whether the action changes anything in the cloud. */
  changes: boolean;
  /** Takes the value out of the envelope; undefined where the answer lacks what makes it a success. */
  read(envelope: Envelope): Value | undefined;
  /** Awaited right before each attempt is sent, once nothing else is to be waited for; what it throws ends the call. */
  beforeAttempt?(): Promise<void>;
  /** What the value is about, for the policy; absent where the request says all of it. */
  subjectOf?(value: Value): Subject;
};

/** One of the vendor's APIs. */
export type Api = {
  version: string;
  /** Base URL. @param override that of the settings */
  endpoint(regionId: string, override?: string): string;
};

/** What is known of what something is about; a field that is absent is not known, or does not apply. */
export type Subject = {
  regionId?: string;
  serverId?: string;
  /** Of the certificate, empty for one without a name; of the user where a connection says that in its place. */
  name?: string;
  /** Of the certificate that a connection uses, if it says so. */
  certificateId?: string;
};

/** A list that comes in pages. */
export type ListRequest<Member> = {
  /** @param pageNumber from 1 */
  page(pageNumber: number): ApiRequest<Page<Member>>;
  idOf(member: Member): string;
  subjectOf(member: Member): Subject;
  /** Hears of each member that is kept back because of the settings, where the caller may know of it; then it is hidden. */
  refused?(member: Member, refusal: Error): void;
};

export type Page<Member> = { total: number; members: readonly Member[] };

export type ApiAnswer<Value> = { value: Value; requestId: string; attempts: number };

export type VpcClient = {
  /**
   * @param pace paces every attempt, for work that makes many calls
   * @throws CallFailure whatever went wrong
   */
  call<Value>(request: ApiRequest<Value>, budget: Budget, pace?: Pace): Promise<ApiAnswer<Value>>;
  /** Every member once, though the list may change while it is read. @throws CallFailure */
  list<Member>(request: ListRequest<Member>, budget: Budget, pace?: Pace): Promise<Member[]>;
  /** The time of the service as far as it is known, Unix ms: this machine's, until the service says that it is off. */
  now(): number;
  /** The request as the first attempt would send it; nothing is sent. */
  prepare(request: Omit<ApiRequest<unknown>, 'read' | 'subjectOf'>, credentials: Credentials): Prepared;
};

export type Prepared = { http: HttpRequest; signed: Signed; url: string };

export type VpcClientParts = {
  /** Base URL that replaces the region's own. */
  endpoint?: string | undefined;
  credentials: CredentialsProvider;
  http: () => Promise<HttpPool>;
  /** ms for one attempt. */
  timeoutMs: number;
  log: Log;
  /** Answers pass them before anything looks at what they say. */
  secrets: Secrets;
  /** Unix ms. */
  now?: () => number;
  random?: () => number;
};

export function createVpcClient(parts: VpcClientParts): VpcClient {
  const { endpoint, credentials, http, timeoutMs, log, secrets, now = Date.now, random = Math.random } = parts;
  // What the service's clock is ahead of ours, once it has said so; later calls are then right at their first attempt.
  let clockOffsetMs = 0;
  const serviceTime = (): number => now() + clockOffsetMs;

  const prepare: VpcClient['prepare'] = ({ api, action, regionId, parameters }, keys) => {
    const origin = api.endpoint(regionId, endpoint);
    const headers: Record<string, string> = {
      host: new URL(origin).host,
      'x-acs-action': action,
      'x-acs-version': api.version,
      'x-acs-date': new Date(serviceTime()).toISOString().replace(/\.\d+Z$/, 'Z'),
      'x-acs-signature-nonce': randomUUID(),
      'x-acs-content-sha256': EMPTY_BODY_SHA256,
      accept: 'application/json',
    };
    if (keys.securityToken !== undefined) headers['x-acs-security-token'] = keys.securityToken;
    const signed = sign(
      { method: 'POST', path: '/', query: parameters, headers, body: '' },
      keys.accessKeyId,
      keys.accessKeySecret,
    );
    const path = `/?${canonicalQuery(parameters)}`;
    headers.authorization = signed.authorization;
    return { http: { origin, path, method: 'POST', headers }, signed, url: origin + path };
  };

  async function attempt<Value>(request: ApiRequest<Value>, keys: Credentials, budget: Budget) {
    const pool = await http();
    const response = await pool.send(prepare(request, keys).http, {
      timeoutMs: Math.min(timeoutMs, Math.max(1, Math.floor(budget.remaining()))),
      // What may change something is awaited once it is on its way, because what became of it is worth knowing.
      signal: request.changes ? undefined : budget.signal,
    });
    const envelope = await readEnvelope(response, secrets.cleanCredentials);
    const value = request.read(envelope);
    if (value === undefined) throw incomplete(request.action, response, envelope);
    const { RequestId } = envelope;
    return { value, requestId: typeof RequestId === 'string' ? visible(RequestId, MAX_REQUEST_ID) : '' };
  }

  async function call<Value>(request: ApiRequest<Value>, budget: Budget, pace?: Pace): Promise<ApiAnswer<Value>> {
    const { signal } = budget;
    const { api, action, regionId, parameters } = request;
    const host = new URL(api.endpoint(regionId, endpoint)).host;
    let attempts = 0;
    let open = false;
    let clockCorrected = false;
    let credentialsRenewed = false;
    let last: Error | undefined;
    const fail = (cause: Error): CallFailure =>
      new CallFailure(cause, {
        action,
        regionId,
        host,
        parameters,
        effect: open ? 'unknown' : 'none',
        attempts,
        clientToken: request.changes ? parameters.ClientToken : undefined,
        clockOffsetSeconds: clockOffsetMs === 0 ? undefined : Math.round(clockOffsetMs / 1000),
      });
    /** The error that the last attempt met tells more than that time ran out after it. */
    const over = (): CallFailure =>
      fail(signal.reason instanceof DeadlineError ? (last ?? signal.reason) : signal.reason);
    const waited = async <T>(wait: Promise<T> | T): Promise<T> => {
      try {
        return await (wait instanceof Promise ? budget.race(wait) : wait);
      } catch (error) {
        throw signal.aborted ? over() : fail(asError(error));
      }
    };

    const lookFirst = async (): Promise<void> => {
      try {
        await request.beforeAttempt?.();
        signal.throwIfAborted();
      } catch (error) {
        pace?.report(action, 'accepted');
        if (signal.aborted) throw over();
        throw open ? fail(error instanceof CallFailure ? error.cause : asError(error)) : error;
      }
    };

    for (;;) {
      if (signal.aborted) throw over();
      // One begun so late would most likely end as a time-out, which hides the error before it.
      if (last !== undefined && budget.remaining() < MIN_RETRY_MS) throw fail(last);
      const keys = await waited(credentials.get());
      // It rejects when the budget is over, and each turn that it gives is to be reported.
      await pace?.turn(action, signal).catch(() => {
        throw over();
      });
      await lookFirst();
      attempts += 1;
      const started = performance.now();
      try {
        const { value, requestId } = await attempt(request, keys, budget);
        pace?.report(action, 'accepted');
        log.debug('call', { action, region_id: regionId, attempt: attempts, request_id: requestId });
        return { value, requestId, attempts };
      } catch (error) {
        const cause = asError(error);
        last = cause;
        if (request.changes && mayHaveActed(cause)) open = true;
        const throttled = throttlingOf(cause);
        pace?.report(
          action,
          throttled === undefined ? 'accepted' : { throttled, retryAfterSeconds: retryAfterOf(cause) },
        );
        log.debug('call failed', {
          action,
          region_id: regionId,
          attempt: attempts,
          ms: Math.round(performance.now() - started),
          error: 'code' in cause ? cause.code : cause.name,
          throttled,
        });
        if (signal.aborted) throw over();
        const offset = clockCorrected ? undefined : clockCorrection(cause, now());
        if (offset !== undefined) {
          clockCorrected = true;
          clockOffsetMs = offset;
          continue;
        }
        if (credentials.renew !== undefined && isExpired(cause) && !credentialsRenewed) {
          credentialsRenewed = true;
          credentials.renew(keys);
          continue;
        }
        // The pace waits for all of its calls.
        if (pace !== undefined && throttled !== undefined) continue;
        const kind = retryKind(cause, attempts);
        if (kind === 'never') throw fail(cause);
        const delay = backOff(cause, kind, attempts, random());
        if (delay >= budget.remaining()) throw fail(cause);
        await waited(sleep(delay, undefined, { signal }));
      }
    }
  }

  const client: VpcClient = {
    call,
    prepare,
    now: serviceTime,
    list: (request, budget, pace) =>
      readAllPages(async (pageNumber) => (await call(request.page(pageNumber), budget, pace)).value, request.idOf),
  };
  return client;
}

const MAX_REQUEST_ID = 128;

/** Less than that is no time for an answer from another continent. */
const MIN_RETRY_MS = 250;

/** SHA-256 of nothing: RPC actions go with their parameters in the query. */
const EMPTY_BODY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

function incomplete(action: string, response: HttpResponse, envelope: Envelope): Error {
  return malformed(`HTTP ${response.status} to ${action} without the fields of its answer.`, response, envelope);
}

function isExpired(error: Error): boolean {
  return 'code' in error && error.code === 'InvalidSecurityToken.Expired';
}

/** ms to add to this machine's clock, where the service says that it is off and gives a date that can be one. */
function clockCorrection(error: Error, now: number): number | undefined {
  if (!isClockError(error) || error.serverTime === undefined) return undefined;
  const { serverTime } = error;
  return serverTime >= EARLIEST_DATE && serverTime <= LATEST_DATE ? serverTime - now : undefined;
}

/** Unix ms. A date beyond them is a fault or a trick, and beyond four digits of a year no request could be signed. */
const EARLIEST_DATE = Date.UTC(2020, 0);
const LATEST_DATE = Date.UTC(2100, 0);
