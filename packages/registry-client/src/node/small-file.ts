import { decodeUtf8 } from '@notarykit/common/internal';
import { readSmall } from '@notarykit/common/internal/node';
import { RegistryError, type RegistryErrorCode } from '../errors.js';

const maxBytes = 1024 * 1024;

/**
 * The bytes of a file of at most 1 MiB, `undefined` where there is none.
 *
 * @throws {RegistryError} of the given code
 */
export async function readSmallFile(path: string, code: RegistryErrorCode): Promise<Uint8Array | undefined> {
  try {
    const bytes = await readSmall(path, { maxBytes, followLinks: true });
    if (bytes !== undefined) return bytes;
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw unreadable(path, code, cause);
  }
  throw new RegistryError(code, `cannot use ${path}: expected a file of at most ${maxBytes} bytes`);
}

/** The text of a file, as {@link readSmallFile} reads it. */
export async function readSmallText(path: string, code: RegistryErrorCode): Promise<string | undefined> {
  const bytes = await readSmallFile(path, code);
  try {
    return bytes === undefined ? undefined : decodeUtf8(bytes);
  } catch (cause) {
    throw new RegistryError(code, `cannot use ${path}: it is not UTF-8`, { cause });
  }
}

/** Whether a file or folder does not exist. */
export function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}

/** The error of a file or folder that exists and cannot be read. */
export function unreadable(path: string, code: RegistryErrorCode, cause: unknown): RegistryError {
  return new RegistryError(code, `cannot read ${path}: ${(cause as NodeJS.ErrnoException).code ?? 'unknown failure'}`, {
    cause,
  });
}
