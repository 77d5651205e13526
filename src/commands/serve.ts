/** The MCP server over stdio, against Alibaba Cloud or the sandbox. */
import { createAuditLog } from '../audit.js';
import { createLog } from '../log.js';
import type { Runtime } from '../runtime.js';
import { createServer } from '../server.js';
import type { Settings } from '../settings.js';
import { stdioTransport } from '../stdio.js';
import { LISTING } from '../tools/listing.js';
import { VERSION } from '../version.js';

const WARM_AFTER_MS = 200;

export async function serve(settings: Settings, sandbox: boolean): Promise<void> {
  const log = createLog(settings.logLevel, (line) => process.stderr.write(line));
  let runtime: Promise<Runtime> | undefined;
  const open = async (): Promise<Runtime> => {
    const { createRuntime } = await import('../runtime.js');
    if (!sandbox) return createRuntime(settings, log);
    const { openSandbox } = await import('../sandbox/http.js');
    const cloud = await openSandbox();
    return createRuntime(settings, log, { endpoint: cloud.url, credentials: cloud.credentials });
  };
  const cloud = (): Promise<Runtime> => {
    runtime ??= open();
    return runtime;
  };
  let warming: NodeJS.Timeout | undefined;
  const listed = (): void => {
    // While the agent is still thinking, and well after the client has all that it waits for.
    if (settings.region === undefined || warming !== undefined) return;
    warming = setTimeout(
      () =>
        void cloud().then(
          (ready) => ready.warm(),
          () => {},
        ),
      WARM_AFTER_MS,
    ).unref();
  };
  const server = createServer({
    version: VERSION,
    settings,
    listing: LISTING,
    tools: async () => (await import('../tools/index.js')).TOOLS,
    cloud,
    log,
    listed,
    audit: settings.auditLog === undefined ? undefined : createAuditLog(settings.auditLog, log),
    sandbox,
  });
  server.onerror = (error) => log.warn('protocol', { error: error.message });
  // What Node prints by itself is not of the form that the log promises.
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => log.warn('node', { name, message }));
  process.on('uncaughtException', (error) => {
    log.error('defect', { stack: error.stack });
    process.exit(1);
  });
  // Sockets and timers that are still open must not keep a server alive that nobody talks to.
  const leave = (): void => process.exit(0);
  await server.connect(stdioTransport(process.stdin, process.stdout, () => process.stdout.write('', leave)));
  log.info('ready', { version: VERSION, sandbox });
}
