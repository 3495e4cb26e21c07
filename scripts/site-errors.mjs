// Fails unless the built site has the page of every error, where the errors' addresses lead: `pnpm docs:site` calls it after the pages are built.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { errorTable } from './error-table.mjs';

// The list of the folder, and not `existsSync`: some file systems take a name in other letters for the same.
const pages = new Set(readdirSync(fileURLToPath(new URL('../docs/.vitepress/dist/errors', import.meta.url))));
const missing = errorTable
  .flatMap(({ rows }) => rows.map(([code]) => code))
  .filter((code) => !pages.has(`${code}.html`));
if (missing.length > 0) throw new Error(`the site has no page for ${missing.join(', ')}`);
