/** stderr belongs to the log: what libraries print there may hold secrets that nobody knows yet. */
import { present } from './errors/external-text.js';
import { createLog, type Log, type LogLevel, type Observe } from './log.js';
import type { Secrets } from './secrets.js';

/** The log, which alone writes to stderr from now on. */
export function takeStderr(level: LogLevel, secrets: Secrets, observe?: Observe): Log {
  const { stderr } = process;
  const write = stderr.write.bind(stderr);
  const log = createLog(level, write, (value) => present(secrets.clean(value)), observe);
  let told = false;
  // DEBUG=* and NODE_DEBUG make libraries and Node print whole requests.
  stderr.write = (_chunk: unknown, ...rest: unknown[]): boolean => {
    if (!told) log.debug('what libraries print is left out, because it may hold secrets');
    told = true;
    const done = rest.at(-1);
    if (typeof done === 'function') done();
    return true;
  };
  // A client that reads no log must not end the server by that.
  stderr.on('error', () => {});
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => log.warn('node', { name, message }));
  return log;
}
