import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Programs } from './programs.js';

/** An empty folder of a new user, and the commands on the path. */
export interface Desk extends AsyncDisposable {
  readonly folder: string;
  readonly env: Record<string, string>;
}

/**
 * Commands that a guide types. `npm install` fetches nothing here: it takes down what was installed, and the test holds the imports of the
 * guide to it; as of npm 11, `npm init` makes a package of CommonJS. `npx` runs what is on the path, and `node` the built form of a program,
 * where a real one would run it.
 */
const commands = (programs: Programs, guide: string): Readonly<Record<string, string>> => {
  const node = process.execPath;
  return {
    notarykit: `exec '${node}' '${programs.command}' "$@"`,
    'notarykit-registry': `exec '${node}' '${programs.registry}' "$@"`,
    'notarykit-containerd-verifier': `exec '${node}' '${programs.containerdVerifier}' "$@"`,
    npx: 'exec "$@"',
    npm: `case "$1" in
  init) echo '{"type":"commonjs"}' > package.json ;;
  pkg) printf '{"%s":"%s"}\\n' "\${3%%=*}" "\${3#*=}" > package.json ;;
  pack) tar -czf "$(echo "$2" | tr -d @ | tr / -)-0.1.0.tgz" package && rm -r package ;;
  install) shift; for word in "$@"; do case "$word" in -*) ;; *) echo "$word" >> "$HOME/installed" ;; esac; done ;;
  *) echo "npm $1 is not played" >&2; exit 1 ;;
esac`,
    node: `programs='${programs.folder(guide)}'
for word in "$@"; do
  shift
  case "$word" in *.ts|*.js) grep -q '"type":"module"' package.json || { echo "$word is CommonJS by package.json" >&2; exit 1; } ;; esac
  if [ -f "$programs/$word.js" ]; then word="$programs/$word.js"; fi
  set -- "$@" "$word"
done
exec '${node}' "$@"`,
    vitest: `exec '${node}' '${resolve('node_modules/vitest/vitest.mjs')}' "$@"`,
  };
};

/** Makes the desk for one guide. */
export async function createDesk(programs: Programs, guide: string): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), 'notarykit-guide-'));
  const [home, bin] = [join(folder, 'home'), join(folder, 'bin')];
  for (const path of [home, bin]) await mkdir(path);
  const work = join(folder, 'work');
  await mkdir(work);
  await symlink(resolve('test/node_modules'), join(folder, 'node_modules'));
  for (const [name, lines] of Object.entries(commands(programs, guide))) {
    await writeFile(join(bin, name), `#!/bin/sh\n${lines}\n`);
    await chmod(join(bin, name), 0o755);
  }
  return {
    folder: work,
    env: {
      PATH: `${bin}:/usr/bin:/bin`,
      HOME: home,
      XDG_CONFIG_HOME: join(home, '.config'),
      NO_COLOR: '1',
      // Packages of others warn of versions of Node.
      NODE_NO_WARNINGS: '1',
      GUIDE_ROOT: folder,
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
