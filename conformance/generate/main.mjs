// Writes the cases: node conformance/generate/main.mjs [--check] [--output <folder>]
// With --check nothing is written: it says what differs from the folder, and fails if anything does. Directories whose case.json
// does not say `generated` were made by hand, and are left alone.
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { allCases } from './table.mjs';

const defaultOutput = fileURLToPath(new URL('../cases', import.meta.url));

/** The files of a case by their path: content, and whether it is a program. */
export function filesOf({ document, files }) {
  const all = { 'case.json': `${JSON.stringify(document, null, 2)}\n`, ...files };
  return Object.fromEntries(
    Object.entries(all).map(([name, file]) => {
      const { content = file, executable = false } = file;
      return [name, { content: Buffer.from(content), executable }];
    }),
  );
}

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

/** What differs between the tables and a folder, one line for each file. */
export function differences(output = defaultOutput) {
  const expected = new Map();
  for (const one of allCases())
    for (const [name, file] of Object.entries(filesOf(one))) expected.set(join(one.id, name), file);
  const problems = [];
  for (const [name, { content, executable }] of expected) {
    const path = join(output, name);
    if (!existsSync(path)) problems.push(`missing: ${name}`);
    else if (!readFileSync(path).equals(content)) problems.push(`differs: ${name}`);
    else if (((statSync(path).mode & 0o100) !== 0) !== executable) problems.push(`mode: ${name}`);
  }
  for (const id of readdirSync(output).filter((name) => isGenerated(join(output, name))))
    for (const path of walk(join(output, id)))
      if (!expected.has(relative(output, path))) problems.push(`left over: ${relative(output, path)}`);
  return problems;
}

export function write(output = defaultOutput) {
  mkdirSync(output, { recursive: true });
  for (const id of readdirSync(output))
    if (isGenerated(join(output, id))) rmSync(join(output, id), { recursive: true });
  const cases = allCases();
  for (const one of cases) {
    for (const [name, { content, executable }] of Object.entries(filesOf(one))) {
      const path = join(output, one.id, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      if (executable) chmodSync(path, 0o755);
    }
  }
  return cases;
}

function main(args) {
  const output = args.includes('--output') ? args[args.indexOf('--output') + 1] : defaultOutput;
  if (args.includes('--check')) {
    const problems = differences(output);
    for (const problem of problems.slice(0, 50)) console.error(problem);
    console.log(problems.length === 0 ? 'the cases are those of the tables' : `${problems.length} differences`);
    process.exitCode = problems.length === 0 ? 0 : 1;
    return;
  }
  const cases = write(output);
  const refusals = cases.filter(({ document }) => document.expected.verdict === 'refused').length;
  console.log(`${cases.length} cases, ${refusals} of them refusals, in ${output}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv.slice(2));
