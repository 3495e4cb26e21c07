import { type CallOptions, describeKind, iterate } from '@notarykit/common/internal';
import { createDigester, type DigestAlgorithm, parseDigest } from '@notarykit/oci/internal';
import type { EnvelopeFormat, TargetArtifact, VerifiedEnvelope } from './envelope.js';
import { EnvelopeError } from './errors.js';
import { unexpected } from './failures.js';

/** Content of any kind that is signed without a registry: bytes, or a stream that is read once. */
export type BlobContent = Uint8Array | ReadableStream<Uint8Array>;

/** Options of {@link describeBlob}. */
export interface DescribeBlobOptions extends CallOptions {
  /** The hash of the signing key's algorithm: `algorithmOf(keySpec).hash`. */
  readonly digestAlgorithm: DigestAlgorithm;
  /** A MIME type, parameters allowed; a single word without a slash is one for notation, and so it is here. Default `application/octet-stream`. */
  readonly mediaType?: string;
}

const mimePattern =
  /^[\w!#$&^.+-]{1,127}(?:\/[\w!#$&^.+-]{1,127})?(?:[ \t]*;[ \t]*[\w!#$&^.+-]{1,127}=(?:[\w!#$&^.+-]{1,127}|"[^"\\\u0000-\u001f]{0,127}"))*$/;

/**
 * The target artifact of a blob (signature-specification.md, "Payload"): its digest is made with the hash of the key's algorithm.
 *
 * @throws {EnvelopeError} `ERR_ENVELOPE_MALFORMED` for an invalid media type
 */
export async function describeBlob(content: BlobContent, options: DescribeBlobOptions): Promise<TargetArtifact> {
  const { mediaType = 'application/octet-stream', digestAlgorithm } = options;
  if (!mimePattern.test(mediaType)) throw unexpected('media type', 'a MIME type such as "text/plain"', mediaType);
  return { mediaType, ...(await measure(content, digestAlgorithm, options.signal)) };
}

/** Options of {@link checkBlob}. */
export interface CheckBlobOptions extends CallOptions {
  /** When given, the signed media type must be this one. */
  readonly mediaType?: string;
}

/**
 * Checks that a blob is the one that was signed: digest, made with the hash of the signature's algorithm, and size.
 *
 * @throws {EnvelopeError} `ERR_ENVELOPE_INTEGRITY`
 */
export async function checkBlob(
  envelope: VerifiedEnvelope,
  content: BlobContent,
  options: CheckBlobOptions = {},
): Promise<void> {
  const { digest, size, mediaType } = envelope.targetArtifact;
  const { hash } = envelope.algorithm;
  if (parseDigest(digest).algorithm !== hash) throw mismatch(`digest by ${hash}`, digest);
  const found = await measure(content, hash, options.signal);
  if (found.digest !== digest) throw mismatch(digest, found.digest);
  if (found.size !== size) throw mismatch(`${size} bytes`, `${found.size} bytes`);
  if (options.mediaType !== undefined && options.mediaType !== mediaType)
    throw unexpected('media type of the blob', `"${options.mediaType}"`, mediaType, 'ERR_ENVELOPE_INTEGRITY');
}

function mismatch(expected: string, found: string): EnvelopeError {
  return unexpected('blob', expected, found, 'ERR_ENVELOPE_INTEGRITY');
}

async function measure(
  content: BlobContent,
  algorithm: DigestAlgorithm,
  signal: AbortSignal | undefined,
): Promise<Pick<TargetArtifact, 'digest' | 'size'>> {
  const digester = createDigester(algorithm);
  let size = 0;
  for await (const chunk of chunksOf(content, signal)) {
    digester.update(chunk);
    size += chunk.length;
  }
  return { digest: digester.digest(), size };
}

function chunksOf(content: BlobContent, signal: AbortSignal | undefined): AsyncIterable<Uint8Array> | [Uint8Array] {
  if (content instanceof Uint8Array) return [content];
  if (typeof (content as Partial<ReadableStream> | undefined)?.getReader === 'function')
    return iterate(content, signal);
  const message = `content: expected bytes (Uint8Array) or a stream of them, found ${describeKind(content)}`;
  throw new EnvelopeError('ERR_ENVELOPE_MALFORMED', message);
}

/** Name of the file that holds the signature of a blob: `<file>.jws.sig` or `<file>.cose.sig`. */
export function blobSignatureFileName(fileName: string, format: EnvelopeFormat): string {
  return `${fileName}.${format}.sig`;
}

/** The format that a signature file's name tells, without regard to case; `undefined` when it tells none. */
export function formatOfSignatureFile(fileName: string): EnvelopeFormat | undefined {
  const format = /[^.]\.(jws|cose)\.sig$/i.exec(fileName)?.[1]?.toLowerCase();
  return format as EnvelopeFormat | undefined;
}
