/** Which failures are worth another attempt of the same call, what they leave open, and how long to wait. */
import { ConnectionError, MalformedResponseError, ServiceError } from '../errors/errors.js';
import type { ThrottleScope } from './pace.js';

export type RetryKind = 'soon' | 'busy' | 'never';

/** Throttling, Throttling.User, Throttling.user, Rejected.Throttling: services differ. */
const THROTTLED = /(^|\.)Throttling(\.|$)/i;
const BASE_DELAY_MS = { soon: 200, busy: 1_000 };
const MAX_DELAY_MS = 8_000;
/** A name that does not exist seldom starts to while one waits; it is more often a mistyped region. */
const MAX_ATTEMPTS_NAME_NOT_FOUND = 3;

export function retryKind(error: Error, attempts: number): RetryKind {
  if (error instanceof ConnectionError) {
    if (error.problem === 'tls') return 'never';
    if (error.problem === 'name_not_found' && attempts >= MAX_ATTEMPTS_NAME_NOT_FOUND) return 'never';
    return 'soon';
  }
  if (error instanceof MalformedResponseError) {
    const refused = error.httpStatus >= 400 && error.httpStatus < 500 && error.httpStatus !== 429;
    return refused ? 'never' : 'soon';
  }
  if (error instanceof ServiceError) {
    if (error.code === 'VpnGateway.Configuring') return 'busy';
    if (throttlingOf(error) !== undefined || error.httpStatus >= 500 || error.code === 'SignatureNonceUsed')
      return 'soon';
  }
  return 'never';
}

/** What a throttling refusal slows down: an action by itself, or all of the account's requests. */
export function throttlingOf(error: Error): ThrottleScope | undefined {
  const throttled = error instanceof ServiceError && (THROTTLED.test(error.code) || error.httpStatus === 429);
  if (!throttled) return undefined;
  return /(^|\.)Throttling\.Api$/i.test(error.code) ? 'action' : 'all';
}

/** Whether the service may have acted on an attempt that ended so: no answer, none of the API's, or its own fault. */
export function mayHaveActed(error: Error): boolean {
  if (error instanceof ConnectionError) return error.sent;
  if (error instanceof MalformedResponseError) return true;
  if (!(error instanceof ServiceError)) return false;
  // An earlier request with this token is still being carried out.
  if (error.code.endsWith('LastTokenProcessing')) return true;
  return throttlingOf(error) === undefined && !(error.httpStatus >= 400 && error.httpStatus < 500);
}

/** Whether the service says that the request's date is off. */
export function isClockError(error: Error): error is ServiceError {
  return error instanceof ServiceError && ['InvalidTimeStamp.Expired', 'IllegalTimestamp'].includes(error.code);
}

/**
 * Milliseconds to wait before the next attempt: exponential with full jitter, never under what the service asked for.
 * @param attempts how many were made, from 1
 * @param random from 0 to 1
 */
export function backOff(error: Error, kind: 'soon' | 'busy', attempts: number, random: number): number {
  return (retryAfterOf(error) ?? 0) * 1000 + random * Math.min(MAX_DELAY_MS, BASE_DELAY_MS[kind] * 2 ** (attempts - 1));
}

/** Seconds that the service asked to wait. */
export function retryAfterOf(error: Error): number | undefined {
  const seconds = 'retryAfterSeconds' in error ? error.retryAfterSeconds : undefined;
  return typeof seconds === 'number' ? seconds : undefined;
}
