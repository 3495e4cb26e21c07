// Puts the API reference, where `pnpm docs:api` has written it, into the site: `pnpm docs:site` calls it after the pages are built.
import { cpSync, existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [api, site] = ['../docs/api', '../docs/.vitepress/dist/api'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);
if (existsSync(api)) cpSync(api, site, { recursive: true });
else console.log('docs/api is not there: `pnpm docs:api` writes it');
