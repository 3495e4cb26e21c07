// Says which threats of docs/threats.md have no test that is named after them or no guard row, and which ids have no row there:
// node scripts/threats.mjs
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { groupOf, guardedIds, threatIds, withoutRow } from '../test/guards/threats.mjs';

const root = resolve(fileURLToPath(new URL('.', import.meta.url)), '..');

/** Ids at the beginning of a text: `'J14 J22 content type …'` names both. */
const naming = /['"`]((?:[A-Z]{1,2}\d+ )+)/g;
/** Ids in a comment: `threats H1, H2`. */
const citing = /threats? ((?:[A-Z]{1,2}\d+,? ?)+)/g;

function sources(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ['node_modules', 'dist'].includes(entry.name) ? [] : sources(path);
    return /\.(ts|tsx|mjs)$/.test(path) ? [path] : [];
  });
}

const isTest = (path) =>
  path.endsWith('.ts') &&
  (path.startsWith('test/') || path.endsWith('.test.ts')) &&
  !/^test\/(interop|guards)\//.test(path);

/** What `pattern` finds in the files, each id with its file. */
function idsIn(paths, pattern) {
  return paths.flatMap((path) =>
    [...readFileSync(join(root, path), 'utf8').matchAll(pattern)].flatMap(([, ids]) =>
      ids.match(/[A-Z]+\d+/g).map((id) => ({ id, path })),
    ),
  );
}

const files = () => ['packages', 'test', 'scripts', 'bench', 'examples', 'actions'].flatMap(sources);

/** For each id the files whose tests are named after it. */
export function namedTests() {
  const named = new Map(threatIds.map((id) => [id, new Set()]));
  for (const { id, path } of idsIn(files().filter(isTest), naming)) named.get(id)?.add(path);
  return named;
}

/** Ids that a test or a comment cites and the checklist does not have. Other names (`ES256`) have letters that no group has. */
function unknownIds() {
  const groups = new Set(threatIds.map(groupOf));
  const named = idsIn(files().filter(isTest), naming).filter(({ id }) => groups.has(groupOf(id)));
  const unknown = [...named, ...idsIn(files(), citing)].filter(({ id }) => !threatIds.includes(id));
  return [...new Set(unknown.map(({ id, path }) => `${id} in ${path}`))];
}

/** The rows of all tables of guards. */
export async function guardRows() {
  const folder = join(root, 'test/guards');
  const tables = readdirSync(folder).filter((name) => name.endsWith('.guards.mjs'));
  return (await Promise.all(tables.map((name) => import(join(folder, name))))).flatMap(({ guards }) => guards);
}

/** What is missing; empty when every threat has its test, and every one that needs it its row. */
export async function findGaps() {
  const named = namedTests();
  const rows = await guardRows();
  const guarded = new Set(rows.map(({ id }) => id));
  return {
    untested: threatIds.filter((id) => named.get(id).size === 0),
    unguarded: guardedIds.filter((id) => !guarded.has(id) && !(id in withoutRow)),
    unknownIds: unknownIds(),
    doubled: threatIds.filter((id, i) => threatIds.indexOf(id) !== i),
    // A row may also be called after the test that holds it, where no threat has an id for it.
    unknownRows: rows.map(({ id }) => id).filter((id) => /^[A-Z]+\d+$/.test(id) && !threatIds.includes(id)),
    needlessReasons: Object.keys(withoutRow).filter((id) => guarded.has(id) || !guardedIds.includes(id)),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const gaps = await findGaps();
  const tested = threatIds.length - gaps.untested.length;
  const guarded = guardedIds.length - gaps.unguarded.length;
  for (const [what, ids] of Object.entries(gaps)) if (ids.length > 0) console.log(`${what}: ${ids.join(' ')}`);
  console.log(
    `threats: ${tested}/${threatIds.length} have a test of their name, ${guarded}/${guardedIds.length} a guard row`,
  );
  process.exitCode = Object.values(gaps).some((ids) => ids.length > 0) ? 1 : 0;
}
