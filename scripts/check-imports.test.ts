import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const script = resolve(import.meta.dirname, 'check-imports.mjs');

/** What the check says of a repository with one package and one source in it, or more. */
function check(folder: string, source: string, file = 'a.ts', others: Readonly<Record<string, string>> = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'notarykit-imports-'));
  try {
    const src = join(root, 'packages', folder, 'src');
    mkdirSync(src, { recursive: true });
    const dependencies = { '@notarykit/oci': '*', '@notarykit/common': '*' };
    const name = folder === 'notarykit' ? folder : `@notarykit/${folder}`;
    writeFileSync(join(root, 'packages', folder, 'package.json'), JSON.stringify({ name, dependencies }));
    for (const [path, text] of Object.entries({ [file]: source, ...others })) {
      mkdirSync(join(src, dirname(path)), { recursive: true });
      writeFileSync(join(src, path), text);
    }
    const { stdout, stderr, status } = spawnSync(process.execPath, [script], { cwd: root, encoding: 'utf8' });
    expect(status).toBe(stdout.startsWith('imports: ok') ? 0 : 1);
    return status === 0 ? 'ok' : stderr;
  } finally {
    rmSync(root, { recursive: true });
  }
}

const from = "from '@notarykit/oci';";

test.each([
  ['trust-policy', `import { fetchManifest } ${from}`, 'a judge sees no repository: fetchManifest'],
  [
    'sbom-gate',
    `import { type Descriptor, fetchManifest as get } ${from}`,
    'a judge sees no repository: fetchManifest',
  ],
  ['sbom-gate', `import {\n  digestOf,\n  type Repository,\n} ${from}`, 'a judge sees no repository: Repository'],
  ['trust-policy', `import type { ContentReader } ${from}`, 'a judge sees no repository: ContentReader'],
  ['trust-policy', `export { fetchBytes } ${from}`, 'a judge sees no repository: fetchBytes'],
  ['trust-policy', `import * as oci ${from}`, 'a judge sees no repository: *'],
  ['trust-policy', "const oci = await import('@notarykit/oci');", 'a judge sees no repository: *'],
  ['trust-policy', 'for await (const one of view.referrers(subject)) use(one);', 'only a view lists referrers'],
  ['notarykit', `import { fetchBytes } ${from}`, 'only a view reads the graph'],
  ['notarykit', 'for await (const one of repository.referrers(subject)) use(one);', 'only a view lists referrers'],
  [
    'notarykit',
    'for await (const one of this.#repository.referrers(subject)) use(one);',
    'only a view lists referrers',
  ],
])('a source of %s may not: %s', (folder, source, problem) => {
  expect(check(folder, source)).toContain(problem);
});

test.each([
  ['trust-policy', `import { canonicalRepository, type RepositoryName, type Descriptor } ${from}`],
  ['notarykit', `import { type Repository, digestOf } ${from}`],
  ['notarykit', 'for await (const one of this.#view.referrers(subject)) use(one);'],
  ['artifact-graph', `import { fetchBytes, type Repository } ${from}`],
  ['artifact-graph', 'for await (const one of repository.referrers(subject)) use(one);'],
])('a source of %s may: %s', (folder, source) => {
  expect(check(folder, source)).toBe('ok');
});

test('exempts test files', () => {
  expect(check('trust-policy', `import { fetchManifest } ${from}`, 'a.test.ts')).toBe('ok');
});

test('a test beside the code imports its own package and those below it', () => {
  const test = "import { verify } from 'notarykit';";
  expect(check('artifact-graph', test, 'a.test.ts')).toContain('a test across packages belongs in test/');
  expect(check('artifact-graph', `import { digestOf } ${from}`, 'a.test.ts')).toBe('ok');
});

test('files do not import each other in a circle, not even for types', () => {
  const others = { 'b.ts': "export type { C } from './c.js';", 'c.ts': "import { type A } from './a.js';" };
  expect(check('artifact-graph', "import type { B } from './b.js';", 'a.ts', others)).toContain(
    'files import each other in a circle: a.ts, b.ts, c.ts',
  );
  const loose = { ...others, 'c.ts': " * import type { A } from './a.js';" };
  expect(check('artifact-graph', "import type { B } from './b.js';", 'a.ts', loose)).toBe('ok');
});

test('a folder does not import one that imports it', () => {
  const others = { 'report/b.ts': "import type { C } from '../validations/c.js';", 'validations/c.ts': '' };
  const up = { ...others, 'validations/d.ts': "import { b } from '../report/b.js';" };
  const source = "import { b } from './report/b.js';";
  expect(check('trust-policy', source, 'a.ts', up)).toContain(
    'folders import each other in a circle: report, validations',
  );
  expect(check('trust-policy', source, 'a.ts', others)).toBe('ok');
});

test.each([
  ['examples/a/src/a.ts', "import { asVerified } from '@notarykit/oci/internal';"],
  ['docs/guides/a.md', "```ts\nimport { readDer } from '@notarykit/pki/internal/asn1';\n```"],
  ['README.md', "const { openPlugin } = await import('@notarykit/common/internal/node');"],
  ['packages/artifact-graph/README.md', "export { asVerified } from '@notarykit/oci/internal';"],
  ['actions/src/a.ts', "const { decideVerdict } = require('notarykit/internal');"],
  ['conformance/adapters/a/a.mjs', "import '@notarykit/common/internal';"],
  ['packages/artifact-graph/src/b.ts', " * import { asVerified } from '@notarykit/oci/internal';"],
])('%s shows no entry that is no promise', (path, text) => {
  expect(check('artifact-graph', '', 'a.ts', { [`../../../${path}`]: text })).toContain(`${path}: `);
  expect(check('artifact-graph', '', 'a.ts', { [`../../../${path}`]: text.replace(/\/internal[\w/]*/, '') })).toBe(
    'ok',
  );
});

test('a package imports another by its internal entry, and its tests as they like', () => {
  const exports = { '.': './a.js', './internal': './b.js', './node': './c.js' };
  const common = { '../../../packages/common/package.json': JSON.stringify({ name: '@notarykit/common', exports }) };
  const of = (entry: string, file?: string) =>
    check('artifact-graph', `import { utf8 } from '@notarykit/common${entry}';`, file, common);
  expect(of('')).toContain('a package uses another by @notarykit/common/internal, not by @notarykit/common');
  expect(of('/internal')).toBe('ok');
  expect(of('/node', 'node.ts')).toBe('ok');
  expect(of('', 'a.test.ts')).toBe('ok');
});
