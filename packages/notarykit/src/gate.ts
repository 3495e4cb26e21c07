import { type Artifact, type GraphView, openGraph } from '@notarykit/artifact-graph';
import type { CallOptions } from '@notarykit/common';
import type { Digest, Repository } from '@notarykit/oci';
import { checkAllowed, type GateDecision, type GatePolicy, type GateRule } from '@notarykit/sbom-gate';
import { type RequestTime, requestTime } from '@notarykit/trust-policy';
import { type RescanHook, runGate } from './gate/run.js';
import { type ArtifactReference, callOptions } from './reference.js';
import { decideGate } from './verdict/decide-gate.js';
import { verdictRequest } from './verdict/request.js';
import type { Trust } from './verify.js';

/** Options of {@link gate}. */
export interface GateOptions extends CallOptions {
  readonly policy: GatePolicy;
  /** The signers that the gate's policy names are statements of this trust policy. */
  readonly trust: Trust;
  /**
   * The time of the decision, for signatures and evidence alike. Default: that of `trust`, else now. After a rescan it is later by as
   * long as the scan took.
   */
  readonly now?: Date | (() => Date);
  /** Rules of the caller, such as CEL or Rego behind a function. */
  readonly rules?: readonly GateRule[];
  /**
   * Manifest digests of evidence that was seen before, such as `evidence.used` of the last decision about this image. A
   * registry that no longer lists one of them may be hiding a bad scan: `EVIDENCE_WITHHELD`.
   */
  readonly seen?: readonly Digest[];
  /**
   * Digests of images that were verified before the build, such as those of `verifyBaseImages`. A policy with `provenance.baseImages:
   * verified` refuses an image whose provenance names any other. Default: none.
   */
  readonly baseImages?: readonly Digest[];
  /** Called at most once, and only when nothing but a scan is missing. */
  readonly rescan?: RescanHook;
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
  const view = openGraph(repository);
  return await gateIn(view, await view.resolve(reference, callOptions(options)), options);
}

/** {@link gate} over a view that is open already. */
export async function gateIn(
  view: GraphView,
  { descriptor, tag }: Artifact,
  options: GateOptions,
): Promise<GateDecision> {
  const call = callOptions(options);
  const { policy, trust, rules = [], seen = [], baseImages = [], rescan } = options;
  const clock = clockOf(options);
  const name = `${view.repository}${tag === undefined ? '' : `:${tag}`}@${descriptor.digest}`;
  const asked = { gate: { policy, trust, rules, seen, baseImages }, reference: name, ...call };
  const look = async (over: GraphView): Promise<GateDecision> => {
    const request = await verdictRequest(over, { descriptor }, { ...asked, time: timeOf(clock(), trust) });
    return (await decideGate(over, request, call)).decision;
  };
  return checkAllowed(await runGate(view, descriptor, { ...call, look, ...(rescan === undefined ? {} : { rescan }) }));
}

/** One time for signatures and evidence, and for each look its own. */
function timeOf(now: Date, { at }: Trust): RequestTime {
  return requestTime({ now, ...(at === undefined ? {} : { at }) });
}

/** A fixed time moves on by what passes, so that what is made during a rescan is not of the future. */
function clockOf({ now, trust }: GateOptions): () => Date {
  if (typeof now === 'function') return now;
  const fixed = now ?? trust.now;
  if (fixed === undefined) return () => new Date();
  const began = performance.now();
  return () => new Date(fixed.getTime() + (performance.now() - began));
}
