import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { graphProblems } from './graph-imports.mjs';
import { folderCycles, importCycles } from './import-cycles.mjs';
import { internalOf, publicProblems } from './internal-imports.mjs';
import { layers, packageName, portable } from './layers.mjs';

const problems = [];
const folderOf = new Map(Object.keys(layers).map((folder) => [packageName(folder), folder]));
const importPattern =
  /(?:^|[\s;])(?:import|export)\s[^'"]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|^import\s+['"]([^'"]+)['"]/gm;

function* sources(directory) {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (entry.name.endsWith('.ts')) yield path;
  }
}

function bareName(specifier) {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
}

function checkManifest(folder, manifest) {
  const declared = Object.keys(manifest.dependencies ?? {})
    .map((name) => folderOf.get(name))
    .filter(Boolean);
  for (const other of declared) {
    if (!layers[folder].includes(other))
      problems.push(`packages/${folder}/package.json: may not depend on ${packageName(other)}`);
  }
}

/** What tests beside the code may use, besides their package and those below it. */
const testing = packageName('testing');

/** Their folders still import each other; a folder of any other package imports only folders below it. */
const foldersInCircles = new Set(['notarykit', 'testing']);

/** Files behind `/node`, an adapter's own platform entries and tests may use Node. */
const mayUseNode = (file) => /(^|\/)node(\/|\.ts$|-)|\.node\.ts$|\.test\.ts$|\/node\//.test(file);

function checkFile(folder, manifest, file, root) {
  // Examples in comments import what readers install, not what the package needs.
  const text = readFileSync(file, 'utf8').replace(/^\s*\*.*$/gm, '');
  const name = relative('.', file);
  const test = file.endsWith('.test.ts');
  const known = new Set([
    ...Object.keys(manifest.dependencies ?? {}),
    ...Object.keys(manifest.peerDependencies ?? {}),
    ...(test ? Object.keys(manifest.devDependencies ?? {}) : []),
  ]);
  if (!test) for (const problem of graphProblems(folder, text)) problems.push(`${name}: ${problem}`);
  for (const match of text.matchAll(importPattern)) {
    const specifier = match[1] ?? match[2] ?? match[3];
    if (specifier.startsWith('.')) {
      if (!resolve(dirname(file), specifier).startsWith(resolve(root)))
        problems.push(`${name}: relative import leaves its package: ${specifier}`);
      continue;
    }
    if (specifier.startsWith('node:')) {
      if (portable.includes(folder) && !mayUseNode(relative(join(root, 'src'), file)))
        problems.push(`${name}: ${specifier} in a portable entry`);
      continue;
    }
    if (specifier.startsWith('#')) {
      if (manifest.imports?.[specifier] === undefined)
        problems.push(`${name}: ${specifier} is not in the package's imports`);
      continue;
    }
    const bare = bareName(specifier);
    if (bare === manifest.name) problems.push(`${name}: a package does not import itself by name: ${specifier}`);
    else if (folderOf.has(bare) && !layers[folder].includes(folderOf.get(bare)) && !(test && bare === testing))
      problems.push(
        `${name}: ${folder} may not import ${bare}${test ? '; a test across packages belongs in test/' : ''}`,
      );
    else if (!known.has(bare) && !(test && ['vitest', 'fast-check'].includes(bare)))
      problems.push(`${name}: ${bare} is not declared in package.json`);
    const internal = test || !folderOf.has(bare) ? undefined : internalOf(folderOf.get(bare), specifier);
    if (internal !== undefined) problems.push(`${name}: a package uses another by ${internal}, not by ${specifier}`);
    if (folderOf.has(bare) && /\/(src|dist)\//.test(specifier)) problems.push(`${name}: deep import ${specifier}`);
  }
  if (
    portable.includes(folder) &&
    !mayUseNode(relative(join(root, 'src'), file)) &&
    /\bBuffer\.|\bprocess\.(env|cwd|platform|nextTick)/.test(text.replace(/^\s*(\*|\/\/|\/\*).*$/gm, ''))
  ) {
    problems.push(`${name}: Buffer or process in a portable entry`);
  }
}

function checkCycles(folder, files, root) {
  const texts = new Map(files.map((file) => [relative(root, file), readFileSync(file, 'utf8')]));
  for (const circle of importCycles(texts))
    problems.push(`packages/${folder}/src: files import each other in a circle: ${circle.join(', ')}`);
  const product = new Map([...texts].filter(([file]) => !file.endsWith('.test.ts')));
  for (const circle of foldersInCircles.has(folder) ? [] : folderCycles(product))
    problems.push(`packages/${folder}/src: folders import each other in a circle: ${circle.join(', ')}`);
}

for (const folder of Object.keys(layers)) {
  const root = join('packages', folder);
  if (!existsSync(join(root, 'package.json'))) continue;
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  checkManifest(folder, manifest);
  if (!existsSync(join(root, 'src'))) continue;
  const files = [...sources(join(root, 'src'))];
  for (const file of files) checkFile(folder, manifest, file, root);
  checkCycles(folder, files, join(root, 'src'));
}
for (const folder of readdirSync('packages'))
  if (!(folder in layers)) problems.push(`packages/${folder}: not in the import table`);

problems.push(...publicProblems());

for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? 'imports: ok' : `imports: ${problems.length} problem(s)`);
process.exitCode = problems.length === 0 ? 0 : 1;
