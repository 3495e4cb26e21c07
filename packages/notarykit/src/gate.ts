import type { Repository } from '@notarykit/oci';
import { checkAllowed, type GateDecision, type RunGateOptions, runGate } from '@notarykit/sbom-gate';
import { signerOutcome } from './gate/signer-outcome.js';
import { type ArtifactReference, callOptions, resolveArtifact } from './reference.js';
import type { Trust } from './verify.js';

/** Options of {@link gate}. */
export interface GateOptions extends Omit<RunGateOptions, 'verify' | 'reference'> {
  /** The signers that the gate's policy names are statements of this trust policy. */
  readonly trust: Trust;
}

/**
 * Decides whether an artifact may be deployed: permitted signers, required and blocked packages, licences, and a fresh scan without
 * blocking findings, all from evidence that is signed by whom the policy names. Resolves only when the answer is yes.
 *
 * @throws {GateError} `ERR_GATE_DENIED` with the decision as its detail and its explanation as the message
 * @throws {TrustError} `ERR_TRUST_NO_STATEMENT` when a signer of the policy names no statement of the trust policy
 *
 * @example
 * ```ts
 * const decision = await gate(repository, 'v1', { policy: parseGatePolicy(document), trust: { policy, trustStore, revocation } });
 * deploy(decision.image.digest);
 * ```
 */
export async function gate(
  repository: Repository,
  reference: ArtifactReference,
  options: GateOptions,
): Promise<GateDecision> {
  const call = callOptions(options);
  const { descriptor } = await resolveArtifact(repository, reference, call);
  const { trust, now = trust.now ?? new Date(), ...rest } = options;
  const decision = await runGate(repository, descriptor, {
    ...rest,
    now,
    reference: nameOf(repository, reference, descriptor.digest),
    verify: (manifest, statement) => signerOutcome(repository, manifest, statement, { ...trust, ...call }),
  });
  return checkAllowed(decision);
}

/** For reports and exceptions: what the caller called it, with the digest that was decided about. */
function nameOf(repository: Repository, reference: ArtifactReference, digest: string): string {
  const tag =
    typeof reference === 'string' && !reference.includes(':') && !reference.includes('/') ? `:${reference}` : '';
  return `${repository.name}${tag}@${digest}`;
}
