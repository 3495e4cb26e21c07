import { mkdir, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { JsonObject, JsonValue } from '@notarykit/common/internal';
import { withFileLock, writeWhole } from '@notarykit/common/internal/node';
import type { Credential } from '../../credential.js';
import { RegistryError } from '../../errors.js';
import { isMissing, readSmallFile } from '../small-file.js';
import { spellingOf, type Unusable } from './config-entry.js';
import { keysOf, serverNameOf } from './config-keys.js';
import { objectOf, parseConfigFile, parseDockerConfig, unusable } from './docker-config.js';

/** A docker file for changes; everything else in it stays as it is. */
export interface ConfigEditor {
  /** Whether it names a helper, or has an account. */
  readonly isConfigured: boolean;
  /** The helper that keeps the account of a registry. */
  helperOf(registry: string): string | undefined;
  /** The account in the file itself. */
  entry(registry: string): Credential | undefined;
  useStore(helper: string): void;
  put(registry: string, entry: JsonObject): void;
  /** Removes every entry of the registry; podman's entries for namespaces stay. */
  remove(registry: string): boolean;
  /** The new text of the file, if it changed. */
  changed(): string | undefined;
}

/** Reads a file for changes; one that is not there is empty. */
export async function readConfigEditor(path: string): Promise<ConfigEditor> {
  const bytes = (await readSmallFile(path, 'ERR_REGISTRY_UNAUTHORIZED')) ?? new Uint8Array();
  const fail: Unusable = (why, cause) => unusable(path, why, cause);
  const document: Record<string, JsonValue | undefined> = { ...parseConfigFile(bytes, path) };
  const { find, entry } = parseDockerConfig(bytes, path);
  const authsName = spellingOf(document, 'auths', fail) ?? 'auths';
  const storeName = spellingOf(document, 'credsStore', fail) ?? 'credsStore';
  const auths: Record<string, JsonValue | undefined> = { ...objectOf(document, 'auths', fail) };
  const now = (): string => textOf({ ...document, [authsName]: auths });
  const before = now();
  return {
    isConfigured:
      Object.keys(auths).length > 0 ||
      Object.keys(objectOf(document, 'credHelpers', fail)).length > 0 ||
      (document[storeName] ?? '') !== '',
    helperOf(registry) {
      const answer = find(registry);
      return answer.kind === 'helper' ? answer.suffix : undefined;
    },
    entry,
    useStore(helper) {
      document[storeName] = helper;
    },
    put(registry, value) {
      auths[serverNameOf(registry)] = value;
    },
    remove(registry) {
      const keys = ownKeys(auths, registry);
      for (const key of keys) delete auths[key];
      return keys.length > 0;
    },
    changed: () => (now() === before ? undefined : now()),
  };
}

/** The form in which docker writes it. */
const textOf = (document: JsonObject): string => `${JSON.stringify(document, undefined, '\t')}\n`;

function ownKeys(auths: JsonObject, registry: string): readonly string[] {
  const others = Object.fromEntries(Object.entries(auths).filter(([key]) => key !== serverNameOf(registry)));
  const keys = [auths, others].flatMap((each) => keysOf(each, registry, 'docker'));
  return [...new Set(keys)].filter((key) => key.includes('://') || !key.includes('/'));
}

/** Changes a file, or creates it. Calls for one file wait for each other, in other processes too. */
export async function editConfig<T>(path: string, work: (config: ConfigEditor) => Promise<T>): Promise<T> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    // The file may be a link into a folder of settings: the link is kept.
    const target = await realpath(path).catch((error: unknown) => {
      if (isMissing(error)) return path;
      throw error;
    });
    return await withFileLock(`${target}.lock`, async (lock) => {
      const config = await readConfigEditor(target);
      const result = await work(config);
      const text = config.changed();
      if (text === undefined) return result;
      await lock.check();
      await writeWhole(target, text, { replace: true, mode: await modeOf(target) });
      return result;
    });
  } catch (cause) {
    if (!('syscall' in (cause as object))) throw cause;
    const why = (cause as NodeJS.ErrnoException).code ?? 'unknown failure';
    throw new RegistryError('ERR_REGISTRY_CONFIGURATION', `cannot write ${path}: ${why}`, { cause });
  }
}

/** As docker does: the permissions of an existing file stay. */
async function modeOf(path: string): Promise<number> {
  return await stat(path).then(
    ({ mode }) => mode & 0o777,
    () => 0o600,
  );
}
