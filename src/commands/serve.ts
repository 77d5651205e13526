/** The MCP server over stdio, against Alibaba Cloud or the sandbox. */
import type { Caller } from '../call.js';
import { createLog } from '../log.js';
import { createServer } from '../mcp/engine-2025.js';
import { stdioTransport } from '../mcp/stdio.js';
import { offeredTools, ruleAgainst } from '../offered.js';
import type { Runtime } from '../runtime.js';
import type { Settings } from '../settings.js';
import { LISTING } from '../tools/listing.js';
import { VERSION } from '../version.js';

/** After the tools have been listed; the client has all that it waits for then. */
const WARM_AFTER_MS = 200;

export async function serve(settings: Settings, sandbox: boolean): Promise<void> {
  let stderr: NodeJS.WriteStream | undefined;
  const log = createLog(settings.logLevel, (line) => {
    // A client that reads no log must not end the server by that.
    stderr ??= process.stderr.on('error', () => {});
    stderr.write(line);
  });
  // What Node prints by itself is not of the form that the log promises.
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => log.warn('node', { name, message }));
  process.on('uncaughtException', (error) => {
    log.error('defect', { stack: error.stack });
    process.exit(1);
  });

  const listing = offeredTools(LISTING, settings);
  const runtime = once(async (): Promise<Runtime> => {
    const { createRuntime, openSandbox } = await import('../later.js');
    if (!sandbox) return createRuntime(settings, log);
    const cloud = await openSandbox();
    return createRuntime(settings, log, { endpoint: cloud.url, credentials: cloud.credentials });
  });
  const caller = once(async (): Promise<Caller> => {
    const { createAuditLog, createCaller } = await import('../later.js');
    return createCaller({
      settings,
      offered: listing.map(({ name }) => name),
      rule: (name) => ruleAgainst(name, settings),
      runtime,
      audit: settings.auditLog === undefined ? undefined : createAuditLog(settings.auditLog, log),
      log,
      sandbox,
    });
  });
  const listed = once(async () => {
    // While the agent is still thinking: what the first call would wait for is there when it comes.
    if (settings.region === undefined) return;
    const warm = (): unknown =>
      runtime().then(
        (ready) => ready.warm(),
        () => {},
      );
    setTimeout(warm, WARM_AFTER_MS).unref();
  });

  const server = createServer({ version: VERSION, listing, caller, listed: () => void listed(), log });
  // Sockets and timers that are still open must not keep a server alive that nobody talks to.
  const leave = (): void => process.exit(0);
  await server.connect(stdioTransport(process.stdin, process.stdout, () => process.stdout.write('', leave)));
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
