import { type GraphView, openGraph } from '@notarykit/artifact-graph/internal';
import { defined } from '@notarykit/common/internal';
import { type Descriptor, mediaTypes, type Repository } from '@notarykit/oci/internal';
import {
  buildSignatureManifest,
  type SignatureManifestForm,
  type SignEnvelopeOptions,
  signEnvelope,
} from '@notarykit/signature-envelope/internal';
import { NotaryKitError } from './errors.js';
import { type ArtifactReference, callOptions } from './reference.js';
import { asSigned, runnableIn } from './runnable.js';

/** Which manifests of a multi-platform image are signed. */
export type SignedPlatforms = 'index' | 'children' | 'both';

/** Options of {@link sign}. */
export interface SignOptions extends SignEnvelopeOptions {
  /**
   * Of an image index: the index itself (the default), the manifests in it and in indexes in it that can run, or both: what `verify`
   * asks for with the same value, each once. BuildKit's attestation manifests are evidence: sign the index to vouch for them.
   */
  readonly platforms?: SignedPlatforms;
  /** `legacy` is needed by notation 1.3 inside OCI layouts. Default `artifactType`. */
  readonly manifestForm?: Exclude<SignatureManifestForm, 'artifact'>;
  /** Told of each signature when it is attached. What it throws ends the work; signatures that are attached stay. */
  readonly onProgress?: (progress: SigningProgress) => void;
}

/** How far a signing is: with `platforms` there are several signatures to make. */
export interface SigningProgress {
  readonly done: number;
  readonly total: number;
  /** The signature that was made last. */
  readonly signed: AttachedSignature;
}

/** A signature and what it is about. */
export interface AttachedSignature {
  readonly subject: Descriptor;
  /** The signature manifest. */
  readonly signature: Descriptor;
}

/** What {@link sign} did. */
export interface SignedArtifact extends AttachedSignature {
  /** What the reference was resolved to; signing changes neither its digest nor its tags. */
  readonly artifact: Descriptor;
  /** All signatures that were made, more than one only with `platforms`. */
  readonly signatures: readonly AttachedSignature[];
  /** Present when the reference was a tag: what was signed is the digest, and the tag may have moved since. */
  readonly warning?: string;
}

/**
 * Signs an artifact and attaches the signature to it, by the referrers API or its tag-schema fallback. A tag is resolved once;
 * its digest is signed.
 *
 * @throws {SignerError} what the signer rejects with
 * @throws {OciError} `ERR_OCI_NOT_FOUND`, `ERR_OCI_DIGEST_MISMATCH`
 * @throws {GraphError} `ERR_GRAPH_REFERENCE`, `ERR_GRAPH_LIMIT`
 * @throws {NotaryKitError} `ERR_NOTARYKIT_ARGUMENT`
 *
 * @example
 * ```ts
 * const { artifact, signature } = await sign(repository, 'v1', { signer });
 * console.log(`signed ${artifact.digest} by ${signature.digest}`);
 * ```
 */
export async function sign(
  repository: Repository,
  reference: ArtifactReference,
  options: SignOptions,
): Promise<SignedArtifact> {
  const view = openGraph(repository);
  const { descriptor, tag } = await view.resolve(reference, callOptions(options));
  const subjects = await subjectsOf(view, descriptor, options);
  const signatures: AttachedSignature[] = [];
  for (const subject of subjects) {
    const signed = { subject, signature: await signOne(repository, subject, options) };
    signatures.push(signed);
    options.onProgress?.({ done: signatures.length, total: subjects.length, signed });
  }
  const [first] = signatures;
  if (first === undefined)
    throw new NotaryKitError(
      'ERR_NOTARYKIT_ARGUMENT',
      `${descriptor.digest} is an index without a manifest that can run: there is nothing to sign`,
    );
  const warning =
    tag === undefined ? {} : { warning: `tag ${tag} was resolved to ${descriptor.digest}, and that digest was signed` };
  return { artifact: descriptor, ...first, signatures, ...warning };
}

/** What `verify` asks for with the same `platforms`: the signature of the index vouches for the attestations in it. */
async function subjectsOf(view: GraphView, artifact: Descriptor, options: SignOptions): Promise<readonly Descriptor[]> {
  const { platforms = 'index' } = options;
  if (platforms === 'index') return [artifact];
  const children = await runnableIn(view, artifact, callOptions(options));
  if (children === undefined) return [artifact];
  return [...(platforms === 'both' ? [artifact] : []), ...children.map(asSigned)];
}

/** Blobs first, the manifest last: a failure leaves no signature that cannot be read. */
async function signOne(repository: Repository, subject: Descriptor, options: SignOptions): Promise<Descriptor> {
  const { mediaType, digest, size } = subject;
  if (mediaType === mediaTypes.octetStream)
    throw new NotaryKitError(
      'ERR_NOTARYKIT_ARGUMENT',
      `${digest} is a blob, not a manifest: sign the manifest that names it`,
    );
  const { envelope: _, verified, annotations } = await signEnvelope({ mediaType, digest, size }, options);
  const manifest = buildSignatureManifest(subject, {
    envelope: verified,
    ...defined({ form: options.manifestForm, annotations }),
  });
  const call = callOptions(options);
  for (const { descriptor, bytes } of [manifest.envelope, manifest.config]) {
    if (!(await repository.exists(descriptor, call))) await repository.push(descriptor, bytes, call);
  }
  await repository.push(manifest.descriptor, manifest.bytes, call);
  return manifest.descriptor;
}
