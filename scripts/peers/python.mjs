import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './run.mjs';

/** Installs a Python program and what it needs, each at the version that is pinned, as wheels: nothing is built and no script is run. */
export async function installPython(name, { requirements, module }, directory) {
  const only = ['--no-deps', '--only-binary=:all:', '--disable-pip-version-check', '--root-user-action=ignore'];
  const packages = join(directory, 'packages');
  await run('python3', ['-m', 'pip', 'install', ...only, '--target', packages, '-r', requirements]);
  const program = join(directory, name);
  await writeFile(program, launcher(module));
  await chmod(program, 0o755);
}

/** Runs the module out of the folder beside the program, wherever that was moved. */
const launcher = (module) => `#!/usr/bin/env python3
import os, runpy, sys
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "packages"))
runpy.run_module("${module}", run_name="__main__", alter_sys=True)
`;

/** The interpreter that wheels with a native part are made for: `cpython-311`. */
export async function pythonTag() {
  return (await run('python3', ['-c', 'import sys; print(sys.implementation.cache_tag)'])).trim();
}
