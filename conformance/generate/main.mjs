// Writes the cases, and what is signed: node conformance/generate/main.mjs [--check]
// With --check nothing is written: it says what differs from the folder, and fails if anything does. Directories whose case.json
// does not say `generated` were made by hand, and are left alone.
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { signingFiles } from './signing.mjs';
import { allCases } from './table.mjs';

const kitFolder = fileURLToPath(new URL('..', import.meta.url));

/** The files of a case by their path: content, and whether it is a program. */
export function filesOf({ document, files }) {
  const all = { 'case.json': `${JSON.stringify(document, null, 2)}\n`, ...files };
  return Object.fromEntries(
    Object.entries(all).map(([name, file]) => {
      const { content, executable = false, link } = isPlain(file) ? { content: file } : file;
      return [name, link === undefined ? { content: Buffer.from(content), executable } : { link }];
    }),
  );
}

/** Whether a file is its content alone. */
const isPlain = (file) => typeof file === 'string' || file instanceof Uint8Array;

function* walk(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else yield path;
  }
}

const isGenerated = (folder) =>
  existsSync(join(folder, 'case.json')) &&
  JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')).generated === true;

/** What the tables say: files by their path below the kit. */
function expectedFiles() {
  const all = new Map();
  for (const one of allCases())
    for (const [name, file] of Object.entries(filesOf(one))) all.set(join('cases', one.id, name), file);
  for (const [name, file] of Object.entries(signingFiles())) all.set(join('signing', name), file);
  return all;
}

/** The folders that belong to the generator, below the kit. */
function ownFolders(kit) {
  const cases = join(kit, 'cases');
  const ids = existsSync(cases) ? readdirSync(cases).filter((id) => isGenerated(join(cases, id))) : [];
  return [...ids.map((id) => join(cases, id)), ...[join(kit, 'signing')].filter(existsSync)];
}

/** What is wrong with a file, which may be a symbolic link. */
function problemOf(path, { content, executable, link }) {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 'missing';
  if (link !== undefined) return stats.isSymbolicLink() && readlinkSync(path) === link ? undefined : 'differs';
  if (!stats.isFile() || !readFileSync(path).equals(content)) return 'differs';
  return ((stats.mode & 0o100) !== 0) === executable ? undefined : 'mode';
}

/** What differs between the tables and a folder with the kit: what is wrong with a file, and its name. */
function* comparison(kit, expected) {
  for (const [name, file] of expected) {
    const wrong = problemOf(join(kit, name), file);
    if (wrong !== undefined) yield [wrong, name];
  }
  for (const folder of ownFolders(kit))
    for (const path of walk(folder)) if (!expected.has(relative(kit, path))) yield ['left over', relative(kit, path)];
}

/** The same in words. */
export function differences(kit = kitFolder) {
  return [...comparison(kit, expectedFiles())].map(([what, name]) => `${what}: ${name}`);
}

/** Makes a folder what the tables say; what is right already is left alone. */
export function write(kit = kitFolder) {
  const expected = expectedFiles();
  for (const [what, name] of [...comparison(kit, expected)]) {
    const path = join(kit, name);
    if (what === 'left over') {
      removeUpwards(path);
      continue;
    }
    mkdirSync(dirname(path), { recursive: true });
    writeOne(path, expected.get(name));
  }
}

function writeOne(path, { content, executable, link }) {
  rmSync(path, { force: true });
  if (link !== undefined) return symlinkSync(link, path);
  return writeFileSync(path, content, { mode: executable ? 0o755 : 0o644 });
}

/** A file, and the folders that are empty without it. */
function removeUpwards(path) {
  rmSync(path, { recursive: true });
  if (readdirSync(dirname(path)).length === 0) removeUpwards(dirname(path));
}

function main(args) {
  if (args.includes('--check')) {
    const problems = differences();
    for (const problem of problems.slice(0, 50)) console.error(problem);
    console.log(problems.length === 0 ? 'the cases are those of the tables' : `${problems.length} differences`);
    process.exitCode = problems.length === 0 ? 0 : 1;
    return;
  }
  write();
  const cases = allCases();
  const refusals = cases.filter(({ document }) => document.expected.verdict === 'refused').length;
  console.log(`${cases.length} cases, ${refusals} of them refusals`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv.slice(2));
