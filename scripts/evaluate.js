/** Runs a TypeScript module of src/ at build time and gives what it exports. */
import { mkdtemp, rm } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * @param {string} entryPoint relative to the repository
 * @returns {Promise<any>} its exports
 */
export async function evaluate(entryPoint) {
  // Inside the repository, so that packages are found from there.
  const folder = await mkdtemp(`${ROOT}/node_modules/.evaluate-`);
  const outfile = `${folder}/module.mjs`;
  try {
    await build({
      absWorkingDir: ROOT,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'esm',
      packages: 'external',
      entryPoints: [entryPoint],
      outfile,
      logLevel: 'warning',
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
