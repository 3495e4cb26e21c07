import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const source = resolve(dirname(fileURLToPath(import.meta.url)), '../../../packages/pki/src');
const statements = /^(?:import|export)\s(?!type\b)(?:[^'"]*?\sfrom\s)?'([^']+)'/gm;

/** Every bare name that loading a file loads, through all of its relative imports. `import()` counts for nothing. */
function loadedBy(file: string, seen = new Set<string>()): Set<string> {
  const names = new Set<string>();
  if (seen.has(file)) return names;
  seen.add(file);
  for (const [, name] of readFileSync(file, 'utf8').matchAll(statements)) {
    if (name === undefined) continue;
    if (!name.startsWith('.')) names.add(name);
    else for (const deeper of loadedBy(resolve(dirname(file), name.replace(/\.js$/, '.ts')), seen)) names.add(deeper);
  }
  return names;
}

test('loading the package loads no other than common: neither pkijs nor asn1js, nor what a rare file format needs', () => {
  expect([...loadedBy(resolve(source, 'index.ts'))].sort()).toEqual(['#crypto', '@notarykit/common/internal']);
  expect([...loadedBy(resolve(source, 'crypto/platform.node.ts'))].sort()).toEqual([
    '@notarykit/common/internal',
    'node:crypto',
    // How many cores there are.
    'node:os',
  ]);
  expect([...loadedBy(resolve(source, 'crypto/platform.web.ts'))].sort()).toEqual(['@notarykit/common/internal']);
});
