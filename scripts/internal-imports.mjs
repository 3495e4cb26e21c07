// Entries named `internal` are what packages use of one another (decision 270): between packages they are the only way, and nobody else takes it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const imported = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*(['"])((?:@notarykit\/[\w-]+|notarykit)(?:\/[\w/-]+)?)\1/g;
const skipped = /^(?:node_modules|dist|api|\.vitepress)$/;

/** The internal entry that a package takes of another in place of a public one. */
export function internalOf(folder, specifier) {
  const manifest = join('packages', folder, 'package.json');
  if (!existsSync(manifest)) return undefined;
  const { name, exports = {} } = JSON.parse(readFileSync(manifest, 'utf8'));
  const entry = `./internal${specifier.slice(name.length)}`;
  return exports[entry] === undefined ? undefined : name + entry.slice(1);
}

/** What users read, copy and run shows nothing that is no promise: examples, documents, actions, READMEs, and comments of sources. */
export function publicProblems() {
  const shown = ['examples', 'docs', 'actions', 'conformance'].flatMap((folder) => [...filesBelow(folder)]);
  const packages = existsSync('packages') ? [...filesBelow('packages')] : [];
  const own = ['README.md', 'CONTRIBUTING.md'].filter((file) => existsSync(file));
  return [
    ...[...shown, ...own, ...packages.filter((file) => file.endsWith('.md'))].flatMap((file) =>
      problemsOf(file, readFileSync(file, 'utf8')),
    ),
    ...packages
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => problemsOf(file, (readFileSync(file, 'utf8').match(/^\s*\*.*$/gm) ?? []).join('\n'))),
  ];
}

const problemsOf = (file, text) =>
  [...text.matchAll(imported)]
    .filter(([, , specifier]) => /\/internal(?:\/|$)/.test(specifier))
    .map(([, , specifier]) => `${file}: ${specifier} is for packages of this repository alone`);

function* filesBelow(folder) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!skipped.test(entry.name)) yield* filesBelow(path);
    } else if (/\.(?:md|html|[cm]?[jt]sx?|ya?ml)$/.test(entry.name)) yield path;
  }
}
