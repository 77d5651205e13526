/**
 * Bundles src/ into dist/: bin.cjs, which clients start and which runs main.cjs; later.cjs and the packages in vendor/,
 * which are loaded on first use.
 */
import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { evaluate, ROOT } from './evaluate.js';
import { thirdPartyNotices } from './notices.js';

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
  // import() of CommonJS goes through Node's ES module loader otherwise, which costs more than it loads.
  supported: { 'dynamic-import': false },
};

await rm(`${ROOT}/dist`, { recursive: true, force: true });
await mkdir(`${ROOT}/dist`);
const { LISTING } = await evaluate('src/tools/listing.ts');
/** @type {import('esbuild').BuildOptions} */
const cjs = { ...shared, metafile: true, outdir: 'dist', outExtension: { '.js': '.cjs' } };
const results = await Promise.all([
  build({
    ...cjs,
    entryPoints: { main: 'src/main.ts' },
    plugins: [loadLater(), lazyAjv(), lazySchemas(), precomputeListing(LISTING)],
  }),
  build({ ...cjs, entryPoints: { later: 'src/later.ts' }, plugins: [loadOnFirstUse()] }),
  build({ ...cjs, entryPoints: { ...ON_FIRST_USE, 'ajv-provider': AJV_PROVIDER }, outdir: 'dist/vendor' }),
  build({
    ...shared,
    entryPoints: { demo: 'src/commands/demo.ts' },
    outdir: 'dist',
    format: 'esm',
    packages: 'external',
  }),
]);
const metafiles = results.flatMap(({ metafile }) => metafile ?? []);
await writeFile(`${ROOT}/dist/THIRD-PARTY-NOTICES.txt`, await thirdPartyNotices(metafiles));

const id = createHash('sha256')
  .update(await readFile(`${ROOT}/dist/main.cjs`))
  .digest('hex')
  .slice(0, 12);
await build({
  ...cjs,
  entryPoints: { bin: 'src/bin.cjs' },
  banner: { js: '#!/usr/bin/env node' },
  define: { 'process.env.BUILD_ID': JSON.stringify(id) },
});
await chmod(`${ROOT}/dist/bin.cjs`, 0o755);

/**
 * What a client does not wait for at the start stays out of main.cjs.
 * @returns {import('esbuild').Plugin}
 */
function loadLater() {
  return {
    name: 'load-later',
    setup({ onResolve }) {
      onResolve({ filter: /\/later\.js$/ }, () => ({ path: './later.cjs', external: true }));
    },
  };
}

/** @returns {import('esbuild').Plugin} */
function loadOnFirstUse() {
  return {
    name: 'load-on-first-use',
    setup({ onResolve }) {
      onResolve({ filter: /^[^.]/ }, ({ path }) =>
        Object.hasOwn(ON_FIRST_USE, path) ? { path: `./vendor/${path}.cjs`, external: true } : undefined,
      );
    },
  };
}

/**
 * The SDK's Server imports ajv to check answers to elicitations. Here it does so when the first one comes.
 * @returns {import('esbuild').Plugin}
 */
function lazyAjv() {
  return {
    name: 'lazy-ajv',
    setup({ onLoad, onResolve }) {
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
 * The SDK makes some 150 zod schemas when it is loaded, and a session looks at twenty. Here each is made when it is
 * first looked at: behind a proxy that stands for it, in every respect, from then on.
 * @returns {import('esbuild').Plugin}
 */
function lazySchemas() {
  const statement =
    /^((?:export )?const \w+Schema = )(z\b[\s\S]*?|\w+Schema\b[\s\S]*?);\n(?=export |const |function |class |\/|$)/gm;
  return {
    name: 'lazy-schemas',
    setup({ onLoad }) {
      onLoad({ filter: /sdk\/dist\/esm\/types\.js$/ }, async ({ path }) => {
        const source = await readFile(path, 'utf8');
        const contents = source
          .replace(statement, '$1/* @__PURE__ */ lazily(() => $2);\n')
          // To fail at a schema costs a tenth of a call, and each request would at these two: a field tells as well.
          .replace(/(isJSONRPCResultResponse = \(value\) => )/, '$1value?.result !== undefined && ')
          .replace(/(isJSONRPCErrorResponse = \(value\) => )/, '$1value?.error !== undefined && ');
        if (contents.split('lazily(').length < 100) throw new Error("the SDK's schemas are not written as they were");
        return { contents: `import { lazily } from '${ROOT}/scripts/lazily.js';\n${contents}` };
      });
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
