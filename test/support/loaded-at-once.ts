import { createRequire } from 'node:module';
import { join } from 'node:path';

interface Output {
  readonly entryPoint?: string;
  readonly imports: readonly { readonly path: string; readonly kind: string }[];
}

interface Built {
  readonly metafile: { readonly outputs: Readonly<Record<string, Output>> };
  readonly outputFiles: readonly { readonly path: string; readonly contents: Uint8Array }[];
}

// The bundler belongs to the build tool of the workspace.
const fromRoot = createRequire(join(import.meta.dirname, '../../package.json'));
const esbuild = createRequire(fromRoot.resolve('tsup'))('esbuild') as { build(options: object): Promise<Built> };

/** The minified files that a browser loads before it runs a module; what the module imports on demand is not among them. */
export async function loadedAtOnce(entry: string): Promise<readonly Uint8Array[]> {
  const built = await esbuild.build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['@notarykit/source'],
    outdir: '/out',
    metafile: true,
    write: false,
  });
  const { outputs } = built.metafile;
  const [first] =
    Object.entries(outputs).find(([, { entryPoint }]) => entryPoint !== undefined && entry.endsWith(entryPoint)) ?? [];
  return [...reached(outputs, first ?? '')].map((path) => contentOf(built, path));
}

function reached(outputs: Built['metafile']['outputs'], path: string, found = new Set<string>()): Set<string> {
  if (found.has(path)) return found;
  found.add(path);
  for (const { path: next, kind } of outputs[path]?.imports ?? [])
    if (kind === 'import-statement') reached(outputs, next, found);
  return found;
}

function contentOf({ outputFiles }: Built, path: string): Uint8Array {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const file = outputFiles.find((one) => one.path.endsWith(`/${name}`));
  if (file === undefined) throw new Error(`the bundler did not write ${path}`);
  return file.contents;
}
