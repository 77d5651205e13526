/** What a company runs: replicas of the built bin behind Debian's nginx, as deploy/ configures it, with a real Redis. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis as RedisClient } from 'ioredis';
import { Agent, request } from 'undici';
import type { Result } from './bin.js';
import { type HttpServer, serveHttp, TOKEN } from './http.js';

const CONFIGURATION = fileURLToPath(new URL('../../deploy/nginx.conf', import.meta.url));
const PUBLIC_HOST = 'vpn.example.com';
const STORE_PASSWORD = 'password-of-the-store';

/** Where Debian puts them, which is not in everybody's path. */
function find(name: string): string | undefined {
  const places = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/bin'].map((place) => join(place, name));
  return places.find((place) => existsSync(place));
}
const [nginx, redisServer, openssl] = ['nginx', 'redis-server', 'openssl'].map(find);
export const replicasInstalled = nginx !== undefined && redisServer !== undefined && openssl !== undefined;
if (!replicasInstalled)
  console.warn(
    'the tests with replicas are skipped: nginx, redis-server or openssl is not on this machine (apt-get install nginx redis-server openssl)',
  );

const open: (() => Promise<void>)[] = [];

/** For afterEach. */
export async function closeReplicas(): Promise<void> {
  await Promise.all(open.splice(0).map((close) => close()));
}

export type Store = {
  url: string;
  start(): Promise<void>;
  /** @param signal SIGSTOP leaves it hanging */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** All that it holds, keys and values. */
  dump(): Promise<string>;
};

export async function openStore(): Promise<Store> {
  const folder = mkdtempSync(join(tmpdir(), 'redis-'));
  const port = await freePort();
  let child: ChildProcess | undefined;
  const store: Store = {
    url: `redis://:${STORE_PASSWORD}@127.0.0.1:${port}/1`,
    async start() {
      const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--requirepass', STORE_PASSWORD];
      const started = spawn(redisServer ?? '', [...args, '--appendonly', 'yes', '--appendfsync', 'always']);
      child = started;
      let said = '';
      while (!said.includes('Ready to accept connections')) said += (await once(started.stdout, 'data'))[0];
      started.stdout.resume();
    },
    async stop(signal = 'SIGTERM') {
      if (child === undefined) return;
      const ended = once(child, 'exit');
      child.kill(signal);
      if (signal === 'SIGSTOP') return;
      child.kill('SIGCONT');
      await ended;
      child = undefined;
    },
    async dump() {
      const client = new RedisClient(store.url);
      const keys = await client.keys('*');
      const values = await Promise.all(
        keys.map(async (key) =>
          (await client.type(key)) === 'set' ? (await client.smembers(key)).join() : client.get(key),
        ),
      );
      client.disconnect();
      return [...keys, ...values].join('\n');
    },
  };
  open.push(async () => {
    await store.stop('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  await store.start();
  return store;
}

export type Company = {
  replicas: Replica[];
  /** The balancer's address, without a slash at its end. */
  url: string;
  /** How the balancer is reached by its public name, trusting its certificate. */
  agent: Agent;
  /** What nginx wrote. */
  balancerLog(): string;
};

export type Replica = {
  /** Where it listens, the same after each start. */
  url: string;
  server(): HttpServer;
  start(): Promise<void>;
  stop(signal: NodeJS.Signals): Promise<void>;
};

/** Three replicas. @param args of each */
export async function openCompany(args: readonly string[], env: Record<string, string>): Promise<Company> {
  const balancer = await freePort();
  const url = `https://${PUBLIC_HOST}:${balancer}`;
  const replicas: Replica[] = [];
  for (let index = 0; index < 3; index += 1) {
    const port = await freePort();
    let server: HttpServer | undefined;
    replicas.push({
      url: `http://127.0.0.1:${port}`,
      server() {
        if (server === undefined) throw new Error('it was not started');
        return server;
      },
      async start() {
        server = await serveHttp(['--port', String(port), '--public-url', url, ...args], env);
      },
      async stop(signal) {
        server?.child.kill(signal);
        await server?.stop();
      },
    });
  }
  await Promise.all(replicas.map((replica) => replica.start()));
  return { ...(await openBalancer(balancer, replicas)), replicas, url };
}

/** nginx with the configuration of deploy/, at addresses of this machine. */
async function openBalancer(
  port: number,
  replicas: readonly Replica[],
): Promise<Pick<Company, 'agent' | 'balancerLog'>> {
  const folder = mkdtempSync(join(tmpdir(), 'nginx-'));
  const [key, certificate, log] = [join(folder, 'key.pem'), join(folder, 'cert.pem'), join(folder, 'access.log')];
  const names = ['-subj', `/CN=${PUBLIC_HOST}`, '-addext', `subjectAltName=DNS:${PUBLIC_HOST}`];
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', ...names];
  spawnSync(openssl ?? '', ['req', '-x509', ...made, '-keyout', key, '-out', certificate]);
  let configuration = readFileSync(CONFIGURATION, 'utf8');
  const replace = (from: string, to: string): void => {
    if (!configuration.includes(from)) throw new Error(`deploy/nginx.conf has no ${from}`);
    configuration = configuration.replaceAll(from, to);
  };
  for (const [index, replica] of replicas.entries()) replace(`replica-${index + 1}:8080`, new URL(replica.url).host);
  replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`);
  replace('/etc/nginx/tls/fullchain.pem', certificate);
  replace('/etc/nginx/tls/privkey.pem', key);
  replace('/var/log/nginx/access.log', log);
  writeFileSync(join(folder, 'ssl-vpn-mcp.conf'), configuration);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (each) => `${each}_temp_path ${folder}/${each};`,
  );
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; pid ${folder}/pid; events {} http { ${temporary.join(' ')} include ${folder}/ssl-vpn-mcp.conf; }`,
  );
  const child = spawn(nginx ?? '', ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')]);
  const agent = new Agent({
    connect: {
      ca: readFileSync(certificate, 'utf8'),
      lookup: (_name, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
    },
  });
  open.push(async () => {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await Promise.all([ended, agent.destroy()]);
    rmSync(folder, { recursive: true, force: true });
  });
  while (
    (await request(`https://${PUBLIC_HOST}:${port}/health/live`, { dispatcher: agent }).catch(() => undefined)) ===
    undefined
  )
    await new Promise((resolve) => setTimeout(resolve, 50));
  return { agent, balancerLog: () => readFileSync(log, 'utf8') + readFileSync(join(folder, 'error.log'), 'utf8') };
}

/**
 * Calls a tool as clients of an older revision do.
 * @param url of a replica or of the balancer
 * @throws Error where there is no answer, or one that is no result
 */
export async function callTool(
  url: string,
  name: string,
  args: Record<string, unknown>,
  { agent, token = TOKEN }: { agent?: Agent; token?: string } = {},
): Promise<Result> {
  const { statusCode, body } = await request(`${url}/mcp`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-06-18',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }),
    ...(agent && { dispatcher: agent }),
  });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`${statusCode} ${text}`);
  const messages = text.startsWith('{') ? [text] : [...text.matchAll(/^data: (\{.*)$/gm)].map(([, data = '']) => data);
  const answer: Result = messages.map((message) => JSON.parse(message)).find(({ id }) => id === 1);
  if (answer?.result === undefined) throw new Error(`no result: ${text}`);
  return answer.result.structuredContent;
}

/** One that a process can take later, and again: of those that the system gives to nobody else by itself. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + randomInt(20_000);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    server.close();
    if (isFree) return port;
  }
}
