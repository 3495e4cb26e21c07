// What an adapter gets of a case: the case with absolute paths, in its own folder that it may not change.
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const protocol = 1;

/** The request of a case; `proxy` is where the hosts of the case can be reached. */
export function requestOf(one, { config = join(one.directory, one.config), proxy } = {}) {
  const { artifact, directory } = one;
  const at = (name) => join(directory, name);
  return {
    protocol,
    id: one.id,
    directory,
    requires: one.requires,
    artifact:
      artifact.kind === 'oci'
        ? { ...artifact, layout: at(artifact.layout) }
        : { ...artifact, path: at(artifact.path), signature: at(artifact.signature) },
    config,
    ...(one.metadata === undefined ? {} : { metadata: one.metadata }),
    ...(one.time === undefined ? {} : { time: one.time }),
    ...(proxy === undefined ? {} : { proxy }),
  };
}

/** A folder for what a run writes, and the end of it. */
export function scratchFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-kit-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * The configuration of a case for a verifier that looks at who can write a plugin: a copy that only its owner can write, where
 * the case has plugins. Otherwise the configuration itself.
 */
export function privateConfig(one, folder) {
  const config = join(one.directory, one.config);
  if (!one.requires.includes('plugins')) return config;
  const copy = join(folder, one.id);
  cpSync(config, copy, { recursive: true, verbatimSymlinks: true });
  protect(copy);
  return copy;
}

function protect(folder) {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) protect(path);
    else if (entry.isFile()) chmodSync(path, (statSync(path).mode & 0o100) === 0 ? 0o644 : 0o755);
  }
}

/** Writes the request beside the copies, and gives its path. */
export function writeRequest(request, folder) {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${request.id}.request.json`);
  writeFileSync(path, JSON.stringify(request, null, 2));
  return path;
}
