import { graphReaders, judges, packageName, readingNames, repositoryNames } from './layers.mjs';

const oci = packageName('oci');
const isOci = (from) => from === oci || from === `${oci}/internal`;
const named = /(?:^|[\s;])(?:import|export)\s+(?:type\s+)?(\{[^}]*\}|\*[^'"]*)\s*from\s*['"]([^'"]+)['"]/g;
const dynamic = /import\(\s*['"]([^'"]+)['"]\s*\)/g;
/** A call of `referrers`, with the name of what it is called on. */
const listing = /([\w$]*)\??\.referrers\(/g;

/** The names that a source takes from `oci`; `*` for all of it. */
function namesOf(text) {
  const lists = [...text.matchAll(named)].filter(([, , from]) => isOci(from)).map(([, list]) => list);
  const all = [...text.matchAll(dynamic)].filter(([, from]) => isOci(from)).map(() => '*');
  return lists.flatMap((list) => (list.startsWith('{') ? list.slice(1, -1).split(',').map(nameOf) : ['*'])).concat(all);
}

const nameOf = (part) =>
  part
    .trim()
    .replace(/^type\s+/, '')
    .split(/\s+as\s+/)[0];

/** What a source does that only a reader of the graph may do, and a judge never: comments are taken out of the text before. */
export function graphProblems(folder, text) {
  const judge = judges.includes(folder);
  if (graphReaders.includes(folder)) return [];
  const forbidden = judge ? repositoryNames : readingNames;
  const names = namesOf(text)
    .filter((name) => name === '*' || forbidden.includes(name))
    .map((name) =>
      judge
        ? `a judge sees no repository: ${name} of ${oci}`
        : `only a view reads the graph (openGraph of ${packageName('artifact-graph')}): ${name} of ${oci}`,
    );
  const lists = [...text.matchAll(listing)]
    .filter(([, receiver]) => judge || !/view$/i.test(receiver))
    .map(([call]) => `only a view lists referrers: ${call}…)`);
  return [...names, ...lists];
}
