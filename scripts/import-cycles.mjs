import { dirname, join } from 'node:path';

const relativeImport =
  /(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s*['"](\.[^'"]+)['"]|import\(\s*['"](\.[^'"]+)['"]\s*\)/g;

/**
 * Files of a package that import each other in a circle, types included: none of them can be read, or moved, without the others.
 *
 * @param {ReadonlyMap<string, string>} texts source texts by path below `src`
 * @returns {string[][]} each circle's files, sorted
 */
export function importCycles(texts) {
  return circles(importsOf(texts));
}

/**
 * Folders of a package that import each other in a circle: an arrow runs back up from what is below. Files beside the folders do not
 * count; they hold what the whole package shares, and what is made of the folders.
 *
 * @param {ReadonlyMap<string, string>} texts source texts by path below `src`, without tests
 * @returns {string[][]} each circle's folders, sorted
 */
export function folderCycles(texts) {
  const targets = new Map();
  for (const [file, imported] of importsOf(texts)) {
    const folder = folderOf(file);
    if (folder === undefined) continue;
    const others = imported.map(folderOf).filter((other) => other !== undefined && other !== folder);
    targets.set(folder, [...(targets.get(folder) ?? []), ...others]);
  }
  return circles(targets);
}

/** Files that each file imports, by path below `src`. */
function importsOf(texts) {
  return new Map(
    [...texts].map(([file, text]) => [
      file,
      // Imports in the examples of comments do not count.
      [...text.replace(/^\s*\*.*$/gm, '').matchAll(relativeImport)].map(([, from, dynamic]) =>
        join(dirname(file), from ?? dynamic).replace(/\.js$/, '.ts'),
      ),
    ]),
  );
}

const folderOf = (file) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : undefined);

/** Strongly connected components of more than one file (Tarjan, "Depth-first search and linear graph algorithms", 1972). */
function circles(targets) {
  const found = [];
  const seen = new Map();
  const path = [];
  const lowest = (file) => {
    const index = seen.size;
    let low = index;
    seen.set(file, index);
    path.push(file);
    for (const next of targets.get(file) ?? []) {
      if (!targets.has(next)) continue;
      if (!seen.has(next)) low = Math.min(low, lowest(next));
      else if (path.includes(next)) low = Math.min(low, seen.get(next));
    }
    if (low === index) {
      const circle = path.splice(path.indexOf(file));
      if (circle.length > 1) found.push(circle.sort());
    }
    return low;
  };
  for (const file of targets.keys()) if (!seen.has(file)) lowest(file);
  return found;
}
