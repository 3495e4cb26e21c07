import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The licences of the packages that files of a bundle come from: name, version and licence of each, and the text where the package has it.
 *
 * @param {readonly string[]} files paths of sources, as a bundler lists them
 * @returns {Promise<string>}
 * @throws for a package that says nothing of its licence: it could not be given to others
 */
export async function licensesOf(files) {
  const folders = new Set(files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []));
  const texts = new Set(await Promise.all([...folders].sort().map(licenseOf)));
  return `${[...texts].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

async function licenseOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e(\.(md|txt))?$/i.test(entry));
  if (file === undefined && typeof license !== 'string') throw new Error(`${name}@${version} has no licence`);
  const text = file === undefined ? '' : `\n\n${(await readFile(join(folder, file), 'utf8')).trim()}`;
  return `${name}@${version}, ${license}${text}`;
}
