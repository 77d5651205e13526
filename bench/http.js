/** The server over HTTP against the least that does the same, over real sockets. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Agent } from 'undici';
import { ROOT } from '../scripts/evaluate.js';
import { median, residentBytes } from './start.js';

const REGION = 'ap-southeast-1';
const SERVER = 'vss-sandbox-singapore';
const TOKEN = 'token-of-the-bench-0123456789';
const CONNECTIONS = [1, 50, 500];
const REVISIONS = ['2026-07-28', '2025-06-18'];
const ROUND_MS = 1_500;
const ROUNDS = 3;
/** Ten a second for an hour. */
const HOUR = 36_000;
const STARTS = 7;
/** Of /proc, on all machines that Node runs on. */
const TICK_MS = 10;

/**
 * @typedef {(row: string, ratio: string, ours: string, others: string) => void} Add
 * @typedef {{ env: Record<string, string>, close(): Promise<void> }} Sandbox
 * @typedef {{ url: string, pid: number, firstAnswerMs: number, close(): Promise<void> }} Running
 * @typedef {{ rate: number, cpuMs: number }} Load calls a second, ms of the server's CPU for each
 */

/**
 * @param {Add} add
 * @param {{ openSandbox(options: object): Promise<Sandbox>, sdkAdapter: string }} start the adapter's main file
 */
export async function http(add, { openSandbox, sdkAdapter }) {
  const sandbox = await openSandbox({});
  const startOurs = () => run(['dist/main.cjs', 'http', '--log-level', 'error', '--port'], sandbox.env);
  const startBare = () => run(['bench/http-floor.js'], sandbox.env);
  await firstAnswers(add, startOurs, startBare);
  const stock = await run(['bench/http-stock.js', sdkAdapter], sandbox.env);
  const [ours, bare] = [await startOurs(), await startBare()];
  for (const connections of CONNECTIONS) {
    for (const revision of REVISIONS) {
      /** @type {{ ours: Load, bare: Load, stock: Load }[]} */
      const rounds = [];
      for (let round = 0; round <= ROUNDS; round += 1) {
        const loads = {
          bare: await load(bare, connections, revision),
          stock: await load(stock, connections, revision),
          ours: await load(ours, connections, revision),
        };
        if (round > 0) rounds.push(loads);
      }
      const of = (/** @type {'ours' | 'bare' | 'stock'} */ who, /** @type {keyof Load} */ what) =>
        median(rounds.map((loads) => loads[who][what]));
      const show = (/** @type {'ours' | 'bare' | 'stock'} */ who) =>
        `${of(who, 'rate').toFixed(0)} a second, ${of(who, 'cpuMs').toFixed(2)} ms of CPU each`;
      const toStock = median(rounds.map((loads) => loads.ours.rate / loads.stock.rate));
      add(
        `calls of ${revision} over HTTP at ${connections} ${connections === 1 ? 'connection' : 'connections'}, to a bare server`,
        `${median(rounds.map((loads) => loads.ours.rate / loads.bare.rate)).toFixed(2)} x`,
        show('ours'),
        `bare node:http with undici ${show('bare')}; the SDK's adapter with the same request and nothing else ${show('stock')}: we are at ${toStock.toFixed(2)} x of that`,
      );
    }
  }
  const before = residentBytes(ours.pid);
  await many(ours, 50, '2026-07-28', (done) => done < HOUR);
  const after = residentBytes(ours.pid);
  add(
    `memory over HTTP over ${HOUR.toLocaleString('en')} calls`,
    `${(after / before).toFixed(2)} x`,
    `${(before / 1e6).toFixed(1)} MB to ${(after / 1e6).toFixed(1)} MB`,
    'ten a second for an hour, as fast as they go',
  );
  await Promise.all([ours.close(), bare.close(), stock.close()]);
  await sandbox.close();
}

/** @param {Add} add @param {() => Promise<Running>} startOurs @param {() => Promise<Running>} startBare */
async function firstAnswers(add, startOurs, startBare) {
  /** @type {{ ours: number, bare: number }[]} */
  const rounds = [];
  for (let round = 0; round <= STARTS; round += 1) {
    const [ours, bare] = [await startOurs(), await startBare()];
    await Promise.all([ours.close(), bare.close()]);
    if (round > 0) rounds.push({ ours: ours.firstAnswerMs, bare: bare.firstAnswerMs });
  }
  add(
    'first answer of a fresh replica, to a bare server',
    `${median(rounds.map(({ ours, bare }) => ours / bare)).toFixed(2)} x`,
    `${median(rounds.map(({ ours }) => ours)).toFixed(1)} ms from its start`,
    `bare node:http with undici ${median(rounds.map(({ bare }) => bare)).toFixed(1)} ms`,
  );
}

/** @param {string[]} command its last argument is the port @param {Record<string, string>} env @returns {Promise<Running>} */
async function run(command, env) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const [script = '', ...args] = command;
  const spawned = performance.now();
  const child = spawn(process.execPath, [join(ROOT, script), ...args, String(port)], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env.PATH ?? '',
      SSL_VPN_MCP_TOKEN: TOKEN,
      ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true',
      ...env,
    },
  });
  const agent = new Agent({ connections: 1 });
  // It refuses connections until it listens.
  while (!(await call(agent, url).catch(() => false))) await new Promise((resolve) => setTimeout(resolve, 2));
  const firstAnswerMs = performance.now() - spawned;
  await agent.close();
  return {
    url,
    pid: child.pid ?? 0,
    firstAnswerMs,
    async close() {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}

/** @param {Running} server @param {number} connections @param {string} revision @returns {Promise<Load>} */
async function load(server, connections, revision) {
  const [began, cpu] = [performance.now(), cpuMs(server.pid)];
  const calls = await many(server, connections, revision, () => performance.now() - began < ROUND_MS);
  return {
    rate: (calls * 1_000) / (performance.now() - began),
    cpuMs: (cpuMs(server.pid) - cpu) / calls,
  };
}

/**
 * One call after the other on each connection.
 * @param {Running} server @param {number} connections @param {string} revision @param {(begun: number) => boolean} goOn
 */
async function many({ url }, connections, revision, goOn) {
  const agent = new Agent({ connections, pipelining: 1 });
  let begun = 0;
  const worker = async () => {
    while (goOn(begun)) {
      begun += 1;
      await call(agent, url, revision);
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  await agent.close();
  return begun;
}

const TOOL = 'create_ssl_vpn_client_cert';
const OLDER = {
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  // The same token again and again: no quota to run into.
  params: {
    name: TOOL,
    arguments: { region_id: REGION, ssl_vpn_server_id: SERVER, name: 'bench', client_token: 'http' },
  },
};
const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1.0.0' },
  'io.modelcontextprotocol/clientCapabilities': {},
};
/** @type {Record<string, { body: string, headers: Record<string, string> }>} */
const MESSAGES = {
  '2025-06-18': { body: JSON.stringify(OLDER), headers: {} },
  '2026-07-28': {
    body: JSON.stringify({ ...OLDER, params: { ...OLDER.params, _meta: META } }),
    headers: { 'mcp-method': 'tools/call', 'mcp-name': TOOL },
  },
};

/** @param {Agent} agent @param {string} url @param {string} revision */
async function call(agent, url, revision = '2026-07-28') {
  const message = MESSAGES[revision];
  const { statusCode, body } = await agent.request({
    origin: url,
    path: '/mcp',
    method: 'POST',
    headers: {
      authorization: `Bearer ${TOKEN}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': revision,
      ...message?.headers,
    },
    body: message?.body ?? '',
  });
  const text = await body.text();
  if (statusCode !== 200 || !text.includes('vsc-')) throw new Error(`${statusCode} ${text}`);
  return true;
}

/** User and system time of a process. @param {number} pid */
function cpuMs(pid) {
  const [, , , , , , , , , , , user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/\(.*\)/, '')
    .split(/ +/);
  return (Number(user) + Number(system)) * TICK_MS;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
