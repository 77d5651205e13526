/**
 * The conformance suite of MCP, for both of the revisions that it knows: against the built product what needs no tools of
 * the suite's own, and all that a revision requires against a fixture on the product's transport. The suite sends no token,
 * so a proxy in front of the product adds it and changes nothing else. Run by `npm run test:conformance`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { evaluate } from '../../scripts/evaluate.js';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const BIN = fileURLToPath(new URL('../../dist/main.cjs', import.meta.url));
const TOKEN = 'token-of-the-conformance-tests';
/** What asks for none of the suite's own tools, by revision. */
const SCENARIOS = {
  '2025-11-25': [
    'server-initialize',
    'ping',
    'tools-list',
    'resources-list',
    'prompts-list',
    'dns-rebinding-protection',
  ],
  '2026-07-28': [
    'tools-list',
    'resources-list',
    'prompts-list',
    'dns-rebinding-protection',
    'http-header-validation',
    'caching',
    'sep-2164-resource-not-found',
  ],
};

/** A server without sessions cannot ask clients of the older revisions, so these cannot pass. */
const CANNOT_ASK = [
  'tools-call-sampling',
  'tools-call-elicitation',
  'elicitation-sep1034-defaults',
  'elicitation-sep1330-enums',
];

const proxy = createServer((incoming, outgoing) => {
  const headers = { ...incoming.headers, authorization: `Bearer ${TOKEN}` };
  const passed = request({ port: productPort, path: incoming.url, method: incoming.method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  passed.on('error', () => outgoing.destroy());
  outgoing.on('close', () => passed.destroy());
  incoming.pipe(passed);
});
await new Promise((resolve) => proxy.listen(0, '127.0.0.1', () => resolve(undefined)));
const address = proxy.address();
const proxyPort = typeof address === 'object' && address !== null ? address.port : 0;
const url = `http://localhost:${proxyPort}`;

const product = spawn(process.execPath, [BIN, 'http', '--sandbox', '--port', '0', '--public-url', url], {
  env: { PATH: process.env.PATH, HOME: '/nonexistent', SSL_VPN_MCP_TOKEN: TOKEN },
  stdio: ['ignore', 'inherit', 'pipe'],
});
let logged = '';
product.stderr.setEncoding('utf8').on('data', (text) => {
  logged += text;
});
while (!logged.includes('"listening"')) await once(product.stderr, 'data');
const productPort = Number(/"address":"http:\/\/127\.0\.0\.1:(\d+)"/.exec(logged)?.[1]);

let failed = 0;
for (const [revision, scenarios] of Object.entries(SCENARIOS)) {
  for (const scenario of scenarios) await check('product', url, scenario, revision);
}
product.kill();
const { openFixture } = await evaluate('test/conformance/fixture.ts');
const fixture = await openFixture();
for (const revision of Object.keys(SCENARIOS)) {
  for (const scenario of required(revision)) await check('fixture', fixture.url, scenario, revision);
}
await fixture.close();
proxy.closeAllConnections();
proxy.close();
process.exitCode = failed === 0 ? 0 : 1;

/** @param {string} revision @returns {string[]} the scenarios of servers that it requires, as the suite has them */
function required(revision) {
  const file = `${HERE}node_modules/@modelcontextprotocol/conformance/requirements/${revision}.yaml`;
  const [, servers = ''] = /^server:\n((?: {2}- .*\n)+)/m.exec(readFileSync(file, 'utf8')) ?? [];
  return [...servers.matchAll(/^ {2}- (\S+)/gm)].map(([, name = '']) => name);
}

/** @param {string} what @param {string} address @param {string} scenario @param {string} revision */
async function check(what, address, scenario, revision) {
  const expected = revision < '2026' && CANNOT_ASK.includes(scenario) ? 'cannot ask' : 'passed';
  const { passed, output } = await run(address, scenario, revision);
  const found = passed ? 'passed' : expected === 'passed' ? 'FAILED' : expected;
  process.stdout.write(`${found.padEnd(10)}  ${revision}  ${what}  ${scenario}\n`);
  if (found === expected) return;
  failed += 1;
  process.stdout.write(`${output}\n`);
}

/** @param {string} address @param {string} scenario @param {string} revision */
async function run(address, scenario, revision) {
  const suite = [`${HERE}node_modules/@modelcontextprotocol/conformance/dist/index.js`, 'server'];
  const args = [...suite, '--url', `${address}/mcp`, '--scenario', scenario, '--spec-version', revision];
  const child = spawn(`${HERE}node_modules/node/bin/node`, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: HERE });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  const [code] = await once(child, 'close');
  return { passed: code === 0, output };
}
