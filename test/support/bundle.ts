import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'tsup';
import { bundled } from '../../scripts/bundled.mjs';

/** A program of the test run as one file of JavaScript, for its own process; `files` of its project lie where it looks for them. */
export interface Bundle {
  readonly path: string;
  remove(): Promise<void>;
}

/** Beside it, under their own names, `programs` of the same project that it starts. */
export async function bundle(
  entry: string,
  files: readonly string[] = [],
  programs: readonly string[] = [],
): Promise<Bundle> {
  const folder = await mkdtemp(join(tmpdir(), 'notarykit-bundle-'));
  await build({
    ...bundled('node'),
    entry: {
      program: entry,
      ...Object.fromEntries(programs.map((name) => [name, join(dirname(entry), `${name}.ts`)])),
    },
    outDir: join(folder, 'dist'),
    config: false,
    format: 'esm',
    target: 'node20',
    silent: true,
    // What is native cannot be in a file of JavaScript; programs load it from where it is.
    noExternal: [/^(?!pkcs11js$)/],
    external: ['pkcs11js'],
    outExtension: () => ({ js: '.js' }),
  });
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  const project = join(dirname(entry), '..');
  for (const name of files) await cp(join(project, name), join(folder, name), { recursive: true });
  return { path: join(folder, 'dist', 'program.js'), remove: () => rm(folder, { recursive: true, force: true }) };
}
