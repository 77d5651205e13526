/** The licences of everything that the bundles hold. */
import { readdir, readFile } from 'node:fs/promises';
import { ROOT } from './evaluate.js';

/**
 * @param {import('esbuild').Metafile[]} metafiles of the bundles
 * @returns {Promise<string>} the text of THIRD-PARTY-NOTICES.txt
 */
export async function thirdPartyNotices(metafiles) {
  const files = metafiles.flatMap(({ outputs }) =>
    Object.values(outputs).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
    ),
  );
  const folders = new Set(files.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []));
  const notices = await Promise.all([...folders].sort().map(notice));
  return `This package bundles the following packages.\n\n${notices.join('\n')}`;
}

/** @param {string} folder of a package, relative to the repository */
async function notice(folder) {
  const { name, version, license } = JSON.parse(await readFile(`${ROOT}/${folder}/package.json`, 'utf8'));
  const [file] = (await readdir(`${ROOT}/${folder}`)).filter((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const text = file === undefined ? `Licence: ${license}` : await readFile(`${ROOT}/${folder}/${file}`, 'utf8');
  return `${'='.repeat(80)}\n${name} ${version} (${license})\n${'='.repeat(80)}\n\n${text.trim()}\n`;
}
