/** What is known of batches beyond one call: their ids, when they began, and which certificates they made. */
import { randomBytes } from 'node:crypto';
import type { CertSummary } from '../../vpc/actions.js';

export type Batch = {
  id: string;
  /** Whether an earlier call may have sent its requests. */
  mayRepeat: boolean;
  /** Notes a certificate that it made. */
  note(certificateId: string): void;
  /** Whether it made this certificate, in an earlier call too; undefined where that cannot be known. */
  made(cert: Pick<CertSummary, 'SslVpnClientCertId' | 'CreateTime'>): boolean | undefined;
  /** There is nothing left to repeat. */
  finish(): void;
};

export type Batches = {
  /**
   * @param id of the batch, where the caller knows it
   * @param about what it is about: a client that gave up waiting repeats the call as it was, and without the id that it
   *   never got to know, that would be a new batch; what is still in flight of the old one would be made twice
   */
  open(id: string | undefined, about: string): Batch;
};

/** Older batches are forgotten; their ids still say when they began. */
const MAX_REMEMBERED = 1_000;
/** The service refuses requests of clocks that are off by more. */
const MAX_CLOCK_DIFFERENCE_MS = 15 * 60_000;
/** No batch goes on for so long. */
const MAX_AGE_MS = 7 * 86_400_000;

/** @param now Unix ms */
export function createBatches(now: () => number = Date.now): Batches {
  const unfinished = new Map<string, string>();
  const remembered = new Map<string, { firstSeen: number; made: Set<string> }>();

  return {
    open(given, about) {
      const known = given ?? unfinished.get(about);
      const id = known ?? newId(now());
      remember(unfinished, about, id);
      const { firstSeen, made } = remembered.get(id) ?? { firstSeen: now(), made: new Set() };
      remember(remembered, id, { firstSeen, made });
      const ownBeginning = beginningOf(id);
      const begun = ownBeginning ?? firstSeen;
      const surelyBefore = begun - (ownBeginning === undefined ? MAX_AGE_MS : MAX_CLOCK_DIFFERENCE_MS);
      return {
        id,
        mayRepeat: known !== undefined,
        note: (certificateId) => made.add(certificateId),
        made({ SslVpnClientCertId, CreateTime }) {
          if (made.has(SslVpnClientCertId) || CreateTime >= begun) return true;
          return CreateTime < surelyBefore ? false : undefined;
        },
        finish: () => unfinished.delete(about),
      };
    },
  };
}

/** An id says when its batch began, so that a repeat knows it in another process too. */
function newId(time: number): string {
  return `batch-${time.toString(36)}-${randomBytes(6).toString('hex')}`;
}

/** @returns Unix ms; undefined for an id that the caller chose */
function beginningOf(id: string): number | undefined {
  const [, time] = /^batch-([0-9a-z]{8,9})-[0-9a-f]{12}$/.exec(id) ?? [];
  return time === undefined ? undefined : Number.parseInt(time, 36);
}

function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > MAX_REMEMBERED && oldest !== undefined) map.delete(oldest);
}
