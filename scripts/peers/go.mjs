import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { available, run } from './run.mjs';

// One compiler at a time: the machine has other work to do.
const environment = { CGO_ENABLED: '0', GOFLAGS: '-p=1 -trimpath -mod=mod', GOTOOLCHAIN: 'local', GO111MODULE: 'on' };

export const hasGo = () => available('go');

/**
 * Builds a pinned package of the module proxy into `directory/name`, from a throw-away module that requires it. `go install`
 * would do for most, but it leaves tests out, and it wants the list of all versions, which not every proxy gives.
 */
export async function buildGo(name, row, directory) {
  await mkdir(directory, { recursive: true });
  if (row.source !== undefined) return buildSource(name, row.source, directory);
  const cwd = await mkdtemp(join(tmpdir(), 'notarykit-peer-'));
  try {
    await writeModule(row, cwd);
    const build = row.test ? ['test', '-c'] : ['build'];
    await run('go', [...build, '-o', join(directory, name), row.go], { cwd, env: environment });
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

/** Builds a program of this repository; its go.sum pins every module. */
async function buildSource(name, source, directory) {
  const env = { ...environment, GOFLAGS: '-p=1 -trimpath -mod=readonly' };
  await run('go', ['build', '-o', join(directory, name), '.'], { cwd: source, env });
}

async function writeModule({ module, version, sums }, cwd) {
  await writeFile(join(cwd, 'go.mod'), `module peer.invalid/peer\n\ngo 1.21\n\nrequire ${module} v${version}\n`);
  // A checksum pinned here stands in for the checksum database, which does not know every pseudo-version.
  if (sums === undefined) return;
  const lines = [`${module} v${version} ${sums.zip}`, `${module} v${version}/go.mod ${sums.mod}`];
  await writeFile(join(cwd, 'go.sum'), `${lines.join('\n')}\n`);
}
