/** A server as a child process, timed from its spawn. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** @typedef {{ name: string, command: string, args: string[], env?: Record<string, string>, cwd?: string }} Server */
/** @typedef {{ initialize: number, list: number, rss: number, listed: number }} Start ms from spawn, bytes, characters */

/**
 * Spawns the server, waits for the answers to `initialize` and `tools/list`, and ends it.
 * @param {Server} server
 * @returns {Promise<Start>}
 */
export async function measureStart(server) {
  const spawned = performance.now();
  const session = openSession(server);
  const ready = session.request('initialize', {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'bench', version: '1.0.0' },
  });
  await ready;
  const initialize = performance.now() - spawned;
  session.notify('notifications/initialized');
  const { line } = await session.request('tools/list', {});
  const list = performance.now() - spawned;
  const rss = residentBytes(session.pid);
  await session.close();
  return { initialize, list, rss, listed: line.length };
}

/** @param {Server} server */
export function openSession({ command, args, env = {}, cwd }) {
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...plainEnvironment(process.env), ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true', ...env },
    ...(cwd !== undefined && { cwd }),
  });
  /** @type {Map<number, (answer: { line: string, message: any }) => void>} */
  const waiting = new Map();
  let rest = '';
  let nextId = 0;
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const message = JSON.parse(line);
      waiting.get(message.id)?.({ line, message });
      waiting.delete(message.id);
    }
  });
  return {
    pid: child.pid ?? 0,
    /**
     * @param {string} method
     * @param {object} params
     * @returns {Promise<{ line: string, message: any }>}
     */
    request(method, params) {
      const id = nextId++;
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
      return new Promise((resolve) => waiting.set(id, resolve));
    },
    /** @param {string} method */
    notify(method) {
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', method })}\n`);
    },
    /** @returns {Promise<void>} */
    close() {
      const ended = new Promise((resolve) => child.once('exit', () => resolve(undefined)));
      child.stdin.end();
      setTimeout(() => child.kill('SIGKILL'), 2_000).unref();
      return ended;
    },
  };
}

/**
 * The machine's own, as a client passes it on, less its credentials and less NODE_EXTRA_CA_CERTS: Node reads those
 * certificates before anything else, which would hide what is measured.
 * @param {NodeJS.ProcessEnv} environment
 */
function plainEnvironment(environment) {
  return Object.fromEntries(
    Object.entries(environment).filter(
      ([name]) => !name.startsWith('ALIBABA_CLOUD_') && name !== 'NODE_EXTRA_CA_CERTS',
    ),
  );
}

/**
 * Linux alone tells; elsewhere NaN.
 * @param {number} pid
 */
export function residentBytes(pid) {
  try {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
  } catch {
    return Number.NaN;
  }
}

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
