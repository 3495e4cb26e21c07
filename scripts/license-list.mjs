// Writes the SPDX licence identifiers into sbom-gate, as a module that needs no JSON import:
// node scripts/license-list.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const target = 'packages/sbom-gate/src/licenses/license-list.ts';
const require = createRequire(new URL('../packages/sbom-gate/package.json', import.meta.url));
const folder = dirname(require.resolve('spdx-license-ids/package.json'));
const read = (file) => JSON.parse(readFileSync(join(folder, file), 'utf8'));
const ids = [...read('index.json'), ...read('deprecated.json')].sort();
const { version } = read('package.json');

const lines = [''];
for (const id of ids) {
  const last = lines.length - 1;
  if (`${lines[last]} ${id}`.length > 112) lines.push(id);
  else lines[last] = lines[last] === '' ? id : `${lines[last]} ${id}`;
}
writeFileSync(
  target,
  `// Written by scripts/license-list.mjs from spdx-license-ids ${version}; do not edit.

/** Identifiers of the SPDX licence list, deprecated ones too, separated by white space. */
export const licenseList: string = \`
${lines.join('\n')}
\`;
`,
);
