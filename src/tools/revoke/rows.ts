/** What became of the certificates of one revocation so far. */
import { basename, dirname } from 'node:path';
import { z } from 'zod/v3';
import { errorAnswer, explain } from '../../errors/explain.js';
import { nextSteps } from '../results.js';

export const revokedRow = z.object({
  ssl_vpn_client_cert_id: z.string(),
  name: z.string(),
  /** Name of a saved configuration in the output folder. */
  file: z.string().optional(),
});
export type RevokedRow = z.infer<typeof revokedRow>;

export const failedRow = z.object({
  ssl_vpn_client_cert_id: z.string(),
  name: z.string(),
  code: z.string(),
  message: z.string(),
  effect: z.enum(['none', 'done', 'unknown']),
  next_steps: nextSteps,
});

export class Rows {
  readonly revoked: RevokedRow[] = [];
  readonly gone: string[] = [];
  readonly failed: z.infer<typeof failedRow>[] = [];
  /** What ended the work before its time, of one gateway or of all. */
  stoppedBy: unknown;
  /** Of the saved configurations, where there are any. */
  folder: string | undefined;
  private readonly withoutOutcome: Set<string>;

  /** @param ids each once */
  constructor(private readonly ids: readonly string[]) {
    this.withoutOutcome = new Set(ids);
  }

  /** @param savedFile path of its configuration, where there is one */
  addRevoked(row: RevokedRow, savedFile: string | undefined): void {
    if (savedFile !== undefined) this.folder = dirname(savedFile);
    this.revoked.push({ ...row, ...(savedFile !== undefined && { file: basename(savedFile) }) });
    this.withoutOutcome.delete(row.ssl_vpn_client_cert_id);
  }

  addGone(id: string): void {
    this.gone.push(id);
    this.withoutOutcome.delete(id);
  }

  fail(row: Pick<RevokedRow, 'ssl_vpn_client_cert_id' | 'name'>, error: unknown): void {
    const { code, message, effect, next_steps } = errorAnswer(explain(error));
    this.failed.push({ ...row, code, message, effect, next_steps });
    this.withoutOutcome.delete(row.ssl_vpn_client_cert_id);
  }

  /** Ids without an outcome, in the order of the call. */
  get remaining(): string[] {
    return this.ids.filter((id) => this.withoutOutcome.has(id));
  }

  get done(): number {
    return this.ids.length - this.withoutOutcome.size;
  }
}
