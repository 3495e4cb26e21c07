const view = 'packages/artifact-graph/src/view';
const test = `${view}/view.test.ts`;

export const guards = [
  {
    id: 'P3',
    what: 'what a view resolves by digest is that digest',
    test,
    file: `${view}/resolve.ts`,
    find: 'if (name === descriptor.digest) return { descriptor };',
    replace: 'if (name !== "") return { descriptor };',
  },
  {
    id: 'P6',
    what: 'a listed manifest without a subject is no referrer',
    test,
    file: `${view}/referrer.ts`,
    find: 'if (named === undefined)',
    replace: 'if (false)',
  },
  {
    id: 'P6',
    what: 'a listed manifest of another subject is no referrer',
    test,
    file: `${view}/referrer.ts`,
    find: 'if (named !== subject.digest)',
    replace: 'if (false)',
  },
  {
    id: 'P6',
    what: 'an entry that cannot be parsed ends no list',
    test,
    file: `${view}/referrer.ts`,
    find: "return setAside(descriptor, 'unreadable', error);\n  }\n}\n\n/** An entry that",
    replace: 'throw error;\n  }\n}\n\n/** An entry that',
  },
  {
    id: 'P6',
    what: 'an entry that the repository cannot read is told',
    test,
    file: `${view}/referrers.ts`,
    find: 'const onRefused = (refused: RefusedEntry): void => take({ refused });',
    replace: 'const onRefused = (_: RefusedEntry): void => undefined;',
  },
  {
    id: 'L3',
    what: 'an index of more manifests than may be is refused',
    test,
    file: `${view}/platforms.ts`,
    find: "checkLimit(limits, 'maxManifests',",
    replace: "checkLimit({ ...limits, maxManifests: 1e9 }, 'maxManifests',",
  },
  {
    id: 'L3',
    what: 'indexes nested deeper than may be are refused',
    test,
    file: `${view}/platforms.ts`,
    find: "checkLimit(limits, 'maxDepth',",
    replace: "checkLimit({ ...limits, maxDepth: 1e9 }, 'maxDepth',",
  },
];
