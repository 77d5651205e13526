/**
 * The conformance suite of MCP against the built product, for both of the revisions that the suite knows. The suite sends
 * no token, so a proxy adds it; nothing else is changed. Run by `npm run test:conformance`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { fileURLToPath } from 'node:url';

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

const failed = [];
for (const [revision, scenarios] of Object.entries(SCENARIOS)) {
  for (const scenario of scenarios) {
    const passed = await run(scenario, revision);
    process.stdout.write(`${passed ? 'passed' : 'FAILED'}  ${revision}  ${scenario}\n`);
    if (!passed) failed.push(scenario);
  }
}
product.kill();
proxy.closeAllConnections();
proxy.close();
process.exitCode = failed.length === 0 ? 0 : 1;

/** @param {string} scenario @param {string} revision */
async function run(scenario, revision) {
  const suite = [`${HERE}node_modules/@modelcontextprotocol/conformance/dist/index.js`, 'server'];
  const args = [...suite, '--url', `${url}/mcp`, '--scenario', scenario, '--spec-version', revision];
  const child = spawn(`${HERE}node_modules/node/bin/node`, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: HERE });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  const [code] = await once(child, 'close');
  if (code !== 0) process.stdout.write(`${output}\n`);
  return code === 0;
}
