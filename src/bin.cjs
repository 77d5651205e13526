/**
 * The bin: runs main.cjs with what V8 compiled of it the last time, which saves a third of the start. The cache lies
 * beside it, is one of this very build and Node, and is written once the client has gone quiet. Where it cannot be
 * written or does not fit, V8 compiles as always.
 */
const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const { Module } = require('node:module');
const { Script } = require('node:vm');

const WRITE_AFTER_MS = 1_500;

const filename = `${__dirname}/main.cjs`;
const cacheFile = `${__dirname}/${process.env.BUILD_ID}-${process.version}-${process.platform}-${process.arch}.cache`;

const cachedData = readIfThere(cacheFile);
const script = new Script(Module.wrap(readFileSync(filename, 'utf8')), { filename, ...(cachedData && { cachedData }) });
script.runInThisContext()(exports, require, module, filename, __dirname);
if (cachedData === undefined || script.cachedDataRejected) setTimeout(writeCache, WRITE_AFTER_MS).unref();

function writeCache() {
  try {
    // Under a name of its own first: another server may be reading.
    const temporary = `${cacheFile}.${process.pid}`;
    writeFileSync(temporary, script.createCachedData());
    renameSync(temporary, cacheFile);
  } catch {
    // Not writable: the next start is like this one.
  }
}

/** @param {string} path */
function readIfThere(path) {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
