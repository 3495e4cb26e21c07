import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Issued } from '@notarykit/testing';
import { type Bundle, bundle } from '../bundle.js';

/** A folder of plugins, as an installed `notation` has one, and the keys of its plugin `lab`. */
export interface PluginLab {
  /** `{directory}/{name}/notation-{name}`. */
  readonly directory: string;
  /** Variables that the plugin `lab` needs to find its keys. */
  readonly env: Readonly<Record<string, string>>;
  /** A key of the plugin `lab`. */
  addKey(keyId: string, issued: Issued): Promise<void>;
  /** Installs a program of JavaScript as a plugin; gives its path. */
  install(name: string, script: string): Promise<string>;
  close(): Promise<void>;
}

/** Builds the plugin `lab` out of `runAsPlugin` and installs it. */
export async function createPluginLab(): Promise<PluginLab> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'notarykit-plugins-')));
  const directory = join(folder, 'plugins');
  const keys = join(folder, 'keys');
  await mkdir(keys);
  const program: Bundle = await bundle(fileURLToPath(new URL('signing-plugin.ts', import.meta.url)));
  const install = async (name: string, script: string): Promise<string> => {
    const path = join(directory, name, `notation-${name}`);
    await mkdir(join(directory, name), { recursive: true });
    await writeFile(path, `#!${process.execPath}\n${script}\n`);
    await chmod(path, 0o755);
    return path;
  };
  await install('lab', `import(${JSON.stringify(program.path)});`);
  return {
    directory,
    env: { PLUGIN_KEYS: keys },
    async addKey(keyId, { privateKeyPem, pem }) {
      await writeFile(join(keys, `${keyId}.key`), privateKeyPem, { mode: 0o600 });
      await writeFile(join(keys, `${keyId}.crt`), pem);
    },
    install,
    async close() {
      await program.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
