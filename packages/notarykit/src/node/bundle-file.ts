import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { type CallOptions, iterate, quote } from '@notarykit/common/internal';
import type { Bundle } from '../bundle/seal.js';
import { type VerifiedBundle, type VerifyBundleOptions, verifyBundle } from '../bundle/verify.js';
import { fileError } from './file-error.js';

/**
 * Writes a bundle to a file: whole, or not at all. A file that is there is replaced.
 *
 * @throws {NotaryKitError} `ERR_NOTARYKIT_FILE`; errors of the repositories that layers are read from
 *
 * @example
 * ```ts
 * await writeBundle('net-monitor.bundle.tar', await createBundle({ repository, reference: 'v1' }, { policy, trustStore, revocation }));
 * ```
 */
export async function writeBundle(path: string, bundle: Bundle, { signal }: CallOptions = {}): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o644);
    try {
      for await (const chunk of iterate(bundle.stream(), signal)) await file.appendFile(chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw fileError(`cannot write ${quote(path)}`, error);
  }
}

/**
 * Verifies a bundle in a file, as `verifyBundle` does. For one with more content than should be taken into memory, give `verifyBundle`
 * what `openLayoutTar` opens.
 *
 * @throws {NotaryKitError} `ERR_NOTARYKIT_FILE`, and as `verifyBundle`
 */
export async function verifyBundleFile(path: string, options: VerifyBundleOptions): Promise<VerifiedBundle> {
  try {
    return await verifyBundle(Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>, options);
  } catch (error) {
    throw fileError(`cannot read ${quote(path)}`, error);
  }
}
