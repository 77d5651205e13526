/**
 * The audit log: an intent line on the disk before the first attempt of each change, an outcome line after its last.
 * No handle is kept, so the file can be rotated, deleted or repaired without a restart.
 */
import { appendFileSync } from 'node:fs';
import type { Budget } from './budget.js';
import { CancelledError, RefusedError } from './errors/errors.js';
import { ask, repeat } from './errors/steps.js';
import { systemCode } from './errors/system-code.js';
import { appendDurably } from './files/append-durably.js';
import type { Log } from './log.js';
import type { Person } from './person.js';

export type AuditIntent = {
  tool: string;
  /** Of the API, e.g. CreateSslVpnClientCert. */
  action: string;
  client_token: string;
  /** What the request is about, in the API's own names; no secrets. */
  parameters: Readonly<Record<string, string>>;
  who: {
    access_key_id: string | undefined;
    credentials_from: string | undefined;
    profile: string | undefined;
    client: string;
    /** Whoever signed in. */
    person?: Person;
  };
};

/** What became of a change, and what else belongs to it. */
export type AuditOutcome = { outcome: 'ok' | 'failed' | 'unknown'; [fact: string]: unknown };

export type AuditLog = {
  /** On the disk when it resolves. @throws RefusedError where the line cannot be written: the change is not to be made */
  intent(intent: AuditIntent, budget: Budget): Promise<void>;
  /** Never fails: what was done is done. A line that cannot be written goes to stderr and holds up further intents. */
  outcome(intent: AuditIntent, outcome: AuditOutcome): Promise<void>;
  /** Whether a line could be written; writes none. @throws RefusedError */
  check(): Promise<void>;
  /** Records every intent without an outcome as open, for the last moment of the process. */
  closeSync(why: string): void;
};

/** Lines are written in one piece, so that those of several processes do not run into one another. */
const MAX_LINE = 16_384;

export function createAuditLog(path: string, log: Log): AuditLog {
  /** Whose intent is on its way to the disk. */
  const starting = new Set<AuditIntent>();
  const open = new Set<AuditIntent>();
  /** Outcomes that could not be written, oldest first: the next intent takes them along. */
  let owed: string[] = [];
  const pending = new Set<string>();
  let waiting: { text: string; done: (error?: unknown) => void }[] = [];
  let writing = false;

  /** Lines that come while others are written share the next write and flush. */
  function append(text: string): Promise<void> {
    const written = new Promise<void>((resolve, reject) => {
      waiting.push({ text, done: (error) => (error === undefined ? resolve() : reject(error)) });
    });
    if (!writing) void writeAll();
    return written;
  }

  async function writeAll(): Promise<void> {
    writing = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      const error = await appendDurably(path, batch.map(({ text }) => text).join('')).then(
        () => undefined,
        (thrown: unknown) => thrown ?? new Error(),
      );
      for (const { done } of batch) done(error);
    }
    writing = false;
  }

  function refusal(why: string): RefusedError {
    return new RefusedError(`The audit log ${path} cannot be written (${why}), so no change is made.`, [
      ask('Ask the person who set this server up to make the file of --audit-log writable, or to choose another.'),
      repeat('Then repeat the call.'),
    ]);
  }

  return {
    async intent(intent, budget) {
      const { signal } = budget;
      const line = lineOf({ ...entryOf(intent), outcome: 'intent' });
      try {
        const settled = owed;
        owed = [];
        starting.add(intent);
        const written = append([...settled, line].join(''))
          .finally(() => starting.delete(intent))
          .then(
            () => void open.add(intent),
            (error: unknown) => {
              owed = [...settled, ...owed];
              throw error;
            },
          );
        // A line that lands after the change was given up is told so: no intent may stay open that nobody follows.
        written.then(
          () => signal.aborted && void this.outcome(intent, { outcome: 'failed', code: 'Client.Refused' }),
          () => {},
        );
        await budget.race(written);
        signal.throwIfAborted();
      } catch (error) {
        if (signal.reason instanceof CancelledError) throw signal.reason;
        throw refusal(signal.aborted ? 'it did not take the line in time' : (systemCode(error) ?? 'unknown'));
      }
    },
    async outcome(intent, outcome) {
      if (!open.delete(intent)) return;
      const line = lineOf({ ...entryOf(intent), ...outcome });
      // At the last moment of the process, one that is still on its way is not lost either.
      pending.add(line);
      try {
        await append(line);
      } catch (error) {
        owed.push(line);
        log.error('audit log not written', { path, why: systemCode(error) ?? 'unknown', entry: JSON.parse(line) });
      } finally {
        pending.delete(line);
      }
    },
    async check() {
      try {
        await appendDurably(path, '');
      } catch (error) {
        throw refusal(systemCode(error) ?? 'unknown');
      }
    },
    closeSync(why) {
      if (starting.size + open.size + pending.size + owed.length === 0) return;
      const lines = [
        ...[...open].map((intent) => lineOf({ ...entryOf(intent), outcome: 'unknown', why })),
        // Their lines may be on the disk; the changes were not begun.
        ...[...starting].map((intent) => lineOf({ ...entryOf(intent), outcome: 'failed', why })),
      ];
      starting.clear();
      open.clear();
      try {
        appendFileSync(path, [...owed, ...pending, ...lines].join(''), { mode: 0o600 });
      } catch (error) {
        for (const line of [...owed, ...pending, ...lines])
          log.error('audit log not written', { path, why: systemCode(error) ?? 'unknown', entry: JSON.parse(line) });
      }
    },
  };
}

/** Does the work between an intent and an outcome. @throws RefusedError where there is no intent, and what the work throws */
export async function recordChange<T>(
  audit: AuditLog,
  intent: AuditIntent,
  work: () => Promise<T>,
  outcomeOf: (settled: { result: T } | { error: unknown }) => AuditOutcome,
  budget: Budget,
): Promise<T> {
  await audit.intent(intent, budget);
  let settled: { result: T } | { error: unknown };
  try {
    settled = { result: await work() };
  } catch (error) {
    settled = { error };
  }
  await audit.outcome(intent, outcomeOf(settled));
  if ('error' in settled) throw settled.error;
  return settled.result;
}

function entryOf({ tool, action, client_token, parameters, who }: AuditIntent): Record<string, unknown> {
  return { time: new Date().toISOString(), tool, action, client_token, parameters, who };
}

function lineOf(entry: Record<string, unknown>): string {
  const line = JSON.stringify(entry);
  const { parameters: _parameters, ...rest } = entry;
  return `${line.length <= MAX_LINE ? line : JSON.stringify({ ...rest, parameters: 'too long' })}\n`;
}
