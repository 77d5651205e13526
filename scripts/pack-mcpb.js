// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are placeholders of the bundle, not templates
/** Makes the .mcpb bundle for Claude Desktop of what lies in dist/: validated, then packed by its own tool. First argument: where to. */
import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evaluate, ROOT } from './evaluate.js';

const manifest = JSON.parse(await readFile(`${ROOT}/package.json`, 'utf8'));
const { LISTING } = await evaluate('src/tools/listing.ts');

/** @type {Record<string, object>} */
const userConfig = {
  access_key_id: {
    type: 'string',
    title: 'Access key id',
    description: 'Of a RAM user that may manage SSL-VPN',
    sensitive: true,
    required: false,
  },
  access_key_secret: {
    type: 'string',
    title: 'Access key secret',
    description: 'Kept by the operating system',
    sensitive: true,
    required: false,
  },
  region: { type: 'string', title: 'Default region', description: 'e.g. ap-southeast-1', required: false, default: '' },
  output_dir: {
    type: 'directory',
    title: 'Folder for .ovpn files',
    description: 'The only folder that files are written to',
    required: false,
    default: '${HOME}/ssl-vpn-configs',
  },
  read_only: {
    type: 'boolean',
    title: 'Read only',
    description: 'No tool that changes anything',
    required: false,
    default: false,
  },
};

const bundle = {
  manifest_version: '0.3',
  name: manifest.name,
  display_name: 'Alibaba Cloud SSL-VPN',
  version: manifest.version,
  description: manifest.description,
  author: { name: 'alicloud-ssl-vpn-mcp contributors' },
  license: manifest.license,
  keywords: manifest.keywords,
  server: {
    type: 'node',
    entry_point: 'dist/main.cjs',
    mcp_config: {
      command: 'node',
      args: ['${__dirname}/dist/main.cjs'],
      env: {
        ALIBABA_CLOUD_ACCESS_KEY_ID: '${user_config.access_key_id}',
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: '${user_config.access_key_secret}',
        ALIBABA_CLOUD_REGION_ID: '${user_config.region}',
        SSL_VPN_MCP_OUTPUT_DIR: '${user_config.output_dir}',
        SSL_VPN_MCP_READ_ONLY: '${user_config.read_only}',
      },
    },
  },
  tools: LISTING.map((/** @type {any} */ { name, description }) => ({ name, description })),
  compatibility: { runtimes: { node: manifest.engines.node } },
  user_config: userConfig,
};

const folder = await mkdtemp(join(tmpdir(), 'mcpb-'));
try {
  await cp(`${ROOT}/dist`, `${folder}/dist`, {
    recursive: true,
    filter: (path) => !/(demo\.js|metafile\.json)$/.test(path),
  });
  // package.json says that the files are ES modules.
  for (const file of ['LICENSE', 'README.md', 'package.json']) await cp(`${ROOT}/${file}`, `${folder}/${file}`);
  await writeFile(`${folder}/manifest.json`, `${JSON.stringify(bundle, null, 2)}\n`);
  const mcpb = (/** @type {string[]} */ ...args) =>
    execFileSync(`${ROOT}/node_modules/.bin/mcpb`, args, { stdio: 'inherit' });
  mcpb('validate', `${folder}/manifest.json`);
  mcpb('pack', folder, process.argv[2] ?? `${ROOT}/${manifest.name}-${manifest.version}.mcpb`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
