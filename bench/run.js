/**
 * Measures this server against its peers, all in one run, and prints one table, ratios first; with --json the same as
 * JSON. `npm run bench -- --write` also writes bench/RESULTS.md. Peers are installed on first use, as published.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { arch, cpus, tmpdir, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { evaluate, ROOT } from '../scripts/evaluate.js';
import { http } from './http.js';
import { openRequester } from './one-request.js';
import { pace } from './pace.js';
import { measureStart, median, openSession, residentBytes } from './start.js';

const STARTS = 15;
const CALLS = 300;
const CONCURRENT = 100;
const REGION = 'ap-southeast-1';
const SERVER = 'vss-sandbox-singapore';

const asJson = process.argv.includes('--json');
/** @type {{ row: string, ratio: string, ours: string, others: string }[]} */
const table = [];
/** @param {string} row @param {string} ratio @param {string} ours @param {string} others */
const add = (row, ratio, ours, others) => {
  table.push({ row, ratio, ours, others });
  process.stderr.write(`${row}: ${ratio}\n`);
};
const ms = (/** @type {number} */ value) => `${value.toFixed(1)} ms`;
const mb = (/** @type {number} */ value) => `${(value / 1e6).toFixed(1)} MB`;
const times = (/** @type {number} */ value) => `${value.toFixed(2)} x`;

const folder = mkdtempSync(join(tmpdir(), 'bench-'));
/** The tarball as a user installs it. */
function installTarball() {
  const npm = (/** @type {string[]} */ args, /** @type {string} */ cwd) =>
    execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const [packed] = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], ROOT));
  npm(['install', '--offline', '--no-audit', '--no-fund', join(folder, packed.filename)], folder);
  return {
    bin: join(folder, 'node_modules/.bin/alicloud-ssl-vpn-mcp'),
    tarball: packed.size,
    modules: join(folder, 'node_modules'),
  };
}

const CACHE = join(ROOT, 'node_modules/.cache');

/** @param {string} folder of the cache @param {string} name of a package @returns its folder, installed as published on first use */
function published(folder, name) {
  const prefix = join(CACHE, folder);
  const place = join(prefix, 'node_modules', name);
  mkdirSync(prefix, { recursive: true });
  if (!existsSync(place))
    execFileSync('npm', ['install', '--prefix', prefix, '--no-audit', '--no-fund', name], { stdio: 'ignore' });
  return place;
}

function peers() {
  const folder = 'bench-peers';
  return {
    prefix: join(CACHE, folder),
    filesystem: join(published(folder, '@modelcontextprotocol/server-filesystem'), 'dist/index.js'),
    everything: join(published(folder, '@modelcontextprotocol/server-everything'), 'dist/index.js'),
  };
}

async function starts() {
  const { filesystem, everything } = peers();
  const node = process.execPath;
  const servers = [
    { name: 'floor', command: node, args: [join(ROOT, 'bench/floor.cjs')] },
    { name: 'ours', command: node, args: [join(ROOT, 'dist/main.cjs')] },
    {
      name: 'ours installed, by npm exec',
      command: 'npm',
      args: ['exec', '--offline', '--', 'alicloud-ssl-vpn-mcp'],
      cwd: folder,
    },
    { name: 'server-filesystem', command: node, args: [filesystem, folder] },
    { name: 'server-everything', command: node, args: [everything] },
    { name: 'McpServer + official SDK', command: node, args: [join(ROOT, 'bench/sdk-server.mjs')] },
  ];
  /** @type {Record<string, import('./start.js').Start[]>} */
  const measured = Object.fromEntries(servers.map(({ name }) => [name, []]));
  for (let round = 0; round <= STARTS; round += 1) {
    // In turn, so that a machine that slows down slows all of them; the first round only warms the disk's cache.
    for (const server of servers) {
      const start = await measureStart(server);
      if (round > 0) measured[server.name]?.push(start);
    }
  }
  const of = (/** @type {string} */ name, /** @type {keyof import('./start.js').Start} */ key) =>
    median((measured[name] ?? []).map((start) => start[key]));
  const ratio = (/** @type {string} */ name, /** @type {keyof import('./start.js').Start} */ key) =>
    median((measured[name] ?? []).map((start, round) => start[key] / (measured.floor?.[round]?.[key] ?? Number.NaN)));
  const others = (/** @type {keyof import('./start.js').Start} */ key, /** @type {(value: number) => string} */ show) =>
    servers
      .filter(({ name }) => !name.startsWith('ours'))
      .map(({ name }) => `${name} ${show(of(name, key))}`)
      .join(', ');
  add(
    'start to initialize, to the floor',
    times(ratio('ours', 'initialize')),
    `${ms(of('ours', 'initialize'))} (+${ms(of('ours', 'initialize') - of('floor', 'initialize'))})`,
    others('initialize', ms),
  );
  add('start to tools/list, to the floor', times(ratio('ours', 'list')), ms(of('ours', 'list')), others('list', ms));
  add(
    'start by npm exec, to the floor',
    times(ratio('ours installed, by npm exec', 'initialize')),
    ms(of('ours installed, by npm exec', 'initialize')),
    'npm itself is most of it',
  );
  add('memory after tools/list, to the floor', times(ratio('ours', 'rss')), mb(of('ours', 'rss')), others('rss', mb));
  add(
    'tool list, of the 11,500 characters that it may have',
    times(of('ours', 'listed') / 11_500),
    `${of('ours', 'listed')} characters`,
    servers
      .slice(3)
      .map(({ name }) => `${name} ${of(name, 'listed')}`)
      .join(', '),
  );
}

/** A call at once after the list, and one after the client has been quiet. */
async function firstCalls() {
  const sandbox = await openSandbox({});
  const first = async (/** @type {number} */ quietMs) => {
    const session = await connected(sandbox.env);
    await session.request('tools/list', {});
    await new Promise((resolve) => setTimeout(resolve, quietMs));
    const begun = performance.now();
    await session.request('tools/call', createArgs(`first-${quietMs}`));
    const took = performance.now() - begun;
    await session.close();
    return took;
  };
  /** @type {{ once: number, quiet: number }[]} */
  const rounds = [];
  for (let round = 0; round < 7; round += 1) rounds.push({ once: await first(0), quiet: await first(1_000) });
  const once = median(rounds.map((round) => round.once));
  const quiet = median(rounds.map((round) => round.quiet));
  add(
    'first call at once after the list, to one a second later',
    times(once / quiet),
    `${ms(once)} at once, ${ms(quiet)} a second later`,
    'the engine is loaded in between',
  );
  await sandbox.close();
}

/** @param {{ tarball: number, modules: string }} installed */
function size({ tarball, modules }) {
  const { prefix } = peers();
  const bytes = (/** @type {string} */ path) =>
    readdirSync(path, { recursive: true, encoding: 'utf8' }).reduce(
      (sum, file) => sum + statSync(join(path, file)).size,
      0,
    );
  const packages = (/** @type {string} */ path) =>
    readdirSync(path, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /(^|node_modules\/)(@[^/]+\/)?[^/@.][^/]*\/package\.json$/.test(file),
    ).length;
  add(
    'packages brought by npm install',
    '',
    `1, ${mb(bytes(modules))} on the disk, tarball ${mb(tarball)}`,
    `the two peers together ${packages(join(prefix, 'node_modules'))}, ${mb(bytes(join(prefix, 'node_modules')))}`,
  );
}

/** @param {object} options */
async function openSandbox(options) {
  const child = spawn(process.execPath, [join(ROOT, 'bench/sandbox.js'), JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdout.setEncoding('utf8');
  const [line] = await once(child.stdout, 'data');
  const { url, accessKeyId, accessKeySecret } = JSON.parse(line);
  return {
    url,
    accessKeyId,
    accessKeySecret,
    env: {
      ALIBABA_CLOUD_VPC_ENDPOINT: url,
      ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret,
    },
    /** @returns {Promise<{ at: number, code?: string }[]>} what came */
    async creates() {
      child.stdin.write('\n');
      let text = '';
      while (!text.endsWith('\n')) text += (await once(child.stdout, 'data'))[0];
      return JSON.parse(text);
    },
    async close() {
      child.kill();
      await once(child, 'exit');
    },
  };
}

/** @param {Record<string, string>} env @param {string} bin @param {string[]} more */
async function connected(env, bin = join(ROOT, 'dist/main.cjs'), more = []) {
  const session = openSession({
    name: 'ours',
    command: process.execPath,
    args: [bin, '--log-level', 'error', ...more],
    env,
  });
  await session.request('initialize', {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'bench', version: '1' },
  });
  session.notify('notifications/initialized');
  return session;
}

/** A certificate of a server without a quota to run into: the same token again and again. @param {string} token */
const createArgs = (token) => ({
  name: 'create_ssl_vpn_client_cert',
  arguments: { region_id: REGION, ssl_vpn_server_id: SERVER, name: 'bench', client_token: token },
});

async function calls() {
  const sandbox = await openSandbox({});
  const { createRequire } = await import('node:module');
  const require = createRequire(import.meta.url);
  const { default: Vpc, CreateSslVpnClientCertRequest } = require('@alicloud/vpc20160428');
  const OpenApi = require('@alicloud/openapi-client');
  const requester = openRequester(sandbox);
  const official = new Vpc(
    new OpenApi.Config({
      accessKeyId: sandbox.accessKeyId,
      accessKeySecret: sandbox.accessKeySecret,
      endpoint: new URL(sandbox.url).host,
      protocol: 'http',
    }),
  );
  const session = await connected(sandbox.env);

  /** @param {string} token */
  const bare = async (token) => JSON.parse(await requester.create(createArgs(token).arguments));
  const sdk = (/** @type {string} */ token) =>
    official.createSslVpnClientCert(
      new CreateSslVpnClientCertRequest({
        regionId: REGION,
        sslVpnServerId: SERVER,
        name: 'bench',
        clientToken: token,
      }),
    );
  const ours = (/** @type {string} */ token) => session.request('tools/call', createArgs(token));
  /** What the pipes and the protocol take for a call that calls nothing. */
  const pipe = () => session.request('tools/call', { name: 'explain_error', arguments: { code: 'Forbidden' } });

  /** @type {Record<string, number[]>} */
  const took = { pipe: [], bare: [], sdk: [], ours: [] };
  const ways = { pipe, bare, sdk, ours };
  for (let call = 0; call < CALLS + 20; call += 1) {
    for (const [name, way] of Object.entries(ways)) {
      const begun = performance.now();
      await way(`latency-${call % 50}`);
      if (call >= 20) took[name]?.push(performance.now() - begun);
    }
  }
  const medianOf = (/** @type {string} */ name) => median(took[name] ?? []);
  add(
    'one call, to the sum of pipe and HTTP',
    times(medianOf('ours') / (medianOf('pipe') + medianOf('bare'))),
    `${medianOf('ours').toFixed(2)} ms`,
    `a call that calls nothing ${medianOf('pipe').toFixed(2)} ms, bare undici signed by hand ${medianOf('bare').toFixed(2)} ms, official SDK ${medianOf('sdk').toFixed(2)} ms`,
  );

  const rate = async (/** @type {(token: string) => Promise<unknown>} */ way) => {
    const begun = performance.now();
    for (let round = 0; round < 10; round += 1)
      await Promise.all(Array.from({ length: CONCURRENT }, (_, index) => way(`throughput-${index}`)));
    return (10 * CONCURRENT * 1000) / (performance.now() - begun);
  };
  /** @type {number[]} */
  const ratios = [];
  let [ourRate, bareRate] = [0, 0];
  for (let round = 0; round < 7; round += 1) {
    bareRate = await rate(bare);
    ourRate = await rate(ours);
    if (round > 1) ratios.push(ourRate / bareRate);
  }
  add(
    `${CONCURRENT} concurrent calls, to bare undici`,
    times(median(ratios)),
    `${ourRate.toFixed(0)} a second`,
    `bare undici ${bareRate.toFixed(0)} a second`,
  );
  await session.close();
  await requester.close();
  await sandbox.close();
}

async function signatures() {
  const { sign } = await evaluate('src/vpc/signature.ts');
  const { createRequire } = await import('node:module');
  const require = createRequire(import.meta.url);
  const { default: Official } = require('@alicloud/openapi-util');
  const { Request } = require('@alicloud/tea-typescript');
  const query = {
    RegionId: REGION,
    SslVpnServerId: SERVER,
    Name: '张伟',
    ClientToken: '0b7d7f3e-0000-4000-8000-000000000000',
  };
  const headers = {
    host: 'vpc.aliyuncs.com',
    'x-acs-action': 'CreateSslVpnClientCert',
    'x-acs-version': '2016-04-28',
    'x-acs-date': '2026-01-01T00:00:00Z',
    'x-acs-signature-nonce': 'n',
    'x-acs-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  };
  const official = Object.assign(new Request(), { method: 'POST', pathname: '/', query, headers });
  const perSecond = (/** @type {() => unknown} */ work) => {
    const begun = performance.now();
    let done = 0;
    for (; performance.now() - begun < 500; done += 100) for (let index = 0; index < 100; index += 1) work();
    return (done * 1000) / (performance.now() - begun);
  };
  const ours = () => sign({ method: 'POST', path: '/', query, headers, body: '' }, 'id', 'secret');
  const theirs = () =>
    Official.getAuthorization(official, 'ACS3-HMAC-SHA256', headers['x-acs-content-sha256'], 'id', 'secret');
  perSecond(ours);
  perSecond(theirs);
  const rounds = Array.from({ length: 5 }, () => ({ ours: perSecond(ours), theirs: perSecond(theirs) }));
  const medianOf = (/** @type {'ours' | 'theirs'} */ key) => median(rounds.map((round) => round[key]));
  add(
    'signatures, to the official SDK',
    times(median(rounds.map((round) => round.ours / round.theirs))),
    `${medianOf('ours').toFixed(0)} a second`,
    `official SDK ${medianOf('theirs').toFixed(0)} a second, one hash fewer`,
  );
}

/** A batch of 500, each row with two lines on the disk, and one without. */
async function audit() {
  const sandbox = await openSandbox({});
  const took = async (/** @type {string[]} */ args, /** @type {string} */ name) => {
    const session = await connected(sandbox.env, undefined, args);
    const names = Array.from({ length: 500 }, (_, index) => `${name}-${index}`);
    // What is learned of the pace by a first batch is the same for both.
    const begun = performance.now();
    await session.request('tools/call', {
      name: 'issue_ssl_vpn_client_certs',
      arguments: { region_id: REGION, ssl_vpn_server_id: SERVER, names },
    });
    const ms = performance.now() - begun;
    await session.close();
    return ms;
  };
  const without = await took([], 'plain');
  const withLog = await took(['--audit-log', join(folder, 'audit.jsonl')], 'audited');
  add(
    'batch of 500 with the audit log, to one without',
    times(withLog / without),
    ms(withLog),
    `${ms(without)} without`,
  );
  await sandbox.close();
}

async function growth() {
  const sandbox = await openSandbox({});
  const session = await connected(sandbox.env);
  const many = async (/** @type {number} */ count) => {
    for (let done = 0; done < count; done += 50)
      await Promise.all(
        Array.from({ length: 50 }, (_, index) => session.request('tools/call', createArgs(`growth-${index}`))),
      );
  };
  await many(2_000);
  const before = residentBytes(session.pid);
  await many(10_000);
  const after = residentBytes(session.pid);
  add(
    'memory over 10,000 calls',
    times(after / before),
    `${mb(before)} to ${mb(after)}`,
    'after 2,000 calls to warm up',
  );
  // A region of its own each time, so that no name exists yet.
  const names = Array.from({ length: 500 }, (_, index) => `joiner-${index}`);
  /** @type {number[]} */
  const resident = [];
  for (const [region_id, ssl_vpn_server_id] of [
    [REGION, SERVER],
    ['cn-hangzhou', 'vss-sandbox-hangzhou'],
    ['eu-central-1', 'vss-sandbox-frankfurt'],
  ]) {
    const args = { region_id, ssl_vpn_server_id, names };
    await session.request('tools/call', { name: 'issue_ssl_vpn_client_certs', arguments: args });
    resident.push(residentBytes(session.pid));
  }
  const [first = Number.NaN, , last = Number.NaN] = resident;
  add(
    'memory over batches of 500 names',
    times(last / first),
    `${mb(first)} after the first, ${mb(last)} after the third`,
    '',
  );
  await session.close();
  await sandbox.close();
}

function report() {
  // Node reads these certificates before anything else, which would hide what is measured.
  const machine = `Without NODE_EXTRA_CA_CERTS; Node ${process.versions.node}, ${type()} ${arch()}, ${cpus().length} x ${cpus()[0]?.model.trim()}, ${mb(totalmem())} of memory`;
  if (asJson) {
    process.stdout.write(`${JSON.stringify({ machine, rows: table }, null, 2)}\n`);
  } else {
    process.stdout.write(`${machine}\n\n${markdown()}\n`);
  }
  if (!process.argv.includes('--write')) return;
  const text = `# One run of \`npm run bench\`\n\n${machine}; ${new Date().toISOString().slice(0, 10)}.\n\nAll rows are of the same run; servers are started in turn, and a ratio is the median of the ratios of the rounds. Machines differ and are noisy, ratios less so.\n\n${markdown()}\n`;
  writeFileSync(join(ROOT, 'bench/RESULTS.md'), text);
}

function markdown() {
  const lines = table.map(({ row, ratio, ours, others }) => `| ${row} | ${ratio} | ${ours} | ${others} |`);
  return ['| what | ratio | ours | others, or what belongs to it |', '| --- | --- | --- | --- |', ...lines].join('\n');
}

try {
  const installed = installTarball();
  await starts();
  await firstCalls();
  size(installed);
  await calls();
  await signatures();
  await audit();
  await pace(add, { openSandbox, connected });
  await http(add, {
    openSandbox,
    sdkAdapter: join(published('bench-adapter', '@modelcontextprotocol/node'), 'dist/index.mjs'),
  });
  await growth();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
report();
