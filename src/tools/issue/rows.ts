/** What became of the rows of a batch so far. */
import { z } from 'zod/v3';
import type { IndexRow } from '../../files/config-index.js';
import { nextSteps } from '../results.js';
import { link } from '../saved-config.js';

export const issuedRow = z.object({
  name: z.string(),
  ssl_vpn_client_cert_id: z.string(),
  status: z.string().optional(),
  /** Its name in the folder that the answer gives. */
  file: z.string().optional(),
  link: link.optional(),
  file_error: z.string().optional(),
  left_out: z.array(z.string()).optional(),
});
export type IssuedRow = z.infer<typeof issuedRow>;

/** `replaces`: what to revoke once the new one is in the person's hands. */
export const renewedRow = issuedRow.extend({ replaces: z.array(z.string()) });
export type RenewedRow = z.infer<typeof renewedRow>;

export const failedRow = z.object({ name: z.string(), code: z.string(), message: z.string(), next_steps: nextSteps });
export type FailedRow = z.infer<typeof failedRow>;

export class Rows {
  readonly created: IssuedRow[] = [];
  readonly existed: IssuedRow[] = [];
  readonly renewed: RenewedRow[] = [];
  readonly failed: FailedRow[] = [];
  /** Rows whose file is written, for index.csv. */
  readonly index: IndexRow[] = [];
  /** What ended the batch before its time. */
  stoppedBy: unknown;
  private readonly withoutOutcome: Set<string>;
  private readonly withoutFile = new Set<string>();
  private readonly ofUnknownOrigin = new Set<string>();

  constructor(private readonly names: readonly string[]) {
    this.withoutOutcome = new Set(names);
  }

  /** The rows of a list in the order of the names: they come as their requests end. */
  inOrder<Row extends { name: string }>(list: readonly Row[]): Row[] {
    const places = new Map(this.names.map((name, index) => [name, index]));
    return [...list].sort((a, b) => (places.get(a.name) ?? 0) - (places.get(b.name) ?? 0));
  }

  /** @param list one of `created`, `existed`, `renewed` and `failed` */
  add<Row extends { name: string }>(list: Row[], row: Row): void {
    list.push(row);
    this.withoutOutcome.delete(row.name);
  }

  awaitsFile({ name }: IssuedRow): void {
    this.withoutFile.add(name);
  }

  /** Its file is written, or cannot be. */
  settlesFile({ name }: IssuedRow): void {
    this.withoutFile.delete(name);
  }

  /** A file is wanted if this batch made the certificate, and nobody can say. */
  leavesFile({ name }: IssuedRow): void {
    this.ofUnknownOrigin.add(name);
  }

  /** Names without an outcome, in the order of the list. */
  get remaining(): string[] {
    return this.names.filter((name) => this.withoutOutcome.has(name));
  }

  /** Names whose file may be wanted and is not written. */
  get unsaved(): string[] {
    return this.names.filter((name) => this.withoutFile.has(name) || this.ofUnknownOrigin.has(name));
  }

  get hasUnknownOrigin(): boolean {
    return this.ofUnknownOrigin.size > 0;
  }

  /** Whether a repeat has nothing left to do. */
  get complete(): boolean {
    return this.withoutOutcome.size === 0 && this.withoutFile.size === 0;
  }

  get done(): number {
    return this.names.length - this.withoutOutcome.size;
  }
}
