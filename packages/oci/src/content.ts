import { type Bytes, type CallOptions, iterate, LimitError, readBytes, streamOf } from '@notarykit/common/internal';
import type { Descriptor } from './descriptor.js';
import { createDigester, parseDigest } from './digest.js';
import { OciError } from './errors.js';
import { type Manifest, maxManifestSize, parseManifest } from './manifest.js';
import type { ContentReader, ContentSource } from './repository.js';

/** Options of {@link fetchBytes}. */
export interface FetchBytesOptions extends CallOptions {
  /** Most bytes that are read. Default 4 MiB. */
  readonly maxBytes?: number;
}

/**
 * The content of a descriptor as bytes, checked.
 *
 * @throws {OciError} `ERR_OCI_TOO_LARGE`, `ERR_OCI_NOT_FOUND`, `ERR_OCI_DIGEST_MISMATCH`, `ERR_OCI_SIZE_MISMATCH`
 */
export async function fetchBytes(
  reader: ContentReader,
  descriptor: Descriptor,
  options: FetchBytesOptions = {},
): Promise<Bytes> {
  const { maxBytes = maxManifestSize, ...call } = options;
  if (descriptor.size > maxBytes) throw tooLarge(descriptor, maxBytes);
  const stream = verifyStream(await reader.fetch(descriptor, call), descriptor);
  try {
    return await readBytes(stream, { limit: maxBytes, ...call });
  } catch (cause) {
    throw cause instanceof LimitError ? tooLarge(descriptor, maxBytes, cause) : cause;
  }
}

function tooLarge(descriptor: Descriptor, limit: number, cause?: unknown): OciError {
  return new OciError(
    'ERR_OCI_TOO_LARGE',
    `${descriptor.digest}: expected at most ${limit} bytes, found ${descriptor.size}`,
    { cause },
  );
}

/** A manifest together with the bytes that were hashed. */
export interface FetchedManifest {
  readonly descriptor: Descriptor;
  readonly bytes: Bytes;
  readonly manifest: Manifest;
}

/**
 * Fetches, checks and parses a manifest. Its bytes are checked against size and digest before they are parsed.
 *
 * @throws {OciError} `ERR_OCI_TOO_LARGE`, `ERR_OCI_SIZE_MISMATCH`, `ERR_OCI_DIGEST_MISMATCH`, `ERR_OCI_INVALID`; errors of the
 * reader pass through
 */
export async function fetchManifest(
  reader: ContentReader,
  descriptor: Descriptor,
  options: CallOptions = {},
): Promise<FetchedManifest> {
  const bytes = await fetchBytes(reader, descriptor, options);
  return { descriptor, bytes, manifest: parseManifest(bytes, descriptor.mediaType) };
}

/** Streams that check themselves, and what against: hashing content again at each hand it passes through would cost the most. */
const verified = new WeakMap<ReadableStream<Uint8Array>, Descriptor>();

/** Says of a stream that it ends without an error only if its content is that of the descriptor; for code that makes such streams. */
export function asVerified(stream: ReadableStream<Uint8Array>, descriptor: Descriptor): ReadableStream<Uint8Array> {
  verified.set(stream, descriptor);
  return stream;
}

/** Whether a stream checks size and digest of this descriptor itself. */
export function isVerified(stream: ReadableStream<Uint8Array>, { digest, size }: Descriptor): boolean {
  const against = verified.get(stream);
  return against !== undefined && against.digest === digest && against.size === size;
}

/**
 * Passes a stream on while its size and digest are checked; the error comes before the stream ends. A stream that does so itself
 * is given back as it is.
 */
export function verifyStream(stream: ReadableStream<Uint8Array>, descriptor: Descriptor): ReadableStream<Uint8Array> {
  return isVerified(stream, descriptor) ? stream : asVerified(checking(stream, descriptor), descriptor);
}

function checking(stream: ReadableStream<Uint8Array>, descriptor: Descriptor): ReadableStream<Uint8Array> {
  const digester = createDigester(parseDigest(descriptor.digest).algorithm);
  const chunks = iterate(stream);
  let length = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) {
        checkEnd(descriptor, length, digester.digest());
        controller.close();
        return;
      }
      length += value.length;
      if (length > descriptor.size) {
        await chunks.return();
        throw sizeMismatch(descriptor, `more than ${descriptor.size}`);
      }
      digester.update(value);
      controller.enqueue(value);
    },
    async cancel() {
      await chunks.return();
    },
  });
}

function checkEnd(descriptor: Descriptor, length: number, digest: string): void {
  if (length !== descriptor.size) throw sizeMismatch(descriptor, String(length));
  if (digest !== descriptor.digest) {
    throw new OciError('ERR_OCI_DIGEST_MISMATCH', `expected content with digest ${descriptor.digest}, found ${digest}`);
  }
}

function sizeMismatch(descriptor: Descriptor, found: string): OciError {
  return new OciError(
    'ERR_OCI_SIZE_MISMATCH',
    `${descriptor.digest}: expected ${descriptor.size} bytes, found ${found}`,
  );
}

/** Checks bytes against their descriptor. */
export function checkContent(descriptor: Descriptor, bytes: Uint8Array): void {
  const digester = createDigester(parseDigest(descriptor.digest).algorithm);
  digester.update(bytes);
  checkEnd(descriptor, bytes.length, digester.digest());
}

/** A fresh stream of a content source. */
export function openSource(source: ContentSource): ReadableStream<Uint8Array> {
  return typeof source === 'function' ? source() : streamOf(source);
}
