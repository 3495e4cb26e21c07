// The source that knows which errors have a page, and where the site is: made from the table of errors and the workspace's homepage.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { errorTable } from './error-table.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

export const helpPagesPath = 'packages/notarykit/src/help/pages.ts';

/** The text of that source. */
export function helpPages() {
  const { homepage } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
  const codes = errorTable.flatMap(({ rows }) => rows.map(([code]) => `  '${code}',\n`));
  return `// Written by \`node scripts/manifests.mjs\` from scripts/error-table.mjs and the homepage in package.json of the workspace.

/** Where the documentation is. It ends with a slash. */
export const site = '${homepage}';

/** The codes that have a page there, at \`errors/<code>\`. */
export const documentedCodes: ReadonlySet<string> = new Set([
${codes.join('')}]);
`;
}
