const lock = 'packages/common/src/node/files';
const lockTest = `${lock}/file-lock.test.ts`;
const layout = 'packages/oci/src/layout';
const layoutTest = `${layout}/layout.test.ts`;

const store = 'packages/testing/src/registry/store';
const durable = 'test/integration/testing/registry-durable.test.ts';

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
  {
    id: 'D7',
    what: 'the disk comes first',
    test: durable,
    file: `${store}/repository.ts`,
    find: '      await persist(change);\n      tables.apply(change);',
    replace: '      tables.apply(change);\n      await persist(change);',
  },
  {
    id: 'D7',
    what: 'a line that was cut short is passed over',
    test: durable,
    file: `${store}/change-log.ts`,
    find: 'const end = bytes.lastIndexOf(0x0a) + 1;',
    replace: 'const end = bytes.length;',
  },
  {
    id: 'D8',
    what: 'one registry uses a directory',
    test: durable,
    file: `${store}/folder-use.ts`,
    find: 'if (error instanceof FileLockError) throw new DirectoryInUse(directory, error);',
    replace: 'if (error instanceof FileLockError) return;',
  },
  {
    id: 'D9',
    what: 'uploads are bounded',
    test: durable,
    file: `${store}/upload-sessions.ts`,
    find: 'if (kept) break;',
    replace: 'break;',
  },
  {
    id: 'D9',
    what: 'a broken upload of one request goes with it',
    test: durable,
    file: 'packages/testing/src/registry/endpoints/uploads.ts',
    find: '    await context.uploads.discard(session);\n    throw error;\n  }\n}\n\n/** GET',
    replace: '    throw error;\n  }\n}\n\n/** GET',
  },
  {
    id: 'D10',
    what: 'no client is told to keep a connection that ends',
    test: 'packages/common/src/node/closing-server.test.ts',
    file: 'packages/common/src/node/closing-server.ts',
    find: 'if (closing) outgoing.shouldKeepAlive = false;',
    replace: '',
  },
  {
    id: 'D11',
    what: 'what is of the future counts as old',
    test: 'packages/common/src/age.test.ts',
    file: 'packages/common/src/age.ts',
    find: 'if (now.date < since.date) return true;',
    replace: '',
  },
  {
    id: 'D11',
    what: 'a sealed entry of the future counts as absent',
    test: 'packages/common/src/sealed-cache.test.ts',
    file: 'packages/common/src/sealed-cache.ts',
    find: 'since <= now + skewMs && ',
    replace: '',
  },
  {
    id: 'D12',
    what: 'a server that hangs is left alone',
    test: 'packages/common/src/shared-cache.test.ts',
    file: 'packages/common/src/shared-cache.ts',
    find: 'if (isTimeout(error)) [pause',
    replace: 'if (false) [pause',
  },
  {
    id: 'D13',
    what: 'all tags are looked at before the first is set',
    test: 'packages/artifact-graph/src/graph.test.ts',
    file: 'packages/artifact-graph/src/tag.ts',
    find: 'if (names.length > 1) await checkTags(repository, names, options);',
    replace: '',
  },
];
