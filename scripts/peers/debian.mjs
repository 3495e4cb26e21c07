import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sourceOfSuite } from './debian-sources.mjs';
import { run, threeTimes } from './run.mjs';

/** Name of the running release ("bookworm"), part of the cache key: its packages are as fixed as the release. */
export async function release() {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return /^VERSION_CODENAME=(\w+)$/m.exec(text)?.[1] ?? 'unknown';
}

/**
 * Unpacks a Debian package into a private root and leaves a starter in `directory/name`; with it, those of its dependencies that
 * this machine lacks, and all that are built from the same source, installed or not: the parts of a program stay together.
 * Nothing is installed, so it needs no root and no lock of the system's.
 */
export async function unpackDebian(name, packageName, directory, { suite, program = `usr/bin/${name}` } = {}) {
  const apt = await privateApt(directory, suite);
  const names = [
    ...new Set([...(await missingPackages(apt, packageName)), ...(await siblings(apt, packageName, directory))]),
  ];
  const archives = join(directory, 'archives');
  await mkdir(archives, { recursive: true });
  await threeTimes(() => run('apt-get', [...apt, 'download', ...names], { cwd: archives }));
  const root = join(directory, 'root');
  for (const archive of await readdir(archives)) await run('dpkg', ['-x', join(archives, archive), root]);
  await writeStarter(name, directory, program);
}

/** What apt would install on this machine. */
async function missingPackages(apt, packageName) {
  const plan = await run('apt-get', [...apt, '--simulate', '--no-install-recommends', 'install', packageName]);
  return [...plan.matchAll(/^Inst (\S+)/gm)].map((match) => match[1]);
}

/** The package, and what it needs that is built from its source, as seen from a machine that has nothing installed. */
async function siblings(apt, packageName, directory) {
  const status = join(directory, 'apt/status');
  await writeFile(status, '');
  const needed = await missingPackages([...apt, '-o', `Dir::State::status=${status}`], packageName);
  const shown = await run('apt-cache', [...apt, 'show', '--no-all-versions', packageName, ...needed]);
  return ofOneSource(shown, packageName);
}

/** The packages in `records`, as `apt-cache show` prints them, that are built from the source of `packageName`; it among them. */
export function ofOneSource(records, packageName) {
  const sources = new Map(records.split('\n\n').map((record) => [fieldOf(record, 'Package'), sourceName(record)]));
  sources.delete(undefined);
  return [...sources.keys()].filter((one) => sources.get(one) === sources.get(packageName));
}

const fieldOf = (record, field) => new RegExp(`^${field}: (\\S+)`, 'm').exec(record)?.[1];

/** A package whose source has its own name does not say so. */
const sourceName = (record) => fieldOf(record, 'Source') ?? fieldOf(record, 'Package');

/** Options that give apt its own lists and cache below `directory`; the system's sources unless a suite is named. */
async function privateApt(directory, suite) {
  const state = join(directory, 'apt');
  for (const folder of ['lists/partial', 'cache/archives/partial']) {
    await mkdir(join(state, folder), { recursive: true });
  }
  const options = ['-o', `Dir::State::Lists=${join(state, 'lists')}`, '-o', `Dir::Cache=${join(state, 'cache')}`];
  options.push('-o', 'APT::Sandbox::User=');
  await threeTimes(() => run('apt-get', [...options, 'update']));
  if (suite === undefined) return options;
  const { name, text } = sourceOfSuite(await systemSources(), await debianArchive(options), suite);
  const list = join(state, name);
  await writeFile(list, text);
  options.push('-o', `Dir::Etc::SourceList=${list}`, '-o', 'Dir::Etc::SourceParts=/dev/null');
  await threeTimes(() => run('apt-get', [...options, 'update']));
  return options;
}

/** Where this machine takes Debian itself from, as apt understands its sources: the archive that says it is Debian's. */
async function debianArchive(options) {
  const format = ['--format', '$(ORIGIN) $(COMPONENT) $(RELEASE) $(REPO_URI)', 'Created-By: Packages'];
  const targets = await run('apt-get', [...options, 'indextargets', ...format]);
  const archive = /^Debian main [a-z]+ (\S+)$/m.exec(targets)?.[1];
  if (archive === undefined) throw new Error("the apt sources of this machine have no archive of Debian's");
  return archive;
}

/** The files of the system's apt sources. */
async function systemSources() {
  const parts = '/etc/apt/sources.list.d';
  const names = (await readdir(parts).catch(() => [])).filter((name) => /\.(list|sources)$/.test(name)).sort();
  const paths = ['/etc/apt/sources.list', ...names.map((name) => join(parts, name))];
  return Promise.all(paths.map(async (name) => ({ name, text: await readFile(name, 'utf8').catch(() => '') })));
}

async function writeStarter(name, directory, program) {
  const script = `#!/bin/sh
root=$(dirname "$(readlink -f "$0")")/root
# Some libraries lie in their own folder, which only a path that is fixed in them names.
export LD_LIBRARY_PATH=$(find "$root/usr/lib" "$root/lib" -name '*.so*' -printf '%h:' 2>/dev/null | tr ':' '\\n' | sort -u | tr '\\n' ':')
exec "$root/${program}" "$@"
`;
  await writeFile(join(directory, name), script);
  await chmod(join(directory, name), 0o755);
}
