// Where the third-party vectors are. The one place that reads NOTARYKIT_VECTORS; the README says what it means.
import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = resolve(fileURLToPath(new URL('..', import.meta.url)));

const holdsAnything = (folder) => existsSync(folder) && readdirSync(folder).length > 0;

/**
 * `folder`: where the vectors are, undefined where there are none. `required`: whether to be without them is a failure, which it is
 * in CI alone, and there only where somebody meant them to be there: by the variable, or by a folder `shared` beside the repository.
 */
export function findVectors(env = process.env, root = repository) {
  const named = env.NOTARYKIT_VECTORS;
  if (named === '' || named === 'none') return { folder: undefined, required: false };
  const folder = resolve(root, named ?? '../shared/vectors');
  const wereMeant = named !== undefined || existsSync(resolve(root, '../shared'));
  return { folder: holdsAnything(folder) ? folder : undefined, required: Boolean(env.CI) && wereMeant };
}

/** What a run says once about the sets that it left out. */
export function absentVectors(sets) {
  const names = [...new Set(sets)].sort().join(', ');
  return `third-party vectors skipped, as they are not there: ${names} (to run them: NOTARYKIT_VECTORS=<their folder>, see README.md)`;
}
