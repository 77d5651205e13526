/**
 * The bin: runs main.cjs with what V8 compiled of it the last time, which saves a third of the start. The cache lies
 * beside it, is one of this very build and Node, and is written once the client has gone quiet. Where it cannot be
 * written or is not whole, V8 compiles as always.
 */
const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const { Script } = require('node:vm');

const WRITE_AFTER_MS = 1_500;
const SUM_BYTES = 4;

const filename = `${__dirname}/main.cjs`;
const cacheFile = `${__dirname}/${process.env.BUILD_ID}-${process.version}-${process.platform}-${process.arch}.cache`;

const cachedData = readCache();
// As Node wraps a CommonJS module; to ask Node for its wrapper costs more than to write it.
const source = `(function (exports, require, module, __filename, __dirname) {${readFileSync(filename, 'utf8')}\n})`;
const script = new Script(source, { filename, ...(cachedData && { cachedData }) });
script.runInThisContext()(exports, require, module, filename, __dirname);
if (cachedData === undefined || script.cachedDataRejected) setTimeout(writeCache, WRITE_AFTER_MS).unref();

function readCache() {
  try {
    const file = readFileSync(cacheFile);
    const data = file.subarray(0, -SUM_BYTES);
    // V8 tells a stale cache by itself, but a damaged one ends the process.
    return sumOf(data) === file.readInt32LE(data.length) ? data : undefined;
  } catch {
    return undefined;
  }
}

function writeCache() {
  try {
    const data = script.createCachedData();
    const sum = Buffer.alloc(SUM_BYTES);
    sum.writeInt32LE(sumOf(data));
    // Under a name of its own first: another server may be reading.
    const temporary = `${cacheFile}.${process.pid}`;
    writeFileSync(temporary, Buffer.concat([data, sum]));
    renameSync(temporary, cacheFile);
  } catch {
    // Not writable: the next start is like this one.
  }
}

/**
 * Of two bytes in every 512: files are cut off, or damaged by blocks of 4 KB and more, and a sum of everything would make
 * V8 optimise the loop, which costs more than the cache saves.
 * @param {Buffer} data
 */
function sumOf(data) {
  let sum = data.length & 0xffffff;
  for (let at = 0; at + 1 < data.length; at += 512) sum = (sum * 31 + data.readUInt16LE(at)) & 0xffffff;
  return sum;
}
