import { defined } from '@notarykit/common/internal';
import {
  algorithmOf,
  askSigner,
  type BlobContent,
  blobSignatureFileName,
  checkedSigner,
  decodeEnvelope,
  describeBlob,
  type EnvelopeFormat,
  type EnvelopeInspection,
  inspectEnvelope,
  type SignEnvelopeOptions,
  type SignedEnvelope,
  type Signer,
  signEnvelope,
} from '@notarykit/signature-envelope/internal';
import {
  type SkippedBlob,
  type TrustedBlob,
  type VerifyBlobOptions,
  verifyBlobSignature,
} from '@notarykit/trust-policy/internal';
import { checkArgument } from './argument.js';
import { callOptions } from './reference.js';

/** Options of {@link signBlob}. */
export interface SignBlobOptions extends Omit<SignEnvelopeOptions, 'signer'> {
  readonly signer: Signer;
  /** Media type of the content. Default `application/octet-stream`. */
  readonly contentMediaType?: string;
}

/** A detached signature of a blob. */
export interface SignedBlob extends SignedEnvelope {
  /** The name that goes with a file: `release.tgz` gives `release.tgz.jws.sig`. */
  fileName(contentName: string): string;
}

/**
 * Signs content of any kind without a registry. The content is read once; its digest is made with the hash of the key.
 *
 * @throws {SignerError} what the signer rejects with
 *
 * @example
 * ```ts
 * const { envelope, fileName } = await signBlob(bytes, { signer });
 * await writeFile(fileName('release.tgz'), envelope);
 * ```
 */
export async function signBlob(content: BlobContent, options: SignBlobOptions): Promise<SignedBlob> {
  const call = callOptions(options);
  const signer = checkedSigner(options.signer, options);
  const { keySpec } = await askSigner(async () => await signer.describe(call), call.signal);
  const { contentMediaType, ...signing } = options;
  const target = await describeBlob(content, {
    ...call,
    digestAlgorithm: algorithmOf(keySpec).hash,
    ...defined({ mediaType: contentMediaType }),
  });
  const format: EnvelopeFormat = options.format ?? 'jws';
  return { ...(await signEnvelope(target, signing)), fileName: (name) => blobSignatureFileName(name, format) };
}

/**
 * Verifies the detached signature of a blob under a blob trust policy. The content is read once, and only when everything else
 * holds.
 *
 * @throws {TrustError} `ERR_TRUST_NO_STATEMENT`, `ERR_TRUST_NOT_VERIFIED` (with the report)
 */
export async function verifyBlob(
  content: BlobContent,
  signature: Uint8Array,
  options: VerifyBlobOptions,
): Promise<TrustedBlob | SkippedBlob> {
  checkArgument('options', options);
  return verifyBlobSignature(content, signature, options);
}

/**
 * What the detached signature of a blob says, equal in content to `notation blob inspect --output json`. Nothing is verified: these
 * are claims, to be shown and not decided by.
 *
 * @throws {EnvelopeError} `ERR_ENVELOPE_MALFORMED`, `ERR_ENVELOPE_LIMIT`
 * @throws {CodecError} `ERR_CODEC_JSON`, `ERR_CODEC_BASE64`, `ERR_CODEC_CBOR`
 *
 * @example
 * ```ts
 * const { signedArtifact, certificates } = await inspectBlob(await readFile('release.tgz.jws.sig'), { mediaType: 'application/jose+json' });
 * ```
 */
export async function inspectBlob(
  signature: Uint8Array,
  { mediaType }: { /** Of the envelope: `application/jose+json` or `application/cose`. */ readonly mediaType: string },
): Promise<EnvelopeInspection> {
  return inspectEnvelope(decodeEnvelope(signature, mediaType));
}
