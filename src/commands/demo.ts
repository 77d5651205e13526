/** The main job, shown from outside: an MCP client, the real bin, the sandbox cloud. Ends non-zero when anything is not as it should be. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { CallToolResultSchema, ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod/v3';

const BIN = fileURLToPath(new URL('main.cjs', import.meta.url));
const terminal = process.stdout.isTTY;
const style = (code: string) => (text: string) => (terminal ? `\x1b[${code}m${text}\x1b[0m` : text);
const [bold, dim, green, cyan] = [style('1'), style('2'), style('32'), style('36')];

const folder = mkdtempSync(join(tmpdir(), 'ssl-vpn-demo-'));
const children: ChildProcess[] = [];

async function main(): Promise<void> {
  try {
    await oneColleague();
    await fortyJoiners();
    say(`\n${green('Everything was as it should be.')} No account, no cloud and no network were needed.`);
  } finally {
    for (const child of children) child.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function oneColleague(): Promise<void> {
  title('"Put our new colleague Zhang Wei on the Singapore VPN and give me the file to send."');
  const agent = await startAgent(['--sandbox', '--output-dir', folder]);

  const { servers } = await agent.call(
    'list_ssl_vpn_servers',
    { region_id: 'all', name: 'singapore' },
    z.object({ servers: z.array(z.object({ ssl_vpn_server_id: z.string(), region_id: z.string() })) }),
  );
  const [server] = servers;
  check(servers.length === 1 && server !== undefined, 'there is one server of that name');

  const created = z.object({ certificate: z.object({ ssl_vpn_client_cert_id: z.string(), region_id: z.string() }) });
  const { certificate } = await agent.call('create_ssl_vpn_client_cert', { ...server, name: 'zhang.wei' }, created);

  const { ssl_vpn_client_cert_id, region_id } = certificate;
  const one = { region_id, ssl_vpn_client_cert_id };
  const { files } = await agent.call(
    'save_ssl_vpn_client_config',
    one,
    z.object({ files: z.array(z.object({ path: z.string() })) }),
  );
  const file = readFileSync(files[0]?.path ?? '', 'utf8');
  check(/<key>\n-----BEGIN/.test(file), 'the file holds the key');
  say(dim('  The file, less what is in its blocks:'));
  for (const line of outline(file)) say(dim(`    ${line}`));

  await agent.call(
    'modify_ssl_vpn_client_cert',
    { ...one, name: 'zhang.wei-laptop' },
    z.object({ certificate: z.object({ name: z.literal('zhang.wei-laptop') }) }),
  );

  title('"Why was I refused?"');
  const refused = { region_id: 'cn-hangzhou', ssl_vpn_server_id: 'vss-sandbox-subuser', name: 'zhang.wei' };
  const { error } = await agent.call(
    'create_ssl_vpn_client_cert',
    refused,
    z.object({ error: z.object({ code: z.string(), effect: z.string(), ram_policy: z.object({}) }) }),
  );
  check(error.code === 'Forbbiden.SubUser' && error.effect === 'none', 'the refusal is explained and changed nothing');

  title('"He left. Take his access away."');
  await agent.call('delete_ssl_vpn_client_cert', one, z.object({ outcome: z.literal('revoked') }));
  await agent.stop();
}

async function fortyJoiners(): Promise<void> {
  title(
    '"Issue certificates for these forty joiners." The network loses the first answer for each, and the server is killed half way.',
  );
  const cloud = await startCloud();
  const joiners = Array.from({ length: 40 }, (_, index) => `joiner-${String(index + 1).padStart(2, '0')}`);
  const batch = {
    region_id: 'cn-hangzhou',
    ssl_vpn_server_id: 'vss-sandbox-flaky',
    names: joiners,
    batch_id: 'joiners-november',
  };
  const answer = z.object({
    complete: z.boolean(),
    created: z.array(z.object({ name: z.string() })),
    already_existed: z.array(z.object({ name: z.string() })),
    remaining: z.array(z.string()),
  });

  const first = await startAgent(['--output-dir', folder], cloud, (done) => {
    if (done >= joiners.length / 2) first.kill();
  });
  const lost = await first.call('issue_ssl_vpn_client_certs', batch, answer).then(
    () => false,
    () => true,
  );
  check(lost, 'the server was killed before it could answer');
  say(`\n  ${bold('killed')} with SIGKILL, its answer is lost. A new server, the same call:`);

  const second = await startAgent(['--output-dir', folder], cloud);
  const end = await second.call('issue_ssl_vpn_client_certs', batch, answer);
  check(end.complete && end.remaining.length === 0, 'the batch is complete');
  const listed = z.object({ total_count: z.number(), certificates: z.array(z.object({ name: z.string() })) });
  const { total_count, certificates } = await second.call(
    'list_ssl_vpn_client_certs',
    { region_id: batch.region_id, ssl_vpn_server_id: batch.ssl_vpn_server_id, limit: 200 },
    listed,
  );
  check(
    total_count === 40 && new Set(certificates.map(({ name }) => name)).size === 40,
    'the cloud holds forty certificates for forty names',
  );
  say(
    `  ${end.already_existed.length} were made before the kill, ${end.created.length} after it, ${bold('forty in all')}, and none twice.`,
  );
  await second.stop();
}

type Agent = {
  call<Shape extends z.ZodTypeAny>(tool: string, args: Record<string, unknown>, shape: Shape): Promise<z.infer<Shape>>;
  kill(): void;
  stop(): Promise<void>;
};

async function startAgent(
  args: string[],
  env: Record<string, string> = {},
  watch: (done: number) => void = () => {},
): Promise<Agent> {
  const client = new Client({ name: 'demo', version: '1.0.0' }, { capabilities: { elicitation: {} } });
  client.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
    say(`  ${cyan('asked')}  ${params.message.split('\n').join('\n         ')}`);
    say(`  ${cyan('person')} yes`);
    return { action: 'accept', content: { confirm: true } };
  });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [BIN, '--log-level', 'error', ...args],
    env: { ...environment(), ...env },
  });
  await client.connect(transport);
  return {
    async call(tool, given, shape) {
      say(`\n  ${bold(tool)} ${shortened(given)}`);
      const result = await client.callTool({ name: tool, arguments: given }, CallToolResultSchema, {
        onprogress({ progress, total = 0 }) {
          if (tool === 'issue_ssl_vpn_client_certs') bar(Math.floor(progress), total);
          watch(progress);
        },
      });
      if (terminal && tool === 'issue_ssl_vpn_client_certs') say('');
      const structured: unknown = result.structuredContent;
      for (const line of JSON.stringify(shown(structured), null, 2).split('\n').slice(1, -1)) say(`  ${line}`);
      return shape.parse(structured);
    },
    kill: () => process.kill(transport.pid ?? 0, 'SIGKILL'),
    stop: () => client.close(),
  };
}

/** What a person would read of it: long lists by their first members. */
function shown(value: unknown): unknown {
  if (Array.isArray(value)) {
    const [first, second, ...more] = value.map(shown);
    return more.length > 1 ? [first, second, `... ${more.length} more`] : value.map(shown);
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, shown(part)]));
}

/** The sandbox as a process of its own: it outlives the servers. @returns the settings that lead to it */
async function startCloud(): Promise<Record<string, string>> {
  const child = spawn(process.execPath, [BIN, 'sandbox'], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  let printed = '';
  for await (const chunk of child.stdout) {
    printed += chunk;
    if (printed.includes('# SSL-VPN servers')) break;
  }
  return Object.fromEntries(
    [...printed.matchAll(/^(ALIBABA_CLOUD_\w+)=(.*)$/gm)].map((match) => [match[1] ?? '', match[2] ?? '']),
  );
}

/** Nothing of the person's own account takes part. */
function environment(): Record<string, string> {
  return { PATH: '/nonexistent', HOME: folder, ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true' };
}

function outline(file: string): string[] {
  return file
    .replace(/(<(\w+)>\n)[\s\S]*?(\n<\/\2>)/g, '$1  ...$3')
    .trimEnd()
    .split('\n');
}

function shortened(given: Record<string, unknown>): string {
  const text = JSON.stringify(given);
  return text.length > 160 ? `${text.slice(0, 160)}...` : text;
}

let lastStep = -1;

function bar(done: number, total: number): void {
  if (terminal) {
    const filled = Math.round((done / total) * 30);
    process.stdout.write(`\r  [${'#'.repeat(filled)}${'.'.repeat(30 - filled)}] ${done}/${total} `);
    return;
  }
  const step = Math.floor((done / total) * 4);
  if (step !== lastStep) say(`  ${done} of ${total}`);
  lastStep = step;
}

function title(text: string): void {
  say(`\n${bold(cyan(text))}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function check(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`Not as it should be: ${what}`);
}

main().catch((error: Error) => {
  process.stderr.write(`\n${error.message}\n`);
  process.exitCode = 1;
});
