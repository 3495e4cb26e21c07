// Says which threats of the checklist have no test that is named after them, and which have no guard row: node scripts/threats.mjs
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { guardedIds, threatIds, withoutRow } from '../test/guards/threats.mjs';

const root = resolve(fileURLToPath(new URL('.', import.meta.url)), '..');

/** Ids at the beginning of a text: `'J14 J22 content type …'` names both. */
const naming = /['"`]((?:[A-Z]{1,2}\d+ )+)/g;

function sources(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return ['node_modules', 'dist', 'interop', 'guards'].includes(entry.name) ? [] : sources(path);
    return path.endsWith('.ts') && (path.startsWith('test/') || path.endsWith('.test.ts')) ? [path] : [];
  });
}

/** For each id the files whose tests are named after it. */
export function namedTests() {
  const named = new Map(threatIds.map((id) => [id, new Set()]));
  for (const path of ['packages', 'test', 'scripts'].flatMap(sources)) {
    for (const [, ids] of readFileSync(join(root, path), 'utf8').matchAll(naming)) {
      for (const id of ids.trim().split(' ')) named.get(id)?.add(path);
    }
  }
  return named;
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
