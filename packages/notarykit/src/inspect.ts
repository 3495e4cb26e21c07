import { type GraphView, openGraph, type Referrer } from '@notarykit/artifact-graph/internal';
import { type CallOptions, isCodedError } from '@notarykit/common/internal';
import type { Repository } from '@notarykit/oci/internal';
import {
  decodeEnvelope,
  type EnvelopeInspection,
  inspectEnvelope,
  parseSignatureManifest,
  signatureArtifactType,
} from '@notarykit/signature-envelope/internal';
import { type ArtifactReference, callOptions } from './reference.js';

/**
 * One signature as `notation inspect --output json` shows it, or why it is not a signature or cannot be read; `digest` is empty where
 * not even its entry in the list can be read.
 */
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
  /** Told of each signature when it is read; what it throws ends the work. */
  readonly onProgress?: (progress: InspectProgress) => void;
}

/** How far an inspection is: how many signatures there are is known at its end. */
export interface InspectProgress {
  readonly done: number;
  /** The signature that was read last. */
  readonly signature: InspectedSignature;
}

/**
 * What the signatures of an artifact say, equal in content to `notation inspect --output json`. Nothing is verified: these are
 * claims, to be shown and not decided by. A signature that cannot be read says why in its place.
 *
 * @throws {OciError} `ERR_OCI_NOT_FOUND`, `ERR_OCI_DIGEST_MISMATCH`
 * @throws {GraphError} `ERR_GRAPH_REFERENCE`
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
  const view = openGraph(repository);
  const { descriptor } = await view.resolve(reference, call);
  const signatures: InspectedSignature[] = [];
  if (maxSignatures > 0)
    for await (const referrer of view.referrers(descriptor, { ...call, artifactTypes: [signatureArtifactType] })) {
      const signature = await inspectOne(view, referrer, call);
      signatures.push(signature);
      options.onProgress?.({ done: signatures.length, signature });
      if (signatures.length >= maxSignatures) break;
    }
  return { mediaType: descriptor.mediaType, signatures };
}

async function inspectOne(view: GraphView, referrer: Referrer, call: CallOptions): Promise<InspectedSignature> {
  const digest = referrer.descriptor?.digest ?? '';
  try {
    if (referrer.kind === 'setAside') throw referrer.cause;
    const { fetched, descriptor } = referrer;
    const { envelope } = parseSignatureManifest(fetched.bytes, descriptor.mediaType);
    const bytes = await view.bytes(envelope, call);
    return { digest, ...(await inspectEnvelope(decodeEnvelope(bytes, envelope.mediaType))) };
  } catch (error) {
    call.signal?.throwIfAborted();
    if (!isCodedError(error)) throw error;
    return { digest, error: { code: error.code, message: error.message } };
  }
}
