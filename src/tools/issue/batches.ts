/** What is known of batches beyond one call: their ids, when they began, and which certificates they made. */
import { createHash, randomBytes } from 'node:crypto';
import { StoreDownError } from '../../errors/errors.js';
import { fix } from '../../errors/steps.js';
import { type Store, unlessDown } from '../../store/store.js';
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
  finish(): Promise<void>;
};

export type Batches = {
  /**
   * @param id of the batch, where the caller knows it
   * @param about what it is about: a client that gave up waiting repeats the call as it was, and without the id that it
   *   never got to know, that would be a new batch; what is still in flight of the old one would be made twice
   * @throws StoreDownError where that cannot be told
   */
  open(id: string | undefined, about: string): Promise<Batch>;
};

/** The service refuses requests of clocks that are off by more. */
const MAX_CLOCK_DIFFERENCE_MS = 15 * 60_000;
/** No batch goes on for so long; older ones are forgotten, though their ids still say when they began. */
const MAX_AGE_MS = 7 * 86_400_000;

/** @param now Unix ms */
export function createBatches(store: Store, now: () => number = Date.now): Batches {
  return {
    async open(given, about) {
      const unfinished = `unfinished:${createHash('sha256').update(about).digest('base64url')}`;
      const fresh = newId(now());
      const id = given ?? (await store.once(unfinished, () => fresh, MAX_AGE_MS).catch(refuse));
      if (given !== undefined) await unlessDown(store.put(unfinished, given, MAX_AGE_MS), undefined);
      const made = await unlessDown(store.members(`made:${id}`), new Set<string>());
      const ownBeginning = beginningOf(id);
      const begun = ownBeginning ?? (await firstSeen(id));
      const surelyBefore = begun - (ownBeginning === undefined ? MAX_AGE_MS : MAX_CLOCK_DIFFERENCE_MS);
      return {
        id,
        mayRepeat: id !== fresh,
        note(certificateId) {
          made.add(certificateId);
          // Nobody waits for it: without it, the time at which the certificate was made tells nearly as well.
          void unlessDown(store.add(`made:${id}`, certificateId, MAX_AGE_MS), undefined);
        },
        made({ SslVpnClientCertId, CreateTime }) {
          if (made.has(SslVpnClientCertId) || CreateTime >= begun) return true;
          return CreateTime < surelyBefore ? false : undefined;
        },
        finish: async () => void (await unlessDown(store.take(unfinished), undefined)),
      };
    },
  };

  async function firstSeen(id: string): Promise<number> {
    const text = await unlessDown(
      store.once(`begun:${id}`, () => String(now()), MAX_AGE_MS),
      undefined,
    );
    return text === undefined ? now() : Number(text);
  }
}

function refuse(error: unknown): never {
  if (!(error instanceof StoreDownError)) throw error;
  throw new StoreDownError('A batch without a batch_id cannot be told from one that is under way, so none was begun', [
    fix(
      'Call again with a batch_id of your own, e.g. joiners-2026-11, and repeat with the same one; or repeat the call as it is in half a minute.',
    ),
  ]);
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
