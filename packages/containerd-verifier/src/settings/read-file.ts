import { quote } from '@notarykit/common/internal';
import { readSmall } from '@notarykit/common/internal/node';
import { VerifierError } from '../errors.js';

const maxBytes = 1024 * 1024;

/**
 * The bytes of a file of at most 1 MiB, `undefined` where there is none.
 *
 * @throws {VerifierError} `ERR_VERIFIER_SETTINGS` for one that cannot be read
 */
export async function readSettingsFile(path: string): Promise<Uint8Array | undefined> {
  try {
    // Not through a link: the file that it leads to was not checked.
    const bytes = await readSmall(path, { maxBytes, followLinks: false });
    if (bytes !== undefined) return bytes;
  } catch (cause) {
    const { code = 'unknown failure' } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    const why = code === 'ELOOP' ? 'it is a link, and may lead to a file that others can write' : code;
    throw new VerifierError('ERR_VERIFIER_SETTINGS', `${quote(path)} cannot be read: ${why}`, { cause });
  }
  throw new VerifierError('ERR_VERIFIER_SETTINGS', `${quote(path)}: expected a file of at most ${maxBytes} bytes`);
}
