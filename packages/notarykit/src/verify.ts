import { type Descriptor, fetchManifest, mediaTypes, type Repository } from '@notarykit/oci';
import {
  type SkippedArtifact,
  type TrustedArtifact,
  type VerifyArtifactOptions,
  verifyArtifactSignatures,
} from '@notarykit/trust-policy';
import { type ArtifactReference, callOptions, resolveArtifact } from './reference.js';

/** What to trust: policy, trust store, and how revocation is found out. The same for every verb. */
export type Trust = Omit<VerifyArtifactOptions, 'signal' | 'metadata' | 'scope' | 'maxSignatures'>;

/** Options of {@link verify}. */
export interface VerifyOptions extends VerifyArtifactOptions {
  /** Of an image index: the index (the default), the manifests in it, or both must be trusted. */
  readonly platforms?: 'index' | 'children' | 'both';
}

/** A trusted artifact: use it by `digest`, never by its tag again. */
export interface Verified extends TrustedArtifact {
  readonly digest: Descriptor['digest'];
  /** Verdicts on the manifests of an index, when `platforms` asks for them. */
  readonly manifests: readonly TrustedArtifact[];
}

/** The policy says to look away: the artifact is neither trusted nor refused. */
export interface Skipped extends SkippedArtifact {
  readonly digest: Descriptor['digest'];
}

/**
 * Verifies an artifact under a trust policy. It resolves a tag once, and the verdict is about the digest it gives back.
 * Resolves only for a trusted artifact and for one that the policy skips, which is a verdict of its own.
 *
 * @throws {TrustError} `ERR_TRUST_NO_STATEMENT`, `ERR_TRUST_NO_SIGNATURE`, `ERR_TRUST_TOO_MANY_SIGNATURES`,
 *   `ERR_TRUST_NOT_VERIFIED`, with a report that `explain` puts into words
 *
 * @example
 * ```ts
 * const verdict = await verify(repository, 'v1', { policy, trustStore, revocation });
 * if (verdict.verdict === 'trusted') deploy(verdict.digest);
 * ```
 */
export async function verify(
  repository: Repository,
  reference: ArtifactReference,
  options: VerifyOptions,
): Promise<Verified | Skipped> {
  const { descriptor } = await resolveArtifact(repository, reference, callOptions(options));
  const { platforms = 'index', ...trust } = options;
  const children = platforms === 'index' ? [] : await manifestsOf(repository, descriptor, trust);
  const manifests: TrustedArtifact[] = [];
  for (const child of children) {
    const verdict = await verifyArtifactSignatures(repository, child, trust);
    if (verdict.verdict === 'skipped') return { ...verdict, digest: descriptor.digest };
    manifests.push(verdict);
  }
  const [only] = manifests;
  if (platforms === 'children' && only !== undefined)
    return { ...only, descriptor, digest: descriptor.digest, manifests };
  const verdict = await verifyArtifactSignatures(repository, descriptor, trust);
  const { digest } = descriptor;
  return verdict.verdict === 'skipped' ? { ...verdict, digest } : { ...verdict, digest, manifests };
}

async function manifestsOf(
  repository: Repository,
  artifact: Descriptor,
  options: VerifyArtifactOptions,
): Promise<readonly Descriptor[]> {
  if (artifact.mediaType !== mediaTypes.imageIndex && artifact.mediaType !== mediaTypes.dockerManifestList) return [];
  const { manifest } = await fetchManifest(repository, artifact, callOptions(options));
  return manifest.kind === 'index' ? manifest.manifests : [];
}
