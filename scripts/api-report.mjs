/**
 * The public surface as text: `api/<package>[.<entry>].txt` has every name that an entry exports, with its declaration, so that a change
 * of it shows in a review. Entries named `internal` are no part of it. `node scripts/api-report.mjs` writes the files, `--check` compares them and writes nothing.
 *
 * Declarations come from each source alone (`isolatedDeclarations`), so nothing has to be built before.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
// TypeScript 7 has no such API yet; the documentation has 6.
const ts = createRequire(join(root, 'docs/package.json'))('typescript');
const folder = join(root, 'api');

const parsed = new Map();
/** The statements of a source's declaration file. */
function statementsOf(file) {
  let statements = parsed.get(file);
  if (statements === undefined) {
    const compilerOptions = {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2022,
      isolatedDeclarations: true,
    };
    const { outputText } = ts.transpileDeclaration(readFileSync(file, 'utf8'), { fileName: file, compilerOptions });
    const source = ts.createSourceFile(file, outputText, ts.ScriptTarget.ES2022, true);
    statements = source.statements.map((node) => ({ node, source }));
    parsed.set(file, statements);
  }
  return statements;
}

/** What packages use of one another, and nobody else: no part of the surface. What they pass on has the name of the public entry. */
const internal = /\/internal(?=\/|$)/;

const printer = ts.createPrinter({ removeComments: true });
const textOf = ({ node, source }) =>
  printer
    .printNode(ts.EmitHint.Unspecified, node, source)
    .replace(/^export (default )?/, '')
    .replace(/^declare /, '');

/** The names that a declaration declares. */
function namesOf(node) {
  if (ts.isVariableStatement(node)) return node.declarationList.declarations.map(({ name }) => name.text);
  return node.name === undefined ? [] : [node.name.text];
}

const isExported = (node) => (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Export) !== 0;
const sourceOf = (file, specifier) => resolve(dirname(file), specifier.replace(/\.js$/, '.ts'));

/** Every name that a file exports, with its declarations: each in its file, or only the name of the package that it is from. */
export function exportsOf(file) {
  const found = new Map();
  for (const statement of statementsOf(file)) {
    const { node } = statement;
    if (ts.isExportDeclaration(node)) for (const [name, all] of passedOn(file, node)) found.set(name, all);
    else if (isExported(node))
      for (const name of namesOf(node)) found.set(name, [...(found.get(name) ?? []), { file, ...statement }]);
  }
  return found;
}

/** What `export … from …` or `export { … }` exports. */
function passedOn(file, { moduleSpecifier, exportClause }) {
  const from = moduleSpecifier?.text;
  if (exportClause === undefined)
    return from.startsWith('.') ? [...exportsOf(sourceOf(file, from))] : [['*', [{ from, name: '*' }]]];
  return (exportClause.elements ?? []).map(({ name, propertyName }) => {
    const original = (propertyName ?? name).text;
    const declarations = from === undefined ? declaredIn(file, original) : exportedBy(file, from, original);
    if (declarations === undefined) throw new Error(`${file}: ${original} is not declared`);
    return [name.text, declarations];
  });
}

/** The declarations of a name that another module exports; a name of another package is only named, its own report has the rest. */
function exportedBy(file, from, name) {
  return from.startsWith('.')
    ? exportsOf(sourceOf(file, from)).get(name)
    : [{ from: from.replace(internal, ''), name }];
}

/** What a name means within a file: declared there, or imported. */
function declaredIn(file, name) {
  const own = statementsOf(file).filter(({ node }) => !ts.isImportDeclaration(node) && namesOf(node).includes(name));
  if (own.length > 0) return own.map((statement) => ({ file, ...statement }));
  for (const { node } of statementsOf(file)) {
    const bindings = ts.isImportDeclaration(node) ? node.importClause?.namedBindings : undefined;
    const found = bindings?.elements?.find((element) => element.name.text === name);
    if (found) return exportedBy(file, node.moduleSpecifier.text, (found.propertyName ?? found.name).text);
  }
  return undefined;
}

/** The names that declarations use, and that are neither exported nor of another package: callers get them, too. */
function hidden(exported) {
  const known = new Set([...exported.values()].flat().map(({ node }) => node));
  const found = new Map();
  const visit = (file, node) => {
    if (ts.isIdentifier(node)) {
      const declarations = (declaredIn(file, node.text) ?? []).filter((each) => each.node && !known.has(each.node));
      for (const each of declarations) {
        known.add(each.node);
        found.set(node.text, [...(found.get(node.text) ?? []), each]);
        visit(each.file, each.node);
      }
    }
    ts.forEachChild(node, (child) => visit(file, child));
  };
  for (const { file, node } of [...exported.values()].flat()) if (node) visit(file, node);
  return found;
}

function section(found) {
  const sorted = [...found].sort(([a], [b]) => (a < b ? -1 : 1));
  const text = (each) => (each.from === undefined ? textOf(each) : `from '${each.from}'`);
  return sorted.map(([name, declarations]) => `# ${name}\n${declarations.map(text).join('\n')}\n`).join('\n');
}

/** Every name of another package that declarations mention, shown or not, as `<package> <name>`. */
export function borrowed(file) {
  const exported = exportsOf(file);
  const names = new Set();
  const visit = (from, node) => {
    if (ts.isIdentifier(node))
      for (const each of declaredIn(from, node.text) ?? [])
        if (each.from?.includes('notarykit'))
          names.add(`${each.from.replace(/(?<=notarykit\/[\w-]+|^notarykit)\/.*$/, '')} ${each.name}`);
    ts.forEachChild(node, (child) => visit(from, child));
  };
  for (const each of [...exported.values(), ...hidden(exported).values()].flat())
    if (each.node) visit(each.file, each.node);
  return names;
}

function report(file) {
  const exported = exportsOf(file);
  const used = hidden(exported);
  return used.size === 0
    ? section(exported)
    : `${section(exported)}\n## Not exported, but used above\n\n${section(used)}`;
}

/** The entries of a package that are a promise, with their sources. */
export function* publicEntries() {
  for (const folder of readdirSync(join(root, 'packages')).sort()) {
    const directory = join(root, 'packages', folder);
    const { name, exports = {} } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
    for (const [entry, targets] of Object.entries(exports)) {
      const source = targets['@notarykit/source'];
      if (source === undefined || internal.test(entry)) continue;
      const file = typeof source === 'string' ? source : (source.default ?? Object.values(source)[0]);
      yield { folder, name, entry, file: join(directory, file) };
    }
  }
}

/** The text of every report, by file name. */
export function reports() {
  const entries = [...publicEntries()];
  return new Map(
    entries.map(({ folder, entry, file }) => [[folder, ...entry.split('/').slice(1)].join('.') + '.txt', report(file)]),
  );
}

/** The committed reports that are not what the sources say. */
export function staleReports() {
  const texts = reports();
  const committed = existsSync(folder) ? readdirSync(folder) : [];
  const stale = [...texts].filter(
    ([name, text]) => !committed.includes(name) || readFileSync(join(folder, name), 'utf8') !== text,
  );
  return [...stale.map(([name]) => name), ...committed.filter((name) => !texts.has(name))];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (process.argv.includes('--check')) {
    const stale = staleReports();
    for (const name of stale) console.error(`api/${name}: the public surface changed: run node scripts/api-report.mjs`);
    process.exitCode = stale.length === 0 ? 0 : 1;
  } else {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    for (const [name, text] of reports()) writeFileSync(join(folder, name), text);
  }
}
