import { defineConfig } from 'vitest/config';

// Our own condition lets tests run from source: no build is needed before them.
// Without `module`: Node itself must load what tests do not transform, and such a build is for bundlers.
const conditions = ['@notarykit/source', 'node', 'import', 'default'];
const resolve = { conditions };
const ssr = { resolve: { conditions, externalConditions: conditions } };
// Generous: a machine that has much else to do must not fail a test that is right.
const shared = {
  pool: 'forks' as const,
  setupFiles: ['./scripts/vitest-setup.ts'],
  testTimeout: 120_000,
  hookTimeout: 120_000,
};

export default defineConfig({
  resolve,
  ssr,
  test: {
    reporters: ['default', './scripts/summary-reporter.ts'],
    projects: [
      {
        resolve,
        ssr,
        test: {
          ...shared,
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'scripts/**/*.test.ts'],
        },
      },
      {
        resolve,
        ssr,
        test: { ...shared, name: 'integration', include: ['test/integration/**/*.test.ts'] },
      },
      {
        resolve,
        ssr,
        test: { ...shared, name: 'conformance', include: ['test/conformance/**/*.test.ts'], testTimeout: 300_000 },
      },
      {
        resolve,
        ssr,
        test: { ...shared, name: 'nightly', include: ['test/nightly/**/*.test.ts'], testTimeout: 1_800_000 },
      },
      {
        resolve,
        ssr,
        test: {
          ...shared,
          name: 'interop',
          include: ['test/interop/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
