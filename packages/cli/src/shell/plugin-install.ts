import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { defined, isFileName } from '@notarykit/common/internal';
import {
  openPlugin,
  type PluginMetadata,
  syncFolder,
  temporaryName,
  writeWhole,
} from '@notarykit/common/internal/node';
import { isAtLeastVersion, isVersion } from '@notarykit/trust-policy/internal';
import { notationConfiguration } from '@notarykit/trust-policy/node';
import { isThere } from './files.js';
import { type PluginFile, PluginSourceError } from './plugin-files.js';

/** What was installed, and the version that was there before. */
export interface Installed {
  readonly plugin: PluginMetadata;
  readonly before?: string;
}

/**
 * Installs the files of a plugin: they are written beside the other plugins, the plugin is asked there who it is, and only then it takes
 * its place, whole. An older version, or the same one, replaces nothing without `force`.
 */
export async function installPlugin(files: readonly PluginFile[], force: boolean): Promise<Installed> {
  const { name, program } = pluginOf(files);
  const { plugins } = notationConfiguration().paths;
  const target = join(plugins, name);
  await mkdir(plugins, { recursive: true, mode: 0o755 });
  const staging = temporaryName(target, 'staging');
  try {
    await mkdir(staging, { mode: 0o755 });
    for (const file of files)
      await writeWhole(join(staging, file.name), file.content, { replace: false, mode: modeOf(file, program) });
    const plugin = await openPlugin({ path: join(staging, program) }).metadata();
    const before = await versionOf(name, target, force);
    if (!force) checkNewer(plugin, before);
    await replaceFolder(staging, target);
    return { plugin, ...defined({ before }) };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

const suffix = process.platform === 'win32' ? '.exe' : '';

/** The one program called `notation-{name}`: the one that may be executed, else the only one of such a name. */
function pluginOf(files: readonly PluginFile[]): { readonly name: string; readonly program: string } {
  const named = files.flatMap(({ name: program, mode }) => {
    const name = nameOf(program);
    return name === undefined ? [] : [{ name, program, mode }];
  });
  const executable = named.filter(({ mode }) => (mode & 0o111) !== 0);
  const [found, ...more] = executable.length === 0 ? named : executable;
  if (found === undefined)
    throw new PluginSourceError(
      `expected a program called notation-{name}${suffix}, found none: is it for this system?`,
    );
  if (more.length > 0)
    throw new PluginSourceError(
      `expected one program called notation-{name}${suffix}, found ${[found, ...more].map(({ program }) => program).join(', ')}`,
    );
  return found;
}

function nameOf(file: string): string | undefined {
  if (!file.startsWith('notation-') || !file.endsWith(suffix)) return undefined;
  const name = file.slice('notation-'.length, file.length - suffix.length);
  return isFileName(name) ? name : undefined;
}

/** Only the owner may write to a plugin, and its program can be executed, whatever the archive says. */
function modeOf({ name, mode }: PluginFile, program: string): number {
  const own = mode === 0 ? 0o644 : mode & 0o755;
  return own | (name === program ? 0o700 : 0o600);
}

/** The version of the plugin that is there. One that does not answer stays without `force`: its version is unknown. */
async function versionOf(name: string, folder: string, force: boolean): Promise<string | undefined> {
  if (!(await isThere(folder))) return undefined;
  try {
    return (await openPlugin({ name, directory: join(folder, '..') }).metadata()).version;
  } catch (cause) {
    if (force) return undefined;
    throw new PluginSourceError(`the plugin ${name} that is there does not answer: replace it with --force`, { cause });
  }
}

function checkNewer({ name, version }: PluginMetadata, before: string | undefined): void {
  if (!isVersion(version)) throw new PluginSourceError(`the plugin ${name} has no version such as 1.0.0: "${version}"`);
  if (before === undefined) return;
  if (!isVersion(before))
    throw new PluginSourceError(
      `the plugin ${name} that is there has no version such as 1.0.0: replace it with --force`,
    );
  if (isAtLeastVersion(before, version))
    throw new PluginSourceError(
      `the plugin ${name} is there in version ${before}, which ${version} is not newer than: replace it with --force`,
    );
}

/** The old folder makes room by a rename, and comes back if the new one cannot take its place. */
async function replaceFolder(staging: string, target: string): Promise<void> {
  const aside = temporaryName(target, 'staging');
  const hadOne = await isThere(target);
  if (hadOne) await rename(target, aside);
  try {
    await rename(staging, target);
  } catch (error) {
    if (hadOne) await rename(aside, target);
    throw error;
  }
  await syncFolder(join(target, '..'));
  await rm(aside, { recursive: true, force: true });
}
