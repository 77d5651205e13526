import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Call, codeFor, SDKS } from '../../src/tools/code-examples.js';
import { closeAll, REGION, SERVER, sandboxWith } from '../support/client.js';

const NAMES = [
  'zhang.wei',
  '张伟',
  "O'Brien",
  'say "hi"',
  'back\\slash',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: that it is no template is what is tested
  '${jndi}%{x}$(date)`id`',
  '𠮷\u2028line',
  'tab\tand\nnewline',
];
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;

beforeEach(() => {
  // Inside the repository, so that the examples find the official SDK.
  mkdirSync(join(ROOT, 'node_modules/.cache'), { recursive: true });
  folder = mkdtempSync(join(ROOT, 'node_modules/.cache/examples-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await closeAll();
});

const create = (Name: string, endpoint = 'https://vpc.aliyuncs.com'): Call => ({
  action: 'CreateSslVpnClientCert',
  parameters: { RegionId: REGION, SslVpnServerId: SERVER, Name, ClientToken: `t-${Math.random()}` },
  endpoint,
});
const has = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0;
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

describe('the call as code', () => {
  it.each(NAMES)('in TypeScript makes the certificate %j, run as printed with the official SDK', async (name) => {
    const sandbox = await sandboxWith();
    const { code } = transformSync(codeFor('typescript', create(name, sandbox.url)), {
      loader: 'ts',
      format: 'cjs',
      platform: 'node',
      target: 'node20',
    });
    const file = write('example.cjs', code);
    const run = spawnAsync(process.execPath, [file], {
      ALIBABA_CLOUD_ACCESS_KEY_ID: sandbox.credentials.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: sandbox.credentials.accessKeySecret,
    });
    const printed = JSON.parse(await run);
    expect(sandbox.cloud.certificates()).toContainEqual(
      expect.objectContaining({
        Name: name,
        SslVpnClientCertId: printed.SslVpnClientCertId ?? printed.sslVpnClientCertId,
      }),
    );
  });

  it.skipIf(!has('python3', '--version'))('in Python parses, and its strings are the ones meant', () => {
    for (const name of NAMES) {
      const file = write('example.py', codeFor('python', create(name)));
      const script =
        'import ast,json,sys; t=ast.parse(open(sys.argv[1],encoding="utf8").read()); print(json.dumps([k.value.value for n in ast.walk(t) if isinstance(n,ast.Call) for k in n.keywords if k.arg=="name"]))';
      expect(JSON.parse(execFileSync('python3', ['-c', script, file], { encoding: 'utf8' }))).toEqual([name]);
    }
  });

  it.skipIf(!has('gofmt', '-h') && !has('gofmt'))('in Go parses', () => {
    const list: Call = {
      action: 'DescribeSslVpnServers',
      parameters: { RegionId: REGION, PageNumber: '1', PageSize: '50' },
      endpoint: 'https://vpc.aliyuncs.com',
    };
    for (const call of [...NAMES.map((name) => create(name)), list])
      execFileSync('gofmt', ['-e', write('example.go', codeFor('go', call))], { stdio: 'pipe' });
    expect(codeFor('go', list)).toContain('PageNumber: tea.Int32(1)');
  });

  it.skipIf(!has('javac', '-version'))(
    'in Java parses',
    () => {
      // A class of its own for each, so that one compiler takes them all.
      const files = NAMES.map((name, index) =>
        write(
          `Example${index}.java`,
          codeFor('java', create(name)).replace('class CreateSslVpnClientCertExample', `class Example${index}`),
        ),
      );
      const { stderr } = spawnSync('javac', ['-XDrawDiagnostics', '-encoding', 'UTF-8', '-d', folder, ...files], {
        encoding: 'utf8',
      });
      // The SDK is not here, so its names cannot be resolved; every other complaint would be about the text.
      const complaints = stderr
        .split('\n')
        .filter((line) => line.includes('compiler.err') && !/doesnt\.exist|cant\.resolve/.test(line));
      expect(complaints).toEqual([]);
    },
    120_000,
  );

  it('for the CLI reaches the command as meant, whatever a shell makes of it', () => {
    for (const name of NAMES) {
      const script = `aliyun() { for word in "$@"; do printf '%s\\0' "$word"; done; }\n${codeFor('cli', create(name))}`;
      const words = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0');
      expect(words.slice(0, 2)).toEqual(['vpc', 'CreateSslVpnClientCert']);
      expect(words[words.indexOf('--Name') + 1]).toBe(name);
      expect(words[words.indexOf('--endpoint') + 1]).toBe('vpc.aliyuncs.com');
    }
  });

  it('for Terraform escapes what starts a template there', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as above
    expect(codeFor('terraform', create('${a}%{b}"'))).toContain('name              = "$${a}%%{b}\\""');
  });

  it.each(SDKS)('in %s is there for every action that changes something, and holds no key', (sdk) => {
    for (const action of [
      'CreateSslVpnClientCert',
      'ModifySslVpnClientCert',
      'DeleteSslVpnClientCert',
      'DescribeSslVpnClientCert',
    ]) {
      const code = codeFor(sdk, {
        action,
        parameters: { RegionId: REGION, SslVpnClientCertId: 'vsc-1', Name: 'n' },
        endpoint: 'https://vpc.aliyuncs.com',
      });
      expect(code.length).toBeGreaterThan(40);
      expect(code).not.toContain('undefined');
    }
  });
});

async function spawnAsync(command: string, args: string[], env: Record<string, string>): Promise<string> {
  const { spawn } = await import('node:child_process');
  const child = spawn(command, args, { env: { PATH: process.env.PATH ?? '', ...env }, cwd: tmpdir() });
  let output = '';
  let complaint = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    complaint += chunk;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(complaint);
  return output;
}
