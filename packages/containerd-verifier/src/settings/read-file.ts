import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { quote } from '@notarykit/common';
import { VerifierError } from '../errors.js';

const maxBytes = 1024 * 1024;

/**
 * The bytes of a file of at most 1 MiB, `undefined` where there is none.
 *
 * @throws {VerifierError} `ERR_VERIFIER_SETTINGS` for one that cannot be read
 */
export async function readSettingsFile(path: string): Promise<Uint8Array | undefined> {
  try {
    // Not through a link: what it leads to was not looked at. O_NONBLOCK: opening a FIFO must not wait for a writer.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    try {
      const info = await file.stat();
      if (info.isFile() && info.size <= maxBytes) return new Uint8Array(await file.readFile());
    } finally {
      await file.close();
    }
  } catch (cause) {
    const { code = 'unknown failure' } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    const why = code === 'ELOOP' ? 'it is a link, and may lead to a file that others can write' : code;
    throw new VerifierError('ERR_VERIFIER_SETTINGS', `${quote(path)} cannot be read: ${why}`, { cause });
  }
  throw new VerifierError('ERR_VERIFIER_SETTINGS', `${quote(path)}: expected a file of at most ${maxBytes} bytes`);
}
