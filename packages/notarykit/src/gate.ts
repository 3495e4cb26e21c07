import { type Artifact, type GraphView, openGraph } from '@notarykit/artifact-graph/internal';
import { type CallOptions, defined } from '@notarykit/common/internal';
import type { Digest, Repository } from '@notarykit/oci/internal';
import {
  checkAllowed,
  type GateDecision,
  type GatePolicy,
  type GateRule,
  type SummaryGrounds,
  withoutSummary,
} from '@notarykit/sbom-gate/internal/core';
import { type RequestTime, requestTime } from '@notarykit/trust-policy/internal';
import { checkArgument } from './argument.js';
import { type RescanHook, runGate } from './gate/run.js';
import { type ArtifactReference, callOptions } from './reference.js';
import { groundsOf } from './summary/grounds.js';
import { shortPath } from './summary/short-path.js';
import type { Trust } from './trust.js';
import { decideGate } from './verdict/decide-gate.js';
import { requireGatePolicy } from './verdict/gate-part.js';
import { verdictRequest } from './verdict/request.js';
import type { VerdictRequest } from './verdict/verdict-request.js';

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
  /**
   * Digests of revoked verification summaries, or of images all of whose summaries are revoked: a revocation that no registry can hide.
   * Has an effect only under a policy with a block `summary`.
   */
  readonly revokedSummaries?: readonly Digest[];
  /** Called at most once, and only when nothing but a scan is missing. */
  readonly rescan?: RescanHook;
}

/**
 * Decides whether an artifact may be deployed: permitted signers, required and blocked packages, licences, and a fresh scan without
 * blocking findings, all from evidence that is signed by whom the policy names. Resolves only when the answer is yes.
 *
 * Where the policy names verifiers (`summary`), a fresh verification summary of one of them is accepted in place of the evidence; the
 * proof of the decision says so.
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
export async function gateIn(view: GraphView, artifact: Artifact, options: GateOptions): Promise<GateDecision> {
  const call = callOptions(options);
  // Without a verifier that the policy names, the clock is not even read.
  const short =
    requireGatePolicy(options.policy).summary === undefined
      ? undefined
      : await shortPath(view, await requestIn(view, artifact, options, clockOf(options)), call);
  if (short !== undefined && 'decision' in short) return checkAllowed(short.decision);
  const { decision } = await gateWhole(view, artifact, options);
  return checkAllowed(short === undefined ? decision : withoutSummary(decision, short.reason));
}

/** A decision on evidence, with what a summary of it needs. */
export interface WholeDecision {
  readonly decision: GateDecision;
  /** Whether something could not be found out. */
  readonly undecided: boolean;
  /** What a summary of it must say to be accepted for the image at a place. */
  groundsFor(resource: string): SummaryGrounds | undefined;
}

/** Decides by the whole graph and no summary; a decision that denies is returned, not thrown. */
export async function gateWhole(view: GraphView, artifact: Artifact, options: GateOptions): Promise<WholeDecision> {
  const call = callOptions(options);
  const { rescan } = options;
  const clock = clockOf(options);
  let groundsFor: WholeDecision['groundsFor'] = () => undefined;
  let undecided = false;
  const decide = async (over: GraphView): Promise<GateDecision> => {
    const request = await requestIn(over, artifact, options, clock);
    const verdict = await decideGate(over, request, call);
    undecided = verdict.undecided;
    groundsFor = (resource) => groundsOf(request, verdict, resource);
    return verdict.decision;
  };
  const run = { ...call, decide, ...defined({ rescan }) };
  const decision = await runGate(view, artifact.descriptor, run);
  return { decision, undecided, groundsFor };
}

function requestIn(
  view: GraphView,
  { descriptor, tag }: Artifact,
  options: GateOptions,
  clock: () => Date,
): Promise<VerdictRequest> {
  const { policy, trust, rules = [], seen = [], baseImages = [], revokedSummaries = [] } = options;
  const reference = `${view.repository}${tag === undefined ? '' : `:${tag}`}@${descriptor.digest}`;
  const gate = { policy, trust, rules, seen, baseImages, revokedSummaries };
  const time = timeOf(clock(), options);
  return verdictRequest(view, { descriptor }, { ...callOptions(options), gate, reference, time });
}

/** One time for signatures and evidence, and for each look its own. */
function timeOf(moment: Date, { now, trust }: GateOptions): RequestTime {
  const { at } = trust;
  const fixed = [now, trust.now, at].some((given) => given !== undefined);
  return Object.freeze({ ...requestTime({ now: moment, ...defined({ at }) }), fixed });
}

/** A fixed time moves on by what passes, so that what is made during a rescan is not of the future. */
function clockOf({ now, trust }: GateOptions): () => Date {
  checkArgument('trust', trust, 'an object with the trust policy and the trust store');
  if (typeof now === 'function') return now;
  const fixed = now ?? trust.now;
  if (fixed === undefined) return () => new Date();
  const began = performance.now();
  return () => new Date(fixed.getTime() + (performance.now() - began));
}
