import type { CallOptions } from '@notarykit/common';
import { isCodedError } from '@notarykit/common';
import { type Descriptor, fetchBytes, type Repository } from '@notarykit/oci';
import {
  decodeEnvelope,
  type EnvelopeInspection,
  inspectEnvelope,
  parseSignatureManifest,
  signatureArtifactType,
} from '@notarykit/signature-envelope';
import { type ArtifactReference, callOptions, resolveArtifact } from './reference.js';

/** One signature as `notation inspect --output json` shows it, or why it cannot be read. */
export type InspectedSignature =
  | ({ readonly digest: string } & EnvelopeInspection)
  | { readonly digest: string; readonly error: { readonly code: string; readonly message: string } };

/** The signatures of an artifact. */
export interface InspectedArtifact {
  readonly mediaType: string;
  readonly signatures: readonly InspectedSignature[];
}

/** Options of {@link inspect}. */
export interface InspectOptions extends CallOptions {
  /** Most signatures that are read; the rest is left out. Default 100. */
  readonly maxSignatures?: number;
}

/**
 * What the signatures of an artifact say, equal in content to `notation inspect --output json`. Nothing is verified: these are
 * claims, to be shown and not decided by. A signature that cannot be read says why in its place.
 *
 * @throws {OciError} `ERR_OCI_NOT_FOUND`
 *
 * @example
 * ```ts
 * for (const signature of (await inspect(repository, 'v1')).signatures) console.log(signature.digest);
 * ```
 */
export async function inspect(
  repository: Repository,
  reference: ArtifactReference,
  options: InspectOptions = {},
): Promise<InspectedArtifact> {
  const call = callOptions(options);
  const { maxSignatures = 100 } = options;
  const { descriptor } = await resolveArtifact(repository, reference, call);
  const signatures: InspectedSignature[] = [];
  for await (const referrer of repository.referrers(descriptor, { ...call, artifactType: signatureArtifactType })) {
    if (signatures.length >= maxSignatures) break;
    signatures.push(await inspectOne(repository, referrer, call));
  }
  return { mediaType: descriptor.mediaType, signatures };
}

async function inspectOne(
  repository: Repository,
  referrer: Descriptor,
  call: CallOptions,
): Promise<InspectedSignature> {
  const { digest } = referrer;
  try {
    const manifest = parseSignatureManifest(await fetchBytes(repository, referrer, call), referrer.mediaType);
    const bytes = await fetchBytes(repository, manifest.envelope, call);
    return { digest, ...inspectEnvelope(decodeEnvelope(bytes, manifest.envelope.mediaType)) };
  } catch (error) {
    if (!isCodedError(error) || !/^ERR_(OCI|ENVELOPE|CODEC|PKI|LIMIT)_/.test(error.code)) throw error;
    return { digest, error: { code: error.code, message: error.message } };
  }
}
