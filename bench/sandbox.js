/** The sandbox in a process of its own, with the latency and the limit that a measurement asks for. */
import { evaluate } from '../scripts/evaluate.js';

const { openSandbox } = await evaluate('src/sandbox/http.ts');
const options = JSON.parse(process.argv[2] ?? '{}');
const sandbox = await openSandbox(options);
process.stdout.write(`${JSON.stringify({ url: sandbox.url, ...sandbox.credentials })}\n`);
process.stdin.on('end', () => process.exit());
// Asked for a line, it answers with what came: when, and whether it was throttled.
process.stdin.on('data', () => {
  const creates = sandbox.requests.filter((/** @type {any} */ { action }) => action === 'CreateSslVpnClientCert');
  process.stdout.write(`${JSON.stringify(creates.map((/** @type {any} */ { at, code }) => ({ at, code })))}\n`);
});
