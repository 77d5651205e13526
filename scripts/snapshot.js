/** Writes what tools/list says now to the snapshot that the tests hold it against: for a look at what agents will see. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (/** @type {string} */ relative) => fileURLToPath(new URL(relative, import.meta.url));
const input = ['initialize', 'tools/list']
  .map((method, id) => ({
    jsonrpc: '2.0',
    id,
    method,
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'snapshot', version: '1' } },
  }))
  .map((message) => `${JSON.stringify(message)}\n`)
  .join('');
const { stdout } = spawnSync(process.execPath, [path('../dist/bin.cjs'), '--sandbox'], { input, encoding: 'utf8' });
const { result } = JSON.parse(stdout.split('\n')[1] ?? '');
writeFileSync(path('../test/tools/listing.snapshot.json'), `${JSON.stringify(result.tools, null, 2)}\n`);
