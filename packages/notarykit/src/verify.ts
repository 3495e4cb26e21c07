import { type Artifact, type GraphView, openGraph } from '@notarykit/artifact-graph/internal';
import type { Descriptor, Repository } from '@notarykit/oci/internal';
import type { ArtifactTrustOptions } from '@notarykit/trust-policy/internal';
import { NotaryKitError } from './errors.js';
import { type ArtifactReference, callOptions } from './reference.js';
import { checkSigned, decideTrusted } from './verdict/decide-trusted.js';
import { verdictRequest } from './verdict/request.js';
import { decided, type SkippedArtifact, type TrustedArtifact } from './verdict/trusted.js';

/** Options of {@link verify}. */
export interface VerifyOptions extends ArtifactTrustOptions {
  /**
   * Of an image index: the index (the default), the manifests in it, or both must be trusted. Attestation manifests are not platforms.
   * An artifact that is not an index is judged by its own signatures.
   */
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
 * Resolves only for a trusted artifact and for one that the policy skips, which is a separate verdict.
 *
 * @throws {TrustError} `ERR_TRUST_NO_STATEMENT`, `ERR_TRUST_NO_SIGNATURE`, `ERR_TRUST_TOO_MANY_SIGNATURES`,
 *   `ERR_TRUST_NOT_VERIFIED`, with a report that `explain` puts into words
 * @throws {NotaryKitError} `ERR_NOTARYKIT_PLATFORMS` when the manifests of an index are asked for and none of them can run
 * @throws {GraphError} `ERR_GRAPH_REFERENCE` for a reference into another repository, `ERR_GRAPH_LIMIT`
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
  const view = openGraph(repository);
  return await verifyIn(view, await view.resolve(reference, callOptions(options)), options);
}

/** {@link verify} over a view that is open already. */
export async function verifyIn(
  view: GraphView,
  artifact: Pick<Artifact, 'descriptor'>,
  { platforms = 'index', ...trust }: VerifyOptions,
): Promise<Verified | Skipped> {
  const call = callOptions(trust);
  const request = await verdictRequest(view, artifact, { trust, platforms, ...call });
  const { manifests, own, subject } = checkSigned(await decideTrusted(view, request, call));
  const { digest } = subject.descriptor;
  const { descriptor } = artifact;
  const children = manifests.map(decided);
  const first = own === undefined ? children[0] : decided(own);
  const skipped = [...children, first].find((one) => one?.verdict === 'skipped');
  if (skipped?.verdict === 'skipped') return { ...skipped, descriptor, digest };
  if (first?.verdict !== 'trusted') throw nothingVerified(view, digest);
  return { ...first, descriptor, digest, manifests: children.filter((one) => one.verdict === 'trusted') };
}

/** Every way through a verdict ends with a decision; should one not, it is not a yes. */
function nothingVerified({ repository }: GraphView, digest: string): NotaryKitError {
  return new NotaryKitError('ERR_NOTARYKIT_PLATFORMS', `${repository}@${digest}: nothing was verified`);
}
