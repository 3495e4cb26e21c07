/**
 * A CommonJS copy of what the packages export, in `dist/cjs`. It is for Jest's default, which neither imports ES modules nor
 * `require`s them: Node, Bun, Deno and bundlers take the ES module also for `require` (decision 259), so that no program loads two copies.
 *
 * node scripts/commonjs.mjs, after the build.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { build, transform } from 'esbuild';

/** Packages that are ES modules alone: each package that needs one gets it as one file of CommonJS. */
const modulesOnly = /^(?:pkijs|asn1js|jose|@noble\/hashes)(?:\/.*)?$/;
const required = /\brequire\("([^"]+)"\)/g;

async function copyOf(directory, { exports, imports = {} }) {
  const target = join(directory, 'dist/cjs');
  rmSync(target, { recursive: true, force: true });
  const vendored = new Set();
  const open = Object.values(exports).flatMap(({ default: entry }) => entry ?? []);
  const done = new Set();
  for (const file of open) {
    if (done.has(file)) continue;
    done.add(file);
    const copy = join(target, relative('dist', file));
    const code = await commonJsOf(join(directory, file));
    const text = code.replace(required, (whole, specifier) => {
      const own = imports[specifier]?.node ?? (specifier.startsWith('.') ? beside(file, specifier) : undefined);
      if (own !== undefined) {
        open.push(own);
        return `require("${pathFrom(copy, join(target, relative('dist', own)))}")`;
      }
      if (!modulesOnly.test(specifier)) return whole;
      vendored.add(specifier);
      return `require("${pathFrom(copy, join(target, 'vendor.js'))}")["${specifier}"]`;
    });
    mkdirSync(dirname(copy), { recursive: true });
    writeFileSync(copy, text);
  }
  writeFileSync(join(target, 'package.json'), '{ "type": "commonjs" }\n');
  if (vendored.size > 0) await vendor(directory, [...vendored], join(target, 'vendor.js'));
}

const beside = (file, specifier) => `./${join(dirname(file), specifier)}`;

function pathFrom(file, to) {
  const path = relative(dirname(file), to);
  return path.startsWith('.') ? path : `./${path}`;
}

async function commonJsOf(file) {
  const { code } = await transform(readFileSync(file, 'utf8'), {
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    supported: { 'dynamic-import': false },
  });
  return code;
}

/** One file for all of them: pkijs and asn1js must see the same classes. */
async function vendor(directory, names, outfile) {
  const lines = names.map((name, i) => `import * as m${i} from ${JSON.stringify(name)};`);
  const members = names.map((name, i) => `${JSON.stringify(name)}: m${i}`);
  const contents = `${lines.join('\n')}\nmodule.exports = { ${members.join(', ')} };`;
  await build({
    stdin: { contents, resolveDir: directory },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    legalComments: 'inline',
    logLevel: 'error',
    outfile,
  });
}

for (const name of readdirSync('packages')) {
  const directory = join('packages', name);
  const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  await copyOf(resolve(directory), manifest);
}
