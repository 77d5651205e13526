/** One signed call of the VPC API with all its attempts. Source: facts of "V3 request structure and signature". */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { CallFailure, CancelledError, ConnectionError, CredentialsMissingError } from '../errors/errors.js';
import type { Log } from '../log.js';
import type { Credentials, CredentialsProvider } from './credentials.js';
import { vpcEndpoint } from './endpoints.js';
import type { HttpPool, HttpRequest, HttpResponse } from './http.js';
import { redact } from './redact.js';
import { type Envelope, malformed, readEnvelope } from './response.js';
import { backOff, isClockError, isThrottled, mayHaveActed, retryAfterOf, retryKind } from './retry.js';
import { canonicalQuery, type Signed, sign } from './signature.js';

export const API_VERSION = '2016-04-28';

export type ApiRequest<Value> = {
  action: string;
  /** Decides the endpoint. */
  regionId: string;
  /** As they are sent, RegionId included. */
  parameters: Readonly<Record<string, string>>;
  /** Whether the action changes anything in the cloud. */
  changes: boolean;
  /** Takes the value out of the envelope; undefined where the answer lacks what makes it a success. */
  read(envelope: Envelope): Value | undefined;
};

export type CallBounds = {
  /** On the clock of performance.now(), in ms: no attempt goes beyond it. */
  deadline: number;
  signal?: AbortSignal | undefined;
  /**
   * In place of the back-off after a throttled attempt, so that a batch paces all its calls: waits for the next attempt.
   * @returns false where there is to be none
   */
  onThrottled?: (retryAfterSeconds: number | undefined) => Promise<boolean>;
};

export type ApiAnswer<Value> = { value: Value; requestId: string; attempts: number };

export type VpcClient = {
  /** @throws CallFailure whatever went wrong */
  call<Value>(request: ApiRequest<Value>, bounds: CallBounds): Promise<ApiAnswer<Value>>;
  /** The request as the first attempt would send it; nothing is sent. */
  prepare(request: Pick<ApiRequest<unknown>, 'action' | 'regionId' | 'parameters'>, credentials: Credentials): Prepared;
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
  /** Unix ms. */
  now?: () => number;
  random?: () => number;
};

export function createVpcClient(parts: VpcClientParts): VpcClient {
  const { endpoint, credentials, http, timeoutMs, log, now = Date.now, random = Math.random } = parts;
  // What the service's clock is ahead of ours, once it has said so; later calls are then right at their first attempt.
  let clockOffsetMs = 0;

  const prepare: VpcClient['prepare'] = ({ action, regionId, parameters }, keys) => {
    const origin = vpcEndpoint(regionId, endpoint);
    const headers: Record<string, string> = {
      host: new URL(origin).host,
      'x-acs-action': action,
      'x-acs-version': API_VERSION,
      'x-acs-date': new Date(now() + clockOffsetMs).toISOString().replace(/\.\d+Z$/, 'Z'),
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

  async function attempt<Value>(request: ApiRequest<Value>, keys: Credentials, ms: number, signal?: AbortSignal) {
    const pool = await http();
    const response = await pool.send(prepare(request, keys).http, { timeoutMs: ms, signal });
    const envelope = await readEnvelope(response, (value) => redact(value, keys));
    const value = request.read(envelope);
    if (value === undefined) throw incomplete(request.action, response, envelope);
    return { value, requestId: typeof envelope.RequestId === 'string' ? envelope.RequestId : '' };
  }

  async function call<Value>(request: ApiRequest<Value>, bounds: CallBounds): Promise<ApiAnswer<Value>> {
    const { deadline, signal } = bounds;
    const host = new URL(vpcEndpoint(request.regionId, endpoint)).host;
    let attempts = 0;
    let open = false;
    let clockCorrected = false;
    let credentialsRenewed = false;
    let last: Error | undefined;
    const fail = (cause: Error): CallFailure =>
      new CallFailure(cause, {
        action: request.action,
        regionId: request.regionId,
        host,
        parameters: request.parameters,
        effect: open ? 'unknown' : 'none',
        attempts,
        clientToken: request.changes ? request.parameters.ClientToken : undefined,
        clockOffsetSeconds: clockOffsetMs === 0 ? undefined : Math.round(clockOffsetMs / 1000),
      });

    for (;;) {
      if (signal?.aborted) throw fail(new CancelledError(false));
      if (last !== undefined && performance.now() >= deadline) throw fail(last);
      let keys: Credentials;
      try {
        keys = await withinDeadline(credentials.get(), deadline, host, signal);
      } catch (error) {
        throw fail(error instanceof Error ? error : new CredentialsMissingError([String(error)]));
      }
      attempts += 1;
      const started = performance.now();
      const remaining = Math.max(1, Math.floor(deadline - started));
      try {
        const { value, requestId } = await attempt(request, keys, Math.min(timeoutMs, remaining), signal);
        log.debug('call', {
          action: request.action,
          region_id: request.regionId,
          attempt: attempts,
          request_id: requestId,
        });
        return { value, requestId, attempts };
      } catch (error) {
        const cause = error instanceof Error ? error : new Error(String(error));
        last = cause;
        if (request.changes && mayHaveActed(cause)) open = true;
        log.debug('call failed', {
          action: request.action,
          region_id: request.regionId,
          attempt: attempts,
          ms: Math.round(performance.now() - started),
          error: 'code' in cause ? cause.code : cause.name,
        });
        if (isClockError(cause) && cause.serverTime !== undefined && !clockCorrected) {
          clockCorrected = true;
          clockOffsetMs = cause.serverTime - now();
          continue;
        }
        if (credentials.renew !== undefined && isExpired(cause) && !credentialsRenewed) {
          credentialsRenewed = true;
          credentials.renew(keys);
          continue;
        }
        if (bounds.onThrottled !== undefined && isThrottled(cause)) {
          if (await bounds.onThrottled(retryAfterOf(cause))) continue;
          throw fail(cause);
        }
        const kind = retryKind(cause, attempts);
        if (kind === 'never') throw fail(cause);
        const delay = backOff(cause, kind, attempts, random());
        if (performance.now() + delay >= deadline) throw fail(cause);
        await sleep(delay, undefined, signal === undefined ? {} : { signal }).catch(() => {
          throw fail(new CancelledError(false));
        });
      }
    }
  }

  return { call, prepare };
}

/** SHA-256 of nothing: RPC actions go with their parameters in the query. */
const EMPTY_BODY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

function incomplete(action: string, response: HttpResponse, envelope: Envelope): Error {
  return malformed(`HTTP ${response.status} to ${action} without the fields of its answer.`, response, envelope);
}

function isExpired(error: Error): boolean {
  return 'code' in error && error.code === 'InvalidSecurityToken.Expired';
}

/** The provider chain asks other hosts; whoever waits for it stops at the call's deadline and when cancelled. */
async function withinDeadline<T>(
  work: Promise<T> | T,
  deadline: number,
  host: string,
  signal?: AbortSignal,
): Promise<T> {
  if (!(work instanceof Promise)) return work;
  const done = new AbortController();
  const timeout = sleep(Math.max(0, deadline - performance.now()), undefined, { signal: done.signal }).then(() => {
    throw new ConnectionError('The credentials provider did not answer within the deadline.', {
      problem: 'timeout',
      host,
      systemCode: undefined,
      sent: false,
    });
  });
  const cancelled = new Promise<never>((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(new CancelledError(false)), { once: true, signal: done.signal });
  });
  timeout.catch(() => {});
  try {
    return await Promise.race([work, timeout, cancelled]);
  } finally {
    done.abort();
  }
}
