// Runs in Node, Bun and Deno. The first argument is the host of a registry, the second an empty folder.
import process from 'node:process';
import { files } from './files.js';
import { portable } from './portable.js';

const [registry = '', folder = ''] = process.argv.slice(2);
console.log(JSON.stringify({ portable: await portable(registry), files: await files(folder) }));
process.exit(0);
