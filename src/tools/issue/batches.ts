/** What is known of batches beyond one call: their ids, when they began, and which certificates they made. */
import { createHash, randomBytes } from 'node:crypto';
import { StoreDownError } from '../../errors/errors.js';
import { fix } from '../../errors/steps.js';
import { type Store, unlessDown } from '../../store/store.js';
import type { CertSummary } from '../../vpc/actions.js';

export type Batch = {
  id: string;
  /**
   * The id whose token a row is sent with: that of the batch which sent the same name lately, where there is one, so that
   * both make one certificate, however long ago each read what exists.
   * @param gone certificates that were made of this name lately and are not there any more
   */
  tokenFor(name: string, gone: readonly string[]): Promise<RowToken>;
  /** The row has this certificate now. */
  note(name: string, certificateId: string): Promise<void>;
  /** Nobody knows what became of the row. */
  doubt(name: string): Promise<void>;
  /** Whether it made this certificate, in an earlier call too; undefined where that cannot be known. */
  made(cert: Pick<CertSummary, 'SslVpnClientCertId' | 'CreateTime' | 'Name'>): boolean | undefined;
  /** There is nothing left to repeat. */
  finish(): Promise<void>;
};

/** `made`: the certificate that came of it, where that is known. */
export type RowToken = { id: string; mayRepeat: boolean; made?: string };

export type Batches = {
  /**
   * @param id of the batch, where the caller knows it
   * @param about what it is about: a client that gave up waiting repeats the call as it was, and without the id that it
   *   never got to know, that would be a new batch; what is still in flight of the old one would be made twice
   * @param place where names are one person each: region and server
   * @throws StoreDownError where that cannot be told
   */
  open(id: string | undefined, about: string, place: string): Promise<Batch>;
};

/** The service refuses requests of clocks that are off by more. */
const MAX_CLOCK_DIFFERENCE_MS = 15 * 60_000;
/** No batch goes on for so long; older ones are forgotten, though their ids still say when they began. */
const MAX_AGE_MS = 7 * 86_400_000;

/** Two calls that follow each other take less, and no batch works on with a list of what exists that is older. */
const SENT_MS = 30 * 60_000;

/** @param now the time of the service, Unix ms */
export function createBatches(store: Store, now: () => number): Batches {
  return {
    async open(given, about, place) {
      const unfinished = keyOf('unfinished', about);
      const fresh = newId(now());
      const id = given ?? (await store.once(unfinished, () => fresh, MAX_AGE_MS).catch(refuse));
      if (given !== undefined) await unlessDown(store.put(unfinished, given, MAX_AGE_MS), undefined);
      const made = await unlessDown(store.members(`made:${id}`), new Set<string>());
      const doubted = await unlessDown(store.members(`doubted:${id}`), new Set<string>());
      const ownBeginning = beginningOf(id);
      const seenFirst = await firstSeen(id, ownBeginning === undefined || id === fresh);
      const begun = ownBeginning ?? seenFirst ?? now();
      const surelyBefore = begun - (ownBeginning === undefined ? MAX_AGE_MS : MAX_CLOCK_DIFFERENCE_MS);
      /** Where it stands by whom each name was sent, and what came of it. */
      const sent = new Map<string, { key: string; by: string }>();
      return {
        id,
        async tokenFor(name, gone) {
          const key = keyOf('sent', JSON.stringify([place, name, ...gone]));
          const text = await unlessDown(
            store.once(key, () => id, SENT_MS),
            id,
          );
          // Neither of them holds a space.
          const [by = id, certificateId] = text.split(' ');
          sent.set(name, { key, by });
          return { id: by, mayRepeat: by !== fresh, ...(certificateId !== undefined && { made: certificateId }) };
        },
        async note(name, certificateId) {
          made.add(certificateId);
          await unlessDown(store.add(`made:${id}`, certificateId, MAX_AGE_MS), undefined);
          const { key, by } = sent.get(name) ?? {};
          if (key !== undefined) await unlessDown(store.put(key, `${by} ${certificateId}`, SENT_MS), undefined);
        },
        async doubt(name) {
          await unlessDown(store.add(`doubted:${id}`, name, MAX_AGE_MS), undefined);
        },
        made({ SslVpnClientCertId, CreateTime, Name }) {
          if (made.has(SslVpnClientCertId)) return true;
          if (CreateTime < surelyBefore) return false;
          // Others make certificates too: where all that this batch made was noted, one that was not may be theirs.
          return CreateTime >= begun && (seenFirst === undefined || doubted.has(Name)) ? true : undefined;
        },
        finish: async () => void (await unlessDown(store.take(unfinished), undefined)),
      };
    },
  };

  /** @param isNow whether that is now, unless it was before. @returns Unix ms; undefined where it was never seen here */
  async function firstSeen(id: string, isNow: boolean): Promise<number | undefined> {
    const key = `begun:${id}`;
    const text = await unlessDown(isNow ? store.once(key, () => String(now()), MAX_AGE_MS) : store.get(key), undefined);
    return text === undefined ? undefined : Number(text);
  }
}

function keyOf(kind: 'unfinished' | 'sent', what: string): string {
  return `${kind}:${createHash('sha256').update(what).digest('base64url')}`;
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
