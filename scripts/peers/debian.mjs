import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run, threeTimes } from './run.mjs';

/** Name of the running release ("bookworm"), part of the cache key: its packages are as fixed as the release. */
export async function release() {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return /^VERSION_CODENAME=(\w+)$/m.exec(text)?.[1] ?? 'unknown';
}

/**
 * Unpacks a Debian package, with those of its dependencies that this machine lacks, into a private root and leaves a
 * starter in `directory/name`. Nothing is installed, so it needs no root and no lock of the system's.
 */
export async function unpackDebian(name, packageName, directory, { suite } = {}) {
  const apt = await privateApt(directory, suite);
  const plan = await run('apt-get', [...apt, '--simulate', '--no-install-recommends', 'install', packageName]);
  const needed = [...plan.matchAll(/^Inst (\S+)/gm)].map((match) => match[1]);
  const names = needed.length === 0 ? [packageName] : needed;
  const archives = join(directory, 'archives');
  await mkdir(archives, { recursive: true });
  await threeTimes(() => run('apt-get', [...apt, 'download', ...names], { cwd: archives }));
  const root = join(directory, 'root');
  for (const archive of await readdir(archives)) await run('dpkg', ['-x', join(archives, archive), root]);
  await writeStarter(name, directory);
}

/** Options that give apt its own lists and cache below `directory`; the system's sources unless a suite is named. */
async function privateApt(directory, suite) {
  const state = join(directory, 'apt');
  for (const folder of ['lists/partial', 'cache/archives/partial']) {
    await mkdir(join(state, folder), { recursive: true });
  }
  const options = ['-o', `Dir::State::Lists=${join(state, 'lists')}`, '-o', `Dir::Cache=${join(state, 'cache')}`];
  options.push('-o', 'APT::Sandbox::User=');
  if (suite !== undefined) {
    const list = join(state, 'sources.list');
    await writeFile(list, `deb http://deb.debian.org/debian ${suite} main\n`);
    options.push('-o', `Dir::Etc::SourceList=${list}`, '-o', 'Dir::Etc::SourceParts=/dev/null');
  }
  await threeTimes(() => run('apt-get', [...options, 'update']));
  return options;
}

async function writeStarter(name, directory) {
  const libraries = '"$root/usr/lib/$(uname -m)-linux-gnu:$root/lib/$(uname -m)-linux-gnu"';
  const script = `#!/bin/sh
root=$(dirname "$(readlink -f "$0")")/root
export LD_LIBRARY_PATH=${libraries}
exec "$root/usr/bin/${name}" "$@"
`;
  await writeFile(join(directory, name), script);
  await chmod(join(directory, name), 0o755);
}
