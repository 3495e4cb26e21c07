import type { GraphView } from '@notarykit/artifact-graph/internal';
import type { Descriptor, Digest } from '@notarykit/oci/internal';
import type { GateDecision } from '@notarykit/sbom-gate/internal/core';
import { NotaryKitError } from '../errors.js';
import { callOptions } from '../reference.js';
import { asSigned, runnableIn } from '../runnable.js';
import type { Skipped, Verified } from '../verify.js';
import { travelling } from './edges.js';
import type { PromoteOptions } from './options.js';
import type { PromotionPlan } from './promotion.js';

/** What a promotion was found to be allowed by. */
export interface Allowed {
  readonly descriptor: Descriptor;
  readonly decision: GateDecision;
  /** On the artifact, and on its platforms where they are promoted too. */
  readonly verdict: Verified | Skipped;
}

/**
 * What a promotion copies: evidence, and the signatures that made it trusted, by digest. Each is resolved as the artifact was: a
 * repository that answers a digest with other content is refused before the production key signs it.
 *
 * @throws {OciError} `ERR_OCI_DIGEST_MISMATCH`
 */
export async function planOf(
  view: GraphView,
  { descriptor: artifact, decision, verdict }: Allowed,
  options: Omit<PromoteOptions, 'signer'>,
): Promise<PromotionPlan> {
  const call = callOptions(options);
  const children = options.platforms === 'both' ? await runnableIn(view, artifact, call) : undefined;
  const platforms = (children ?? []).map(asSigned);
  checkJudged(platforms, decision);
  const evidence = travelling(decision, options.policy);
  const manifests = new Set(evidence.map(({ manifest }) => manifest));
  const signatures = new Set([
    ...[decision.image, ...evidence].flatMap((each) => each.signatures.map(({ digest }) => digest)),
    ...signaturesOfPlatforms(verdict),
  ]);
  const resolveAll = (digests: Iterable<Digest>): Promise<Descriptor[]> =>
    Promise.all([...digests].map(async (digest) => (await view.resolve(digest, call)).descriptor));
  return {
    artifact,
    platforms,
    evidence: await resolveAll(manifests),
    signatures: await resolveAll(signatures),
    signIn: options.signIn ?? 'source',
    summary: options.policy.output.attestation === 'vsa',
    tags: typeof options.tag === 'string' ? [options.tag] : options.tag,
  };
}

/** The production key vouches for a platform by itself: the gate must have looked at each. */
function checkJudged(platforms: readonly Descriptor[], { image }: GateDecision): void {
  const judged = image.platforms.map(({ digest }) => digest);
  const other = platforms.find(({ digest }) => !judged.includes(digest));
  if (other === undefined) return;
  throw new NotaryKitError(
    'ERR_NOTARYKIT_PLATFORMS',
    `${other.digest}: the gate's policy does not cover this platform, so it is not signed: expected "image.platforms" of the policy to be "all", or the option "platforms" to be "index"`,
  );
}

function signaturesOfPlatforms(verdict: Verified | Skipped): readonly Digest[] {
  const manifests = verdict.verdict === 'trusted' ? verdict.manifests : [];
  return manifests.flatMap(({ signatures }) => signatures.map(({ manifest }) => manifest.digest));
}
