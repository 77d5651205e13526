/** Bundles the explorer's page into one file that needs nothing else. */
import { readFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { evaluate, ROOT } from './evaluate.js';

/** @returns {Promise<{ html: string, metafile: import('esbuild').Metafile }>} */
export async function buildPage() {
  const { TOOLS } = await evaluate('src/tools/index.ts');
  const actions = Object.fromEntries(TOOLS.map((/** @type {any} */ { name, actions }) => [name, actions]));
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
    write: false,
    outdir: 'page',
    tsconfig: 'src/explorer/tsconfig.json',
    entryPoints: { script: 'src/explorer/main.tsx', style: 'src/explorer/styles/page.css' },
    define: { ACTIONS_OF_TOOLS: JSON.stringify(actions) },
  });
  const textOf = (/** @type {string} */ ending) =>
    outputFiles.find(({ path }) => path.endsWith(ending))?.text.trim() ?? '';
  const shell = await readFile(`${ROOT}/src/explorer/page.html`, 'utf8');
  // By functions, because `$` stands for something in a text that replaces.
  const html = shell.replace('/*style*/', () => textOf('.css')).replace('/*script*/', () => textOf('.js'));
  return { html, metafile };
}
