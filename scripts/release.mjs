// Packs every package, writes its SBOM, signs both with our own command, and with --publish publishes them with provenance:
// `node scripts/release.mjs <folder> [--publish] [-- options of "notarykit blob sign", such as --key release]`.
// Without options of a key, the key is one of a day for a dry run, and nothing can be published. Built output must be there.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { placeholderHost } from './manifests.mjs';
import { sbomOf } from './release-sbom.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifestOf = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
const packages = () => readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name));

/** The file that `pnpm pack` writes for a package. */
export const tarballOf = ({ name, version }) => `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;

/** Writes the SBOM of each tarball that lies in the folder; gives the paths of all that is to be signed. */
export function writeSboms(folder) {
  return packages().flatMap((path) => {
    const tarball = join(folder, tarballOf(manifestOf(path)));
    const sbom = `${tarball}.cdx.json`;
    writeFileSync(sbom, `${JSON.stringify(sbomOf(path, tarball), undefined, 2)}\n`);
    return [tarball, sbom];
  });
}

/**
 * Signs the files; the signatures lie beside them. Without a key, one of a day is made for it, and what it signed is verified. The command is called
 * in this process: sixty processes of their own would take most of the time.
 */
export async function signFiles(files, keyOptions = []) {
  if (keyOptions.length > 0) {
    for (const file of files) await run('blob', 'sign', '--force', ...keyOptions, file);
    return;
  }
  const configuration = mkdtempSync(join(tmpdir(), 'notarykit-release-'));
  const before = process.env.NOTATION_CONFIG;
  process.env.NOTATION_CONFIG = configuration;
  try {
    await run('cert', 'generate-test', '--default', 'dry-run');
    const trust = ['--trust-store', 'ca:dry-run', '--trusted-identity', '*'];
    await run('blob', 'policy', 'init', '--name', 'release', '--global', ...trust);
    for (const file of files) {
      await run('blob', 'sign', '--force', file);
      await run('blob', 'verify', '--signature', `${file}.jws.sig`, file);
    }
  } finally {
    if (before === undefined) delete process.env.NOTATION_CONFIG;
    else process.env.NOTATION_CONFIG = before;
    rmSync(configuration, { recursive: true });
  }
}

/** Runs a command without what it prints on standard output. */
async function run(...words) {
  const { runCommandLine } = await import('../packages/cli/dist/index.js');
  const { write } = process.stdout;
  process.stdout.write = () => true;
  try {
    const code = await runCommandLine(words);
    if (code !== 0) throw new Error(`notarykit ${words.join(' ')} ended with ${code}`);
  } finally {
    process.stdout.write = write;
  }
}

function pack(folder) {
  for (const path of packages())
    execFileSync('npx', ['-y', 'pnpm@10.34.9', 'pack', '--pack-destination', folder], { cwd: path, stdio: 'ignore' });
}

/** Before anything is made: a release that cannot be published is not signed. @throws an `Error` that says why it cannot */
export function checkPublishable(keyOptions, manifests = packages().map(manifestOf)) {
  if (keyOptions.length === 0) throw new Error('--publish needs the options of a key after --');
  for (const { name, homepage, repository, bugs } of manifests)
    if (JSON.stringify([homepage, repository, bugs]).includes(placeholderHost))
      throw new Error(`${name}: homepage, repository or bugs is a placeholder; see CONTRIBUTING.md`);
}

function publish(folder) {
  for (const path of packages()) {
    const tarball = join(folder, tarballOf(manifestOf(path)));
    execFileSync('npm', ['publish', tarball, '--provenance', '--access', 'public'], { stdio: 'inherit' });
  }
}

async function main([wanted, ...words]) {
  if (wanted === undefined) throw new Error('name the folder that the release is written to');
  const folder = resolve(wanted);
  const split = words.indexOf('--');
  const [options, keyOptions] = split < 0 ? [words, []] : [words.slice(0, split), words.slice(split + 1)];
  const unknown = options.find((option) => option !== '--publish');
  if (unknown !== undefined) throw new Error(`expected --publish and options of a key after --, found ${unknown}`);
  const isPublished = options.includes('--publish');
  if (isPublished) checkPublishable(keyOptions);
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
  pack(folder);
  const files = writeSboms(folder);
  await signFiles(files, keyOptions);
  for (const file of files) console.log(basename(file), basename(`${file}.jws.sig`));
  if (isPublished) publish(folder);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main(process.argv.slice(2));
