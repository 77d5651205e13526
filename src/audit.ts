/** The audit log: one JSON object a line for every call of a tool that changes something, on the disk before its answer. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { CallFailure, type Effect, RefusedError, ServiceError } from './errors/errors.js';
import type { Log } from './log.js';
import type { VpcClient } from './vpc/client.js';

export type AuditEntry = {
  tool: string;
  /** As given; tools take no secrets. */
  parameters: unknown;
  who: {
    access_key_id: string | undefined;
    credentials_from: string | undefined;
    profile: string | undefined;
    client: string;
  };
  /** Of every request that could change something. */
  request_ids: string[];
  effect: Effect;
  /** "ok", or the code of the error. */
  outcome: string;
};

export type AuditLog = {
  /** @throws RefusedError where the log cannot be written: no call is made that could not be recorded */
  ready(): Promise<void>;
  /** Appended and flushed when it resolves. Never fails: what was done is done, and its answer must not be lost. */
  append(entry: AuditEntry): Promise<void>;
};

export function createAuditLog(path: string, log: Log): AuditLog {
  let file: Promise<FileHandle> | undefined;
  let broken: string | undefined;
  const opened = async (): Promise<FileHandle> => {
    file ??= open(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT, 0o600);
    return file;
  };
  return {
    async ready() {
      const why = broken ?? (await opened().then(() => undefined, codeOf));
      if (why === undefined) return;
      file = undefined;
      throw new RefusedError(
        `The audit log ${path} cannot be written (${why}), so nothing that changes anything is done.`,
        [
          'Let the person who set this server up make the file of --audit-log writable, or choose another.',
          'Then repeat the call.',
        ],
      );
    },
    async append(entry) {
      const line = `${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`;
      try {
        const handle = await opened();
        // One write in append mode: lines of several servers on one file do not run into one another.
        await handle.write(line);
        await handle.datasync();
        broken = undefined;
      } catch (error) {
        broken = codeOf(error);
        log.error('audit log not written', { path, why: broken, entry });
      }
    },
  };
}

export type Recorder = { vpc: VpcClient; requestIds: string[]; effect(): Effect };

/** A client that keeps count of what its changing calls did. */
export function recorded(vpc: VpcClient): Recorder {
  const requestIds: string[] = [];
  /** By client token, so that a repeat that settles an open end settles it here too. */
  const effects = new Map<string, Effect>();
  return {
    requestIds,
    vpc: {
      ...vpc,
      async call(request, bounds) {
        if (!request.changes) return vpc.call(request, bounds);
        const token = request.parameters.ClientToken ?? '';
        try {
          const answer = await vpc.call(request, bounds);
          requestIds.push(answer.requestId);
          effects.set(token, 'done');
          return answer;
        } catch (error) {
          if (error instanceof CallFailure) {
            if (error.cause instanceof ServiceError && error.cause.requestId !== undefined)
              requestIds.push(error.cause.requestId);
            effects.set(token, error.facts.effect);
          }
          throw error;
        }
      },
    },
    effect() {
      const all = [...effects.values()];
      return all.includes('unknown') ? 'unknown' : all.includes('done') ? 'done' : 'none';
    },
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}
