import { basename } from 'node:path';
import { CodedError } from '@notarykit/common/internal';

/** The code of {@link PluginSourceError}. */
export type PluginSourceErrorCode = 'ERR_PLUGIN_SOURCE';

/** What a plugin is installed from is not what it must be. */
export class PluginSourceError extends CodedError<PluginSourceErrorCode> {
  constructor(message: string, options: ErrorOptions = {}) {
    super('ERR_PLUGIN_SOURCE', message, options);
  }
}

/** A file of a plugin. */
export interface PluginFile {
  /** Its name, without a folder. */
  readonly name: string;
  /** Permissions of Unix; 0 where the archive has none. */
  readonly mode: number;
  readonly content: Uint8Array;
}

/** Most bytes of a download, and of all files of a plugin, as for notation: 256 MiB. */
export const maxPluginBytes: number = 256 * 1024 * 1024;

/** Most members of an archive. */
export const maxPluginMembers = 1000;

/** Gathers the files of an archive; folders are left out, as by notation: a plugin is one folder. */
export class PluginFiles {
  readonly #files = new Map<string, PluginFile>();
  #left: number = maxPluginBytes;

  /** Whether so many bytes more are too many, by what the archive says; called before they are read. */
  reserve(size: number): void {
    this.#left -= size;
    if (this.#left < 0)
      throw new PluginSourceError(`expected files of at most ${maxPluginBytes} bytes in all, found more`);
  }

  /** @throws {PluginSourceError} for two files of one name */
  add(path: string, mode: number, content: Uint8Array): void {
    const name = basename(path);
    if (this.#files.has(name)) throw new PluginSourceError(`the archive has two files called "${name}"`);
    this.#files.set(name, { name, mode, content });
  }

  get all(): readonly PluginFile[] {
    return [...this.#files.values()];
  }
}
