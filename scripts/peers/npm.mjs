import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from './run.mjs';

/** Installs a package with its install scripts: it has a native part that is compiled for this machine. */
export async function buildNpm({ npm, version }, directory) {
  await writeFile(join(directory, 'package.json'), JSON.stringify({ private: true }));
  // The headers that came with this Node, where they did: node-gyp would fetch them otherwise.
  const prefix = dirname(dirname(process.execPath));
  const env = existsSync(join(prefix, 'include/node/node_api.h')) ? { npm_config_nodedir: prefix } : {};
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts=false'];
  await run('npm', ['install', ...quiet, `${npm}@${version}`], { cwd: directory, env });
}
