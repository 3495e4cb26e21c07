import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

/** The change to make, as JSON: file, text to find, text to put there. Without it the tests run on the sources as they are. */
const row = process.env['GUARD'] === undefined ? undefined : JSON.parse(process.env['GUARD']);
const conditions = ['@notarykit/source', 'node', 'import', 'module', 'default'];

export default defineConfig({
  root: resolve(import.meta.dirname, '../..'),
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  plugins: [
    {
      name: 'remove-guard',
      enforce: 'pre',
      // The change is made while the file is loaded: nothing on disk is touched, and an interrupted run leaves nothing behind.
      transform(code, id) {
        if (row === undefined || id !== resolve(import.meta.dirname, '../..', row.file)) return undefined;
        return code.replace(row.find, () => row.replace);
      },
    },
  ],
  test: {
    pool: 'forks',
    setupFiles: ['./scripts/vitest-setup.ts'],
    include: ['packages/*/src/**/*.test.ts', 'test/{integration,conformance}/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
