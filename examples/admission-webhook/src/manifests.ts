// Prints the manifests with the authority's certificate in place: node dist/manifests.js ca.crt | kubectl apply -f -
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderManifest } from './webhook/render.js';

const [caFile, ...names] = process.argv.slice(2);
const folder = fileURLToPath(new URL('../manifests', import.meta.url));

if (caFile === undefined) {
  console.error('usage: manifests.js <ca.crt> [manifest…]');
  process.exitCode = 2;
} else {
  try {
    const ca = readFileSync(caFile, 'utf8');
    const wanted = names.length === 0 ? ['webhook.yaml', 'webhooks.yaml'] : names;
    const known = readdirSync(folder).filter((name) => wanted.includes(name));
    if (known.length < wanted.length) throw new Error(`expected names of ${readdirSync(folder).join(', ')}`);
    console.log(known.map((name) => renderManifest(readFileSync(join(folder, name), 'utf8'), ca)).join('---\n'));
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
