import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { build } from 'tsup';
import { bundled } from '../../../scripts/bundled.mjs';
import { type Block, isProgram } from './blocks.js';
import { endpoints } from './endpoints.js';

/** A guide by its name, with its blocks. */
export interface Guide {
  readonly name: string;
  readonly blocks: readonly Block[];
}

/** The programs of all guides, and the commands, each as one file. */
export interface Programs extends AsyncDisposable {
  /** Where the programs of a guide were built: `sign.mjs` of the guide is `sign.mjs.js`. */
  folder(guide: string): string;
  readonly command: string;
  readonly registry: string;
  readonly containerdVerifier: string;
  /** The sources, for the compiler. */
  readonly sources: readonly string[];
}

/** Builds them in one go, since most of what they import is the same. */
export async function buildPrograms(guides: readonly Guide[]): Promise<Programs> {
  const written = await writeSources(guides);
  const out = join(written.folder, 'built');
  await build({
    ...bundled('node'),
    entry: {
      ...written.entries,
      command: 'packages/cli/src/notarykit.ts',
      registry: 'packages/testing/src/registry-cli.ts',
      verifier: 'packages/containerd-verifier/src/notarykit-containerd-verifier.ts',
    },
    outDir: out,
    config: false,
    format: 'esm',
    target: 'node20',
    silent: true,
    splitting: true,
    noExternal: [/^(?!(?:pkcs11js|vitest|node:.*)$)/],
    external: ['pkcs11js', 'vitest'],
    outExtension: () => ({ js: '.js' }),
  });
  return {
    folder: (guide) => join(out, guide),
    command: process.env['NOTARYKIT_COMMAND'] || join(out, 'command.js'),
    registry: join(out, 'registry.js'),
    containerdVerifier: join(out, 'verifier.js'),
    sources: Object.values(written.entries),
    [Symbol.asyncDispose]: () => rm(written.folder, { recursive: true, force: true }),
  };
}

/** Below `test`, where every package can be imported. Programs of JavaScript are checked as TypeScript, too: they are both. */
async function writeSources(guides: readonly Guide[]): Promise<{ folder: string; entries: Record<string, string> }> {
  const cache = resolve('test/node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'guides-'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  const entries: Record<string, string> = {};
  for (const guide of guides) requireEndpoints(guide);
  for (const { name, blocks } of guides)
    for (const { file = '', code } of blocks.filter(isProgram)) {
      const path = join(folder, name, file.replace(/\.mjs$/, '.mts'));
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, withEndpoints(name, code));
      entries[`${name}/${file}`] = path;
    }
  return { folder, entries };
}

function requireEndpoints({ name, blocks }: Guide): void {
  for (const [page] of endpoints[name] ?? [])
    if (!blocks.some(({ code }) => code.includes(page))) throw new Error(`${name}.md no longer says ${page}`);
}

function withEndpoints(guide: string, code: string): string {
  return (endpoints[guide] ?? []).reduce((text, [page, here]) => text.replaceAll(page, here), code);
}
