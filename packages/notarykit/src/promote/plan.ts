import type { Descriptor, Digest, Repository } from '@notarykit/oci';
import type { GateDecision } from '@notarykit/sbom-gate';
import type { PromoteOptions, PromotionPlan } from '../promote.js';
import { callOptions } from '../reference.js';
import { travelling } from './edges.js';

/** What a decision lets travel: evidence, and the signatures that made it trusted, by digest. */
export async function planOf(
  source: Repository,
  artifact: Descriptor,
  decision: GateDecision,
  options: Omit<PromoteOptions, 'signer'>,
): Promise<PromotionPlan> {
  const call = callOptions(options);
  const evidence = travelling(decision, options.policy);
  const manifests = new Set(evidence.map(({ manifest }) => manifest));
  const signatures = new Set(
    [decision.image, ...evidence].flatMap((each) => each.signatures.map(({ digest }) => digest)),
  );
  const resolveAll = (digests: Iterable<Digest>): Promise<Descriptor[]> =>
    Promise.all([...digests].map((digest) => source.resolve(digest, call)));
  return {
    artifact,
    evidence: await resolveAll(manifests),
    signatures: await resolveAll(signatures),
    signIn: options.signIn ?? 'source',
    summary: options.policy.output.attestation === 'vsa',
    tags: typeof options.tag === 'string' ? [options.tag] : options.tag,
  };
}
