import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'tsup';

/** A program of the test run as one file of JavaScript, for a process of its own. */
export interface Bundle {
  readonly path: string;
  remove(): Promise<void>;
}

export async function bundle(entry: string): Promise<Bundle> {
  const folder = await mkdtemp(join(tmpdir(), 'notarykit-bundle-'));
  await build({
    entry: { program: entry },
    outDir: folder,
    config: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    silent: true,
    splitting: false,
    noExternal: [/.*/],
    outExtension: () => ({ js: '.mjs' }),
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    esbuildOptions(options) {
      options.conditions = ['@notarykit/source', 'node', 'import', 'module', 'default'];
    },
  });
  return { path: join(folder, 'program.mjs'), remove: () => rm(folder, { recursive: true, force: true }) };
}
