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
  const targets = new Map(
    [...texts].map(([file, text]) => [
      file,
      // Imports in the examples of comments do not count.
      [...text.replace(/^\s*\*.*$/gm, '').matchAll(relativeImport)].map(([, from, dynamic]) =>
        join(dirname(file), from ?? dynamic).replace(/\.js$/, '.ts'),
      ),
    ]),
  );
  return circles(targets);
}

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
