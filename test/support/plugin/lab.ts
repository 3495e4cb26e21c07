import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Issued } from '@notarykit/testing';
import { bundle } from '../bundle.js';

/** A folder of plugins, as an installed `notation` has one. */
export interface PluginFolder {
  /** Holds `plugins`: what `NOTATION_LIBEXEC` is set to. */
  readonly libexec: string;
  /** `{directory}/{name}/notation-{name}`. */
  readonly directory: string;
  /** Installs a program of JavaScript as a plugin; gives its path. */
  install(name: string, script: string): Promise<string>;
  close(): Promise<void>;
}

/** A folder of plugins with `lab`, which is made of `runAsPlugin`, and the keys of that plugin. */
export interface PluginLab extends PluginFolder {
  /** Variables that the plugin needs to find its keys. */
  readonly env: Readonly<Record<string, string>>;
  addKey(keyId: string, issued: Issued): Promise<void>;
}

/** An empty folder of plugins. */
export async function createPluginFolder(): Promise<PluginFolder> {
  // Symbolic links above it are not its own.
  const libexec = await realpath(await mkdtemp(join(tmpdir(), 'notarykit-plugins-')));
  const directory = join(libexec, 'plugins');
  await mkdir(directory);
  return {
    libexec,
    directory,
    async install(name, script) {
      const folder = join(directory, name);
      const path = join(folder, `notation-${name}`);
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder);
      await writeFile(path, `#!${process.execPath}\n${script}\n`);
      await chmod(path, 0o755);
      return path;
    },
    close: () => rm(libexec, { recursive: true, force: true }),
  };
}

/** Builds the plugin `lab` and installs it. */
export async function createPluginLab(): Promise<PluginLab> {
  const folder = await createPluginFolder();
  const keys = join(folder.libexec, 'keys');
  await mkdir(keys);
  const program = await bundle(fileURLToPath(new URL('signing-plugin.ts', import.meta.url)));
  await folder.install('lab', `import(${JSON.stringify(program.path)});`);
  return {
    ...folder,
    env: { PLUGIN_KEYS: keys },
    async addKey(keyId, { privateKeyPem, pem }) {
      await writeFile(join(keys, `${keyId}.key`), privateKeyPem, { mode: 0o600 });
      await writeFile(join(keys, `${keyId}.crt`), pem);
    },
    async close() {
      await program.remove();
      await folder.close();
    },
  };
}
