import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** The changes to make, as JSON. Without them the tests run on the sources as they are. */
const edits: readonly Edit[] = JSON.parse(process.env['GUARD'] ?? '[]');
const conditions = ['@notarykit/source', 'node', 'import', 'default'];

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
        const own = edits.filter(({ file }) => id === resolve(import.meta.dirname, '../..', file));
        if (own.length === 0) return undefined;
        return own.reduce((text, { find, replace }) => text.replace(find, () => replace), code);
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
