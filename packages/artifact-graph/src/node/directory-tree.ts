import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { quote } from '@notarykit/common/internal';
import { checkMemberName, OciError, type TarEntry } from '@notarykit/oci/internal';

/** A member of a directory with the file its content is in. */
export interface TreeEntry extends TarEntry {
  readonly path: string;
}

/**
 * A directory's files and directories, parents first, in byte order, named under `name`. Only the owner's execute bit of a mode
 * survives, so that who packed it and where makes no difference.
 *
 * @throws {OciError} `ERR_OCI_PATH` for links, devices and names that cannot be read back
 */
export async function* readTree(path: string, name: string): AsyncGenerator<TreeEntry, void, void> {
  checkMemberName(name);
  const stat = await lstat(path);
  if (stat.isDirectory()) {
    yield { name, path, type: 'directory', mode: 0o755, size: 0 };
    const children = (await readdir(path)).sort(byBytes);
    for (const child of children) yield* readTree(join(path, child), `${name}/${child}`);
  } else if (stat.isFile())
    yield { name, path, type: 'file', mode: (stat.mode & 0o100) === 0 ? 0o644 : 0o755, size: stat.size };
  else throw new OciError('ERR_OCI_PATH', `${quote(path)} is a link or device; pack files and directories only`);
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
