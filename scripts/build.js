/** Bundles src/ into dist/: main.cjs, which clients start, and vendor/, packages that it loads on first use. */
import { chmod, mkdir, rm } from 'node:fs/promises';
import { build } from 'esbuild';
import { evaluate, ROOT } from './evaluate.js';

const AJV_PROVIDER = '@modelcontextprotocol/sdk/validation/ajv-provider.js';

/** Packages that answering `initialize` and `tools/list` does not need, each a file of its own. */
const ON_FIRST_USE = {
  undici: 'undici',
  'fast-xml-parser': 'fast-xml-parser',
  '@peculiar/x509': '@peculiar/x509',
  'reflect-metadata': 'reflect-metadata',
  '@alicloud/credentials': '@alicloud/credentials',
};

/** @type {import('esbuild').BuildOptions} */
const shared = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
};

await rm(`${ROOT}/dist`, { recursive: true, force: true });
await mkdir(`${ROOT}/dist`);
const { LISTING } = await evaluate('src/tools/listing.ts');
await Promise.all([
  build({
    ...shared,
    entryPoints: { main: 'src/main.ts' },
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    // import() of CommonJS goes through Node's ES module loader otherwise, which costs more than it loads.
    supported: { 'dynamic-import': false },
    plugins: [loadOnFirstUse(), precomputeListing(LISTING)],
  }),
  build({
    ...shared,
    entryPoints: { ...ON_FIRST_USE, 'ajv-provider': AJV_PROVIDER },
    outdir: 'dist/vendor',
    outExtension: { '.js': '.cjs' },
  }),
  build({
    ...shared,
    entryPoints: { demo: 'src/commands/demo.ts' },
    outdir: 'dist',
    format: 'esm',
    packages: 'external',
  }),
]);
await chmod(`${ROOT}/dist/main.cjs`, 0o755);

/** @returns {import('esbuild').Plugin} */
function loadOnFirstUse() {
  return {
    name: 'load-on-first-use',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^[^.]/ }, ({ path }) =>
        Object.hasOwn(ON_FIRST_USE, path) ? { path: `./vendor/${path}.cjs`, external: true } : undefined,
      );
      // The SDK's Server imports ajv to check answers to elicitations. Here it does so when the first one comes.
      onLoad({ filter: /ajv-provider\.js$/ }, () => ({
        contents: `export class AjvJsonSchemaValidator {
          getValidator(schema) {
            this.validator ??= new (require('./vendor/ajv-provider.cjs').AjvJsonSchemaValidator)();
            return this.validator.getValidator(schema);
          }
        }`,
      }));
      onResolve({ filter: /^\.\/vendor\// }, ({ path }) => ({ path, external: true }));
    },
  };
}

/**
 * The answer to tools/list depends on nothing that changes after the build, so zod need not work it out at each start.
 * @param {unknown} computed
 * @returns {import('esbuild').Plugin}
 */
function precomputeListing(computed) {
  return {
    name: 'precompute-listing',
    setup({ onLoad }) {
      onLoad({ filter: /src\/tools\/listing\.ts$/ }, () => ({
        contents: `export const LISTING = ${JSON.stringify(computed)};`,
      }));
    },
  };
}
