import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContext, Script } from 'node:vm';
import { build, type Options } from 'tsup';

/** A module with all that it imports as one script for browsers, which leaves its exports in the variable `exported`. */
export function bundleForBrowser(entry: string): Promise<string> {
  return bundled(entry, { format: 'iife', globalName: 'exported', platform: 'browser' }, 'browser', 'script.global.js');
}

/** A module with all that it imports as one module for runtimes that have the modules of Node. */
export function bundleForRuntime(entry: string): Promise<string> {
  return bundled(entry, { format: 'esm', platform: 'node', banner: { js: withRequire } }, 'node', 'script.js');
}

/** What CommonJS packages in the module ask for modules of Node with. */
const withRequire = `import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);`;

/** A module with all that it imports as one module for workers. */
export function bundleForWorker(entry: string): Promise<string> {
  return bundled(entry, { format: 'esm', platform: 'browser' }, 'browser', 'script.js');
}

async function bundled(entry: string, options: Options, condition: string, result: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'notarykit-bundle-'));
  try {
    await build({
      ...options,
      entry: { script: entry },
      outDir: folder,
      outExtension: () => ({ js: result.slice('script'.length) }),
      config: false,
      target: 'es2022',
      silent: true,
      splitting: false,
      noExternal: [/.*/],
      esbuildOptions(more) {
        more.conditions = ['@notarykit/source', condition, 'import', 'module', 'default'];
      },
    });
    return await readFile(join(folder, result), 'utf8');
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What a browser adds to the language; Node's own things are not among it. Bytes are of one realm, as in a page. */
const browser = {
  AbortController,
  AbortSignal,
  ArrayBuffer,
  atob,
  Blob,
  DOMException,
  btoa,
  clearTimeout,
  console,
  crypto,
  DataView,
  Headers,
  performance,
  ReadableStream,
  Response,
  setTimeout,
  TextDecoder,
  TextEncoder,
  TransformStream,
  Uint8Array,
  URL,
  URLSearchParams,
};

/** Runs such a script with what a browser has, and gives its exports. */
export function runAsBrowser<Exports>(script: string): Exports {
  const context = createContext({ ...browser });
  new Script(`${script}\nglobalThis.exported = exported;`).runInContext(context);
  return (context as unknown as { exported: Exports }).exported;
}
