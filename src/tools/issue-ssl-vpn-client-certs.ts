import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { z } from 'zod/v3';
import { type Explanation, explain } from '../errors/explain.js';
import { type IndexRow, writeIndex } from '../files/config-index.js';
import { openFolder } from '../files/private-folder.js';
import { type CertSummary, createSslVpnClientCert } from '../vpc/actions.js';
import { rowToken } from '../vpc/client-token.js';
import { createPace, type Pace } from '../vpc/pace.js';
import { allClientCerts } from '../vpc/paging.js';
import { rowConfig } from './issue/row-config.js';
import { batchId, certName, regionId, sslVpnServerId } from './parameters.js';
import { nextSteps } from './results.js';
import { defineTool, type ToolContext } from './tool.js';

const ROWS_AT_ONCE = 20;
/** Kept back of the deadline for the index and the answer. */
const RESERVE_MS = 1_000;
/** No row is begun so late that it would most likely not end in time. */
const LAST_START_MS = 2_000;

const input = z
  .object({
    region_id: regionId,
    ssl_vpn_server_id: sslVpnServerId,
    names: z
      .array(certName)
      .min(1)
      .max(500)
      .superRefine((names, context) => {
        names.forEach((name, index) => {
          if (names.indexOf(name) !== index)
            context.addIssue({ code: 'custom', path: [index], message: 'is in the list twice' });
        });
      })
      .describe('1-500 different names, e.g. ["zhang.wei"]'),
    batch_id: batchId.optional(),
    save_configs: z.boolean().describe('Write the .ovpn files and an index.csv too, e.g. true').optional(),
  })
  .strict();

type Args = z.output<typeof input>;

const issuedRow = z.object({
  name: z.string(),
  ssl_vpn_client_cert_id: z.string(),
  status: z.string().optional(),
  file: z.string().optional(),
  file_error: z.string().optional(),
});
type IssuedRow = z.infer<typeof issuedRow>;

const failedRow = z.object({ name: z.string(), code: z.string(), message: z.string(), next_steps: nextSteps });

export default defineTool({
  name: 'issue_ssl_vpn_client_certs',
  title: 'Issue VPN certificates for many',
  description:
    'Issues one certificate per name, each exactly once: repeat with the same arguments and batch_id until complete is true. Names that exist are left alone.',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  actions: ['DescribeSslVpnClientCerts', 'CreateSslVpnClientCert', 'DescribeSslVpnClientCert'],
  input,
  output: z.object({
    batch_id: z.string(),
    complete: z.boolean(),
    created: z.array(issuedRow),
    already_existed: z.array(issuedRow),
    failed: z.array(failedRow),
    remaining: z.array(z.string()),
    unsaved: z.array(z.string()).optional(),
    index: z.string().optional(),
    index_error: z.string().optional(),
    stopped_by: z.record(z.unknown()).optional(),
    next_steps: nextSteps,
  }),
  request: (args) => rowRequest(args, args.batch_id ?? randomUUID(), args.names[0] ?? ''),
  run: (args, context) => new Batch(args, context).run(),
});

function rowRequest(args: Args, batchId: string, name: string) {
  return createSslVpnClientCert(args.region_id, {
    SslVpnServerId: args.ssl_vpn_server_id,
    Name: name,
    ClientToken: rowToken(batchId, args.ssl_vpn_server_id, name),
  });
}

/** One call of the tool: what is left to do, and what became of the rows so far. */
class Batch {
  private readonly batchId: string;
  private readonly memoryKey: string;
  private readonly pace: Pace = createPace();
  /** On the clock of performance.now(). */
  private readonly deadline: number;
  private readonly lastStart: number;
  private readonly created: IssuedRow[] = [];
  private readonly existed: IssuedRow[] = [];
  private readonly failed: z.infer<typeof failedRow>[] = [];
  private readonly index: IndexRow[] = [];
  private readonly unsaved = new Set<string>();
  /** Names without an outcome, in the order of the list. */
  private readonly remaining: Set<string>;
  private stoppedBy: Explanation | undefined;
  /** Wakes the rows that wait for their turn when the batch ends early. */
  private readonly over = new AbortController();
  private finished = 0;
  private beats = 0;

  constructor(
    private readonly args: Args,
    private readonly context: ToolContext,
  ) {
    this.memoryKey = JSON.stringify([args.region_id, args.ssl_vpn_server_id, args.names]);
    // A client that gave up waiting repeats the call as it was: without the id that it never got to know, that would be
    // a new batch, and what is still in flight of the old one would be made twice.
    this.batchId = args.batch_id ?? context.unfinishedBatches.get(this.memoryKey) ?? randomUUID();
    context.unfinishedBatches.set(this.memoryKey, this.batchId);
    const left = context.bounds.deadline - performance.now();
    this.deadline = context.bounds.deadline - Math.min(RESERVE_MS, left / 10);
    this.lastStart = this.deadline - Math.min(LAST_START_MS, left / 10);
    this.remaining = new Set(args.names);
    setMaxListeners(0, this.over.signal);
    if (context.bounds.signal?.aborted) this.over.abort();
    else context.bounds.signal?.addEventListener('abort', () => this.over.abort(), { once: true });
  }

  async run() {
    const ticker = setInterval(() => this.heartbeat(), 900);
    try {
      const existing = await this.readExisting();
      await this.work([...existing.values()], (cert) => this.takeExisting(cert));
      await this.work([...this.remaining], (name) => this.issue(name));
    } finally {
      clearInterval(ticker);
    }
    return this.result(await this.writeIndex());
  }

  /** An index that could not be written must not take the answer about the certificates with it. */
  private async writeIndex(): Promise<{ index?: string; index_error?: string }> {
    if (this.index.length === 0) return {};
    try {
      return { index: await writeIndex(openFolder(this.context.settings.outputDir), this.index) };
    } catch (error) {
      return { index_error: explain(error).message };
    }
  }

  /** Of each wanted name the certificate that exists: the one that lives longest, where there are several. */
  private async readExisting(): Promise<Map<string, CertSummary>> {
    const { args, context } = this;
    const certs = await allClientCerts(
      context.vpc,
      args.region_id,
      { SslVpnServerId: args.ssl_vpn_server_id },
      this.bounds(),
    );
    const wanted = new Set(args.names);
    const found = new Map<string, CertSummary>();
    for (const cert of certs.sort((a, b) => a.EndTime - b.EndTime))
      if (wanted.has(cert.Name)) found.set(cert.Name, cert);
    return found;
  }

  /** Several rows at once, until there are none, time is up, the client cancelled, or an error stops the batch. */
  private async work<Item>(items: readonly Item[], step: (item: Item) => Promise<void>): Promise<void> {
    const queue = items.values();
    const worker = async (): Promise<void> => {
      for (const item of queue) {
        if (this.isOver()) return;
        await step(item);
      }
    };
    await Promise.all(Array.from({ length: Math.min(ROWS_AT_ONCE, items.length) }, worker));
  }

  private async takeExisting(cert: CertSummary): Promise<void> {
    const row: IssuedRow = { name: cert.Name, ssl_vpn_client_cert_id: cert.SslVpnClientCertId, status: cert.Status };
    this.existed.push(row);
    this.remaining.delete(cert.Name);
    await this.save(row);
    this.done(cert.Name);
  }

  private async issue(name: string): Promise<void> {
    if (!(await this.pace.turn(this.lastStart, this.over.signal)) || this.isOver()) return;
    try {
      const { value } = await this.context.vpc.call(rowRequest(this.args, this.batchId, name), this.bounds());
      this.pace.succeeded();
      const row: IssuedRow = { name, ssl_vpn_client_cert_id: value.SslVpnClientCertId };
      this.created.push(row);
      this.remaining.delete(name);
      await this.save(row);
    } catch (error) {
      this.takeFailure(name, explain(error));
    }
    this.done(name);
  }

  /** What is wrong with one row stands at that row; anything else would meet the next row too, so the batch ends. */
  private takeFailure(name: string, explanation: Explanation): void {
    const { code, message, category, next_steps } = explanation;
    if (explanation.effect === 'none' && (category === 'invalid_input' || category === 'conflict')) {
      this.failed.push({ name, code, message, next_steps });
      this.remaining.delete(name);
      return;
    }
    // The token comes again with the repeat of the batch, not by a call for this row alone.
    const { client_token: _rowToken, ...error } = explanation;
    this.over.abort();
    this.stoppedBy ??= { ...error, next_steps: next_steps.filter((step) => !step.includes('client_token')) };
  }

  private async save(row: IssuedRow): Promise<void> {
    if (!this.args.save_configs) return;
    this.unsaved.add(row.name);
    if (!(await this.pace.turn(this.lastStart, this.over.signal))) return;
    const saved = await rowConfig(this.args.region_id, row.ssl_vpn_client_cert_id, {
      ...this.context,
      bounds: this.bounds(),
    }).catch(explain);
    if ('path' in saved) {
      row.file = saved.path;
      this.index.push({ ...saved, name: row.name, certificateId: row.ssl_vpn_client_cert_id });
    } else {
      row.file_error = `${saved.code}: ${saved.message}`;
      if (saved.retryable) return;
    }
    this.unsaved.delete(row.name);
  }

  /** Rows in flight end by themselves, so the client's cancellation is not among their bounds. */
  private bounds() {
    return {
      deadline: this.deadline,
      onThrottled: (retryAfterSeconds: number | undefined) => {
        this.pace.throttled(retryAfterSeconds);
        return this.pace.turn(this.deadline);
      },
    };
  }

  private isOver(): boolean {
    return this.over.signal.aborted || performance.now() >= this.lastStart;
  }

  private done(name: string): void {
    this.finished = this.args.names.length - this.remaining.size;
    this.beats = 0;
    this.context.progress(this.finished, this.args.names.length, name);
  }

  /** Progress has to rise with each notice, so one that only says «still at it» rises by less than a row. */
  private heartbeat(): void {
    this.beats += 1;
    const part = 1 - 1 / (1 + this.beats);
    if (this.finished < this.args.names.length)
      this.context.progress(this.finished + part, this.args.names.length, 'working');
  }

  private result(index: { index?: string; index_error?: string }) {
    const remaining = this.args.names.filter((name) => this.remaining.has(name));
    const unsaved = this.args.names.filter((name) => this.unsaved.has(name));
    const complete = remaining.length === 0 && unsaved.length === 0;
    if (complete) this.context.unfinishedBatches.delete(this.memoryKey);
    if (this.context.bounds.signal?.aborted) {
      // Nobody reads the answer of a cancelled call.
      this.context.log.warn('batch cancelled', {
        batch_id: this.batchId,
        created: this.created.map(({ name, ssl_vpn_client_cert_id }) => `${name} ${ssl_vpn_client_cert_id}`),
        failed: this.failed.map(({ name, code }) => `${name} ${code}`),
        remaining,
      });
    }
    return {
      batch_id: this.batchId,
      complete,
      created: this.created,
      already_existed: this.existed,
      failed: this.failed,
      remaining,
      ...(unsaved.length > 0 && { unsaved }),
      ...index,
      ...(this.stoppedBy !== undefined && { stopped_by: { ...this.stoppedBy } }),
      next_steps: this.nextSteps(complete),
    };
  }

  private nextSteps(complete: boolean): string[] {
    const repeat =
      'Call again with the same arguments and this batch_id: it goes on with the rows that are left, and makes none twice.';
    if (this.stoppedBy !== undefined)
      return [...this.stoppedBy.next_steps, `Then: ${repeat.charAt(0).toLowerCase()}${repeat.slice(1)}`];
    if (!complete) return [repeat];
    const steps = this.failed.length > 0 ? ['Correct the names in failed and issue those again.'] : [];
    if (!this.args.save_configs)
      return [
        ...steps,
        'Call again with save_configs true to write the files, or use save_ssl_vpn_client_config for single ones.',
      ];
    return [...steps, 'Hand each person the file of their name; index.csv says which is whose.'];
  }
}
