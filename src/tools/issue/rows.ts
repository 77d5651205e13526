/** What became of the rows of a batch so far. */
import { z } from 'zod/v3';
import type { Explanation } from '../../errors/explain.js';
import type { IndexRow } from '../../files/config-index.js';
import { nextSteps } from '../results.js';

export const issuedRow = z.object({
  name: z.string(),
  ssl_vpn_client_cert_id: z.string(),
  status: z.string().optional(),
  file: z.string().optional(),
  file_error: z.string().optional(),
});
export type IssuedRow = z.infer<typeof issuedRow>;

export const failedRow = z.object({ name: z.string(), code: z.string(), message: z.string(), next_steps: nextSteps });

export class Rows {
  readonly created: IssuedRow[] = [];
  readonly existed: IssuedRow[] = [];
  readonly failed: z.infer<typeof failedRow>[] = [];
  /** Rows whose file is written, for index.csv. */
  readonly index: IndexRow[] = [];
  /** What ended the batch before its time. */
  stoppedBy: Explanation | undefined;
  private readonly withoutOutcome: Set<string>;
  private readonly withoutFile = new Set<string>();

  constructor(private readonly names: readonly string[]) {
    this.withoutOutcome = new Set(names);
  }

  addCreated(row: IssuedRow): void {
    this.created.push(row);
    this.withoutOutcome.delete(row.name);
  }

  addExisting(row: IssuedRow): void {
    this.existed.push(row);
    this.withoutOutcome.delete(row.name);
  }

  addFailed(row: z.infer<typeof failedRow>): void {
    this.failed.push(row);
    this.withoutOutcome.delete(row.name);
  }

  awaitsFile({ name }: IssuedRow): void {
    this.withoutFile.add(name);
  }

  /** Its file is written, or cannot be. */
  settlesFile({ name }: IssuedRow): void {
    this.withoutFile.delete(name);
  }

  /** Names without an outcome, in the order of the list. */
  get remaining(): string[] {
    return this.names.filter((name) => this.withoutOutcome.has(name));
  }

  /** Names whose file is wanted and not written yet. */
  get unsaved(): string[] {
    return this.names.filter((name) => this.withoutFile.has(name));
  }

  get done(): number {
    return this.names.length - this.withoutOutcome.size;
  }
}
