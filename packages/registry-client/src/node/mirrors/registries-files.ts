import { readdir } from 'node:fs/promises';
import { devNull, homedir } from 'node:os';
import { join } from 'node:path';
import { isMissing, readSmallText, unreadable } from '../small-file.js';
import { misconfigured } from './toml-table.js';

/** Where the files of {@link registriesConf} are. */
export interface RegistriesConfOptions {
  /** The main file, in place of the usual ones; it must be there. */
  readonly file?: string;
  /** The folder of drop-in files, in place of the usual ones. */
  readonly directory?: string;
  /** The environment that is read. Default: that of this process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Folder in which `/etc` and `/usr` are looked for, for the file system of another machine. Default: this machine's root. */
  readonly root?: string;
}

/** A file of the configuration. */
export interface ConfigurationFile {
  readonly path: string;
  readonly text: string;
}

const code = 'ERR_REGISTRY_CONFIGURATION';
const maxDropIns = 1_000;

interface Places {
  readonly main: readonly string[];
  readonly mainMustExist: boolean;
  /** Of several folders with a file of one name, the first counts. */
  readonly dropIns: readonly string[];
  readonly last: string | undefined;
}

/** The files in the order in which they are read: what comes later replaces what came before. */
export async function registriesFiles(options: RegistriesConfOptions): Promise<readonly ConfigurationFile[]> {
  const { main, mainMustExist, dropIns, last } = placesOf(options);
  const files = [await firstOf(main, mainMustExist)];
  for (const path of await dropInFiles(dropIns)) files.push(await fileAt(path));
  if (last !== undefined) files.push(await firstOf([last], true));
  return files.filter((file) => file !== undefined);
}

function placesOf({ file, directory, env = process.env, root = '' }: RegistriesConfOptions): Places {
  const named = env['CONTAINERS_REGISTRIES_CONF'] || undefined;
  // An empty variable counts as unset (XDG Base Directory Specification): no path is relative to the working folder.
  const mains = [
    join(env['XDG_CONFIG_HOME'] || join(env['HOME'] ?? homedir(), '.config'), 'containers/registries.conf'),
    join(root, '/etc/containers/registries.conf'),
    join(root, '/usr/share/containers/registries.conf'),
  ] as const;
  const single = file ?? named;
  const usual = directory === undefined ? dropInFolders(mains) : [directory];
  return {
    main: single === undefined ? mains : [single],
    mainMustExist: single !== undefined,
    // With a file that the environment names, drop-in files are not read.
    dropIns: file === undefined && named !== undefined ? [] : usual,
    last: directory === undefined ? env['CONTAINERS_REGISTRIES_CONF_OVERRIDE'] || undefined : undefined,
  };
}

function dropInFolders([user, ...system]: readonly [string, ...string[]]): readonly string[] {
  return [`${user}.d`, ...system.flatMap((path) => [...folderOfUser(path), `${path}.d`])];
}

/** Folders that are read only for root, or only for other users. */
function folderOfUser(path: string): readonly string[] {
  const uid = process.getuid?.();
  if (uid === undefined) return [];
  const folder = path.replace(/\.conf$/, uid === 0 ? '.rootful.conf.d' : '.rootless.conf.d');
  return uid === 0 ? [folder] : [join(folder, String(uid)), folder];
}

async function firstOf(paths: readonly string[], mustExist: boolean): Promise<ConfigurationFile | undefined> {
  for (const path of paths) {
    const file = await fileAt(path);
    if (file !== undefined) return file;
    if (mustExist) throw misconfigured(path, 'there is no such file');
  }
  return undefined;
}

async function fileAt(path: string): Promise<ConfigurationFile | undefined> {
  // The usual way to give a program an empty configuration.
  if (path === devNull) return { path, text: '' };
  const text = await readSmallText(path, code);
  return text === undefined ? undefined : { path, text };
}

/** Each name once, in byte order. */
async function dropInFiles(folders: readonly string[]): Promise<readonly string[]> {
  const found = new Map<string, string>();
  for (const folder of [...folders].reverse())
    for (const name of await confFiles(folder)) found.set(name, join(folder, name));
  if (found.size > maxDropIns) throw misconfigured(folders.join(', '), `more than ${maxDropIns} files`);
  return [...found.keys()].sort().map((name) => found.get(name) as string);
}

async function confFiles(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory() && entry.name.endsWith('.conf')).map(({ name }) => name);
  } catch (cause) {
    if (isMissing(cause)) return [];
    throw unreadable(folder, code, cause);
  }
}
