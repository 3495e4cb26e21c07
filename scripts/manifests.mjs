// Where the project lives stands once, in the manifest of the workspace; `node scripts/manifests.mjs` writes it into those of the packages, and
// into the source that gives errors the address of their page.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { helpPages, helpPagesPath } from './help-pages.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path) => JSON.parse(readFileSync(`${root}/${path}`, 'utf8'));

/** Of addresses that a maintainer has not set yet. Nothing is published with it. */
export const placeholderHost = 'example.com';

/** Manifests of the packages that are published, by path. */
export const packageManifests = () => readdirSync(`${root}/packages`).map((name) => `packages/${name}/package.json`);

/** What each of them must say of the project. */
export function projectOf(path) {
  const { homepage, repository, bugs } = read('package.json');
  return { homepage, repository: { ...repository, directory: path.replace('/package.json', '') }, bugs };
}

/** A manifest with the project's members, after its license. */
function withProject(path) {
  const { license, ...rest } = read(path);
  const { name, version, description, homepage: _, repository: _r, bugs: _b, ...others } = rest;
  return { name, version, description, license, ...projectOf(path), ...others };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const path of packageManifests()) {
    const text = JSON.stringify(withProject(path), undefined, 2);
    // What says the same stays as the formatter left it.
    if (text !== JSON.stringify(read(path), undefined, 2)) writeFileSync(`${root}/${path}`, `${text}\n`);
  }
  writeFileSync(`${root}/${helpPagesPath}`, helpPages());
}
