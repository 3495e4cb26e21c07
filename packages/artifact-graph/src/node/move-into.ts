import { lstat, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { quote } from '@notarykit/common/internal';
import { OciError } from '@notarykit/oci/internal';

/**
 * Moves a file or a directory to its place. Without `overwrite` the place must be free. With it, files replace files, and the files
 * of a directory go into the directory that is there: what else is in it stays. A directory is never removed.
 *
 * @throws {OciError} `ERR_OCI_PATH`; nothing has been moved then
 */
export async function moveInto(from: string, to: string, overwrite: boolean): Promise<void> {
  const moves: Move[] = [];
  await plan({ from, to }, overwrite, moves);
  for (const move of moves) await carryOut(move);
}

interface Move {
  readonly from: string;
  readonly to: string;
  /** A file is in the way of a directory: `rename` does not replace it. */
  readonly clear?: boolean;
}

async function plan({ from, to }: Move, overwrite: boolean, moves: Move[]): Promise<void> {
  const there = await lstat(to).catch(unlessMissing);
  const directory = (await lstat(from)).isDirectory();
  if (there === undefined) moves.push({ from, to });
  else if (!overwrite) throw occupied(to, 'is there already; name another directory or allow overwriting');
  else if (!there.isDirectory()) moves.push({ from, to, clear: directory });
  else if (!directory)
    throw occupied(to, 'is a directory, which a file never replaces; move it away or name another directory');
  else
    for (const name of await readdir(from))
      await plan({ from: join(from, name), to: join(to, name) }, overwrite, moves);
}

async function carryOut({ from, to, clear }: Move): Promise<void> {
  if (clear === true) await rm(to);
  await rename(from, to);
}

function occupied(path: string, why: string): OciError {
  return new OciError('ERR_OCI_PATH', `${quote(path)} ${why}`);
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
