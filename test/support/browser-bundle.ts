import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContext, Script } from 'node:vm';
import { build } from 'tsup';

/** A module with all that it imports as one script for browsers, which leaves its exports in the variable `exported`. */
export async function bundleForBrowser(entry: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'notarykit-browser-'));
  try {
    await build({
      entry: { script: entry },
      outDir: folder,
      config: false,
      format: 'iife',
      globalName: 'exported',
      platform: 'browser',
      target: 'es2022',
      silent: true,
      noExternal: [/.*/],
      esbuildOptions(options) {
        options.conditions = ['@notarykit/source', 'browser', 'import', 'module', 'default'];
      },
    });
    return await readFile(join(folder, 'script.global.js'), 'utf8');
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
