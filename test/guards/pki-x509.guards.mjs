import { readFileSync } from 'node:fs';

const rows = JSON.parse(readFileSync(new URL('pki-x509.json', import.meta.url), 'utf8'));

/** The guards of certificates and paths. A row may name several tests; the first holds the guard. */
export const guards = rows.map(({ id, file, guard, without = '', tests, only }) => ({
  id,
  what: guard.slice(0, 50).replaceAll('\n', ' '),
  test: `${tests[0].replace(/\.test\.ts$/, '')}.test.ts`,
  file,
  find: guard,
  replace: without,
  ...(only === undefined ? {} : { only }),
}));
