/** The packages as a user gets them. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tarballOf } from '../release.mjs';

const folders = readdirSync('packages').map((name) => join('packages', name));
const manifestOf = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** Packs every package into the folder: the tarballs as specifiers, by name. */
export function pack(target) {
  mkdirSync(target, { recursive: true });
  return Object.fromEntries(
    folders.map((folder) => {
      execFileSync('pnpm', ['pack', '--pack-destination', target], { cwd: folder, stdio: 'ignore' });
      const { name, version } = manifestOf(folder);
      return [name, `file:${join(target, tarballOf({ name, version }))}`];
    }),
  );
}

/** Everything that can be imported. */
export function entries() {
  return folders.map(manifestOf).flatMap(({ name, exports }) =>
    Object.keys(exports)
      .filter((entry) => !entry.endsWith('.json'))
      .map((entry) => name + entry.slice(1)),
  );
}

const ofNode = /\/node$|\/kms-providers\/(?:plugin|pkcs11)$|^@notarykit\/(?:testing|cli|containerd-verifier)$/;

/** Those of the entries whose declarations need no `@types/node`. */
export const portableOf = (names) => names.filter((entry) => !ofNode.test(entry));
