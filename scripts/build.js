/**
 * Bundles src/ into dist/: main.cjs, which clients start and which answers their first questions; and what it loads on
 * first use, as ES modules that share what they have in common.
 */
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { buildPage } from './build-page.js';
import { evaluate, ROOT } from './evaluate.js';
import { thirdPartyNotices } from './notices.js';

/** @type {import('esbuild').BuildOptions} */
const shared = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node20',
  outdir: 'dist',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
};

await rm(`${ROOT}/dist`, { recursive: true, force: true });
await mkdir(`${ROOT}/dist`);
const { builtInAnswers } = await evaluate('src/mcp/work-out-first-answers.ts');
const page = await buildPage();
await writeFile(`${ROOT}/dist/explorer.html`, page.html);
const results = await Promise.all([
  build({
    ...shared,
    // CommonJS: Node's loader of ES modules alone would cost a quarter of the start.
    format: 'cjs',
    entryPoints: { main: 'src/main.ts' },
    outExtension: { '.js': '.cjs' },
    external: ['./commands/*'],
    define: { FIRST_ANSWERS: JSON.stringify(await builtInAnswers()) },
    banner: { js: '#!/usr/bin/env node' },
  }),
  build({
    ...shared,
    format: 'esm',
    splitting: true,
    entryPoints: ['serve', 'http', 'explore', 'doctor', 'sandbox'].map((command) => `src/commands/${command}.ts`),
    outbase: 'src',
    // Its validator of JSON schemas is as large as the rest of it, and nothing here needs one: the tools check.
    alias: { '@modelcontextprotocol/server/_shims': `${ROOT}/src/mcp/no-validator.ts` },
    chunkNames: 'chunks/[name]-[hash]',
    // Packages that are CommonJS require Node's own modules.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  }),
  build({
    ...shared,
    format: 'esm',
    entryPoints: { demo: 'src/commands/demo.ts' },
    packages: 'external',
  }),
]);
await chmod(`${ROOT}/dist/main.cjs`, 0o755);
const [main, loaded] = results.map(({ metafile }) => metafile);
const shipped = [main, loaded, page.metafile].filter((metafile) => metafile !== undefined);
await writeFile(`${ROOT}/dist/THIRD-PARTY-NOTICES.txt`, await thirdPartyNotices(shipped));
// For the tests of what is loaded when, and of what is shipped twice.
await writeFile(`${ROOT}/dist/metafile.json`, JSON.stringify({ main, loaded, page: page.metafile }));
