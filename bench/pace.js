/** How near a batch comes to the rate that the service permits, for each kind of limit, over stdio and real sockets. */

const KINDS = ['bucket', 'sliding', 'clock'];
const PERMITTED = [60, 20, 5];
const LATENCY_MS = 50;
const REGION = 'ap-southeast-1';
const SERVER = 'vss-sandbox-singapore';

/**
 * @typedef {{ at: number, code?: string }} Create when it was answered, Unix ms, and the code that refused it
 * @typedef {{ env: Record<string, string>, creates(): Promise<Create[]>, close(): Promise<void> }} Sandbox
 * @typedef {{ request(method: string, params: object): Promise<{ message: any }>, close(): Promise<void> }} Session
 * @typedef {{ rate: number, refused: number, complete: boolean }} Batch a second, a share from 0 to 1
 */

/**
 * A cold batch and a warm one of the same process, for 5, 20 and 60 a second under each kind of limit.
 * @param {(row: string, ratio: string, ours: string, others: string) => void} add
 * @param {{ openSandbox(options: object): Promise<Sandbox>, connected(env: Record<string, string>): Promise<Session> }} start
 */
export async function pace(add, start) {
  for (const perSecond of PERMITTED) {
    // The kinds at the same time: they wait, and hardly compute.
    const measured = await Promise.all(KINDS.map((kind) => batches({ kind, perSecond }, start)));
    for (const [index, { cold, warm }] of measured.entries())
      for (const [name, { rate, refused, complete }] of Object.entries({ cold, warm }))
        add(
          `${name} batch, to the ${perSecond} a second that a ${KINDS[index]} permits`,
          `${(rate / perSecond).toFixed(2)} x`,
          `${rate.toFixed(1)} a second, ${(100 * refused).toFixed(1)} % of the requests throttled`,
          `complete ${complete}`,
        );
  }
}

/**
 * @param {{ kind: string, perSecond: number }} rateLimit
 * @param {Parameters<typeof pace>[1]} start
 */
async function batches(rateLimit, { openSandbox, connected }) {
  const sandbox = await openSandbox({ latencyMs: LATENCY_MS, rateLimit });
  const session = await connected(sandbox.env);
  const count = Math.min(300, 30 * rateLimit.perSecond);
  const cold = await batch('cold', count, sandbox, session);
  const warm = await batch('warm', count, sandbox, session);
  await session.close();
  await sandbox.close();
  return { cold, warm };
}

/**
 * @param {string} name
 * @param {number} count
 * @param {Sandbox} sandbox
 * @param {Session} session
 * @returns {Promise<Batch>}
 */
async function batch(name, count, sandbox, session) {
  const { length: earlier } = await sandbox.creates();
  const { message } = await session.request('tools/call', {
    name: 'issue_ssl_vpn_client_certs',
    arguments: {
      region_id: REGION,
      ssl_vpn_server_id: SERVER,
      names: Array.from({ length: count }, (_, index) => `${name}-${index}`),
      batch_id: name,
    },
  });
  const { isError, structuredContent } = message.result;
  if (isError) throw new Error(JSON.stringify(structuredContent));
  const creates = (await sandbox.creates()).slice(earlier);
  const accepted = creates.filter(({ code }) => code === undefined).length;
  const ms = (creates.at(-1)?.at ?? 0) - (creates[0]?.at ?? 0);
  return {
    rate: (accepted * 1_000) / ms,
    refused: 1 - accepted / creates.length,
    complete: structuredContent.complete,
  };
}
