/** What users of the packages have, pinned: `docs/runtimes.md` lists it, `pnpm nightly:consumers` tries it with the packed packages. */

/** Package managers, as the arguments of `npm exec`; npm itself is the one beside Node. */
export const managers = [
  { name: 'npm', version: 'of the Node that runs the tests' },
  { name: 'pnpm', version: '10.34.9', program: 'pnpm@10.34.9', args: ['install'] },
  { name: 'yarn 1', version: '1.22.22', program: 'yarn@1.22.22', args: ['install', '--no-progress'] },
  { name: 'yarn 4', version: '4.18.1', program: '@yarnpkg/cli-dist@4.18.1', command: 'yarn', args: ['install'] },
];

/** Compilers, all with `skipLibCheck: false`. */
export const compilers = ['5.4.5', '5.9.3', '6.0.3', '7.0.2'];

/**
 * What describes the platform. `node` is a version of `@types/node`; entries that need Node are left out where there is none.
 * With neither the DOM or WebWorker library nor `@types/node` there are no types for `AbortSignal` and `ReadableStream`: that is not supported.
 */
export const libraries = [
  { name: '@types/node 20, no DOM', node: '20.19.43', lib: ['ES2022'] },
  { name: '@types/node 24, no DOM', node: '24.19.4', lib: ['ES2022'] },
  { name: '@types/node 24 and DOM', node: '24.19.4', lib: ['ES2022', 'DOM', 'DOM.Iterable'] },
  { name: 'DOM', lib: ['ES2022', 'DOM'] },
  { name: 'WebWorker', lib: ['ES2022', 'WebWorker'] },
];

/** Test runners and bundlers. */
export const tools = {
  jest: '30.5.2',
  vitest: '4.1.12',
  esbuild: '0.28.2',
  vite: '8.3.8',
  rollup: '4.68.8',
  '@rollup/plugin-commonjs': '29.0.3',
  '@rollup/plugin-json': '6.1.0',
  '@rollup/plugin-node-resolve': '16.0.3',
  webpack: '5.113.0',
};
