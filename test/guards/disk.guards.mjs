const lock = 'packages/common/src/node/files';
const lockTest = `${lock}/file-lock.test.ts`;
const layout = 'packages/oci/src/layout';
const layoutTest = `${layout}/layout.test.ts`;

export const guards = [
  {
    id: 'D1',
    what: 'what the reader of index.json would refuse is not written',
    test: layoutTest,
    file: `${layout}/index-document.ts`,
    find: 'if (entries.length > maxIndexEntries) throw',
    replace: 'if (false) throw',
  },
  {
    id: 'D2',
    what: 'what others wrote into index.json stays',
    test: layoutTest,
    file: `${layout}/index-document.ts`,
    find: '{ ...Object.fromEntries(given), ...plain(descriptor) }',
    replace: '{ ...descriptor }',
  },
  {
    id: 'D3',
    what: 'a lock is free when its very process is gone, and not because a clock says so',
    test: lockTest,
    file: `${lock}/process-identity.ts`,
    find: "return startOf(other.pid) === other.start ? 'running' : 'gone';",
    replace: "return startOf(other.pid) === undefined ? 'gone' : 'running';",
  },
  {
    id: 'D4',
    what: 'a lock that was lost is noticed',
    test: lockTest,
    file: `${lock}/file-lock.ts`,
    find: 'if (!(await file.isInPlace()))',
    replace: 'if (false)',
  },
  {
    id: 'D5',
    what: 'users of one process take turns',
    test: lockTest,
    edits: [
      {
        file: `${lock}/file-lock.ts`,
        find: 'limit: createLimiter(1)',
        replace: 'limit: createLimiter(100)',
      },
      {
        file: `${lock}/lock-file.ts`,
        find: "if (codeOf(error) === 'EEXIST') return false;\n    if (!",
        replace: "if (codeOf(error) === 'EEXIST') return true;\n    if (!",
      },
    ],
  },
  {
    id: 'D6',
    what: 'the files of a killed writer are removed by the next',
    test: lockTest,
    file: `${lock}/temporary.ts`,
    find: "if (state !== 'unknown') return state === 'gone';",
    replace: 'if (state) return false;',
  },
];
