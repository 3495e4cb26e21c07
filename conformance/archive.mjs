// Writes conformance-kit-<version>.tar.gz: node archive.mjs [folder]. The same sources give the same bytes.
import { lstatSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const here = fileURLToPath(new URL('.', import.meta.url));
const manifest = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
const contents = [
  'README.md',
  'adapters',
  'cases',
  'generate',
  'implementations',
  'keys',
  'lib',
  'run.mjs',
  'schema',
  'signing',
];
/** What needs a clone of NotaryKit. */
const leftOut = ['adapters/notarykit', 'implementations/notarykit.json'];

function* walk(path) {
  const inside = relative(here, path);
  if (leftOut.includes(inside)) return;
  if (lstatSync(path).isDirectory()) for (const name of readdirSync(path).sort()) yield* walk(join(path, name));
  else yield inside;
}

/** One file of a POSIX archive, or a symbolic link: header and content, filled up to blocks of 512 bytes. */
function entry(name, { content = Buffer.alloc(0), executable = false, link = '' }) {
  const header = Buffer.alloc(512);
  const put = (text, at) => header.write(text, at, 'latin1');
  const octal = (value, width) => `${value.toString(8).padStart(width, '0')}\0`;
  const [prefix, last] = split(name);
  put(last, 0);
  put(octal(executable ? 0o755 : 0o644, 7), 100);
  put(octal(0, 7), 108);
  put(octal(0, 7), 116);
  put(octal(content.length, 11), 124);
  put(octal(0, 11), 136);
  put('        ', 148);
  put(link === '' ? '0' : '2', 156);
  put(link, 157);
  put('ustar\x0000', 257);
  put(prefix, 345);
  put(
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  );
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

/** Names of more than 100 characters are cut at a slash. */
function split(name) {
  if (name.length <= 100) return ['', name];
  const at = name.lastIndexOf('/', 155);
  if (at < 1 || name.length - at - 1 > 100) throw new Error(`${name}: too long for an archive`);
  return [name.slice(0, at), name.slice(at + 1)];
}

function fileAt(path) {
  const stats = lstatSync(path);
  if (stats.isSymbolicLink()) return { link: readlinkSync(path) };
  return { content: readFileSync(path), executable: (stats.mode & 0o100) !== 0 };
}

export function archive() {
  const root = `conformance-kit-${manifest.version}`;
  const { name, version, description, license, type } = manifest;
  const own = { name, version, private: true, description, license, type, scripts: { kit: manifest.scripts.kit } };
  const files = [
    ['LICENSE', { content: readFileSync(join(here, '../LICENSE')) }],
    ['package.json', { content: Buffer.from(`${JSON.stringify(own, null, 2)}\n`) }],
    ...contents.flatMap((name) => [...walk(join(here, name))]).map((path) => [path, fileAt(join(here, path))]),
  ];
  const entries = files.map(([path, file]) => entry(`${root}/${path}`, file));
  return { name: `${root}.tar.gz`, bytes: gzipSync(Buffer.concat([...entries, Buffer.alloc(1024)]), { level: 9 }) };
}

if (resolve(process.argv[1] ?? '') === fileURLToPath(import.meta.url)) {
  const { name, bytes } = archive();
  const path = join(process.argv[2] ?? '.', name);
  writeFileSync(path, bytes);
  console.log(`${path}: ${bytes.length} bytes`);
}
