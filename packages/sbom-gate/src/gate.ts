import type { Descriptor } from '@notarykit/oci';
import { type DecideOptions, decide } from './decide.js';
import type { GateDecision } from './decision.js';
import { GateError } from './errors.js';
import { type CollectEvidenceOptions, collectEvidence, type EvidenceRepository } from './evidence/collect.js';
import type { GateOutcome } from './outcome.js';
import { explainDecision } from './report/explain.js';

/** What a rescan hook is told. */
export interface RescanRequest {
  readonly subject: Descriptor;
  /** Platforms, with their manifests, for which a scan is missing or stale. */
  readonly platforms: readonly { readonly platform: string; readonly digest: string }[];
  readonly decision: GateDecision;
  readonly signal?: AbortSignal;
}

/**
 * Makes a new scan: runs the scanner, attaches its report to each platform's manifest and signs that with a signer of
 * `scan.signedBy`. The gate then looks once more, and believes the new report no more than any other.
 */
export type RescanHook = (request: RescanRequest) => Promise<void>;

/** Options of {@link runGate}. */
export interface RunGateOptions extends CollectEvidenceOptions, DecideOptions {
  /** Default: now. */
  readonly now?: Date | (() => Date);
  /** Called at most once, and only when nothing but a scan is missing. */
  readonly rescan?: RescanHook;
}

/**
 * Collects evidence and decides; with a rescan hook, a missing or stale scan is made anew and the gate looks once more. A
 * second answer of `RESCAN` is a `DENY`.
 *
 * @example
 * ```ts
 * const decision = await runGate(repository, image, { policy, verify, rescan: ({ subject }) => scanAndSign(subject) });
 * ```
 */
export async function runGate(
  repository: EvidenceRepository,
  subject: Descriptor,
  options: RunGateOptions,
): Promise<GateDecision> {
  const first = await look(repository, subject, options);
  if (first.verdict !== 'RESCAN' || options.rescan === undefined) return first;
  try {
    await options.rescan({
      subject,
      platforms: platformsToScan(first),
      decision: first,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  } catch (cause) {
    options.signal?.throwIfAborted();
    return denied(first, `the scan could not be made: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  const second = await look(repository, subject, options);
  const performed = { ...second, rescan: { requested: true, performed: true } };
  return second.verdict === 'RESCAN'
    ? denied(performed, 'the scan was made, and a trusted fresh report is still missing')
    : performed;
}

async function look(
  repository: EvidenceRepository,
  subject: Descriptor,
  options: RunGateOptions,
): Promise<GateDecision> {
  const evidence = await collectEvidence(repository, subject, options);
  const now = typeof options.now === 'function' ? options.now() : (options.now ?? new Date());
  return decide(evidence, options.policy, now, options);
}

function platformsToScan(decision: GateDecision): RescanRequest['platforms'] {
  const names = new Set(decision.outcomes.filter(({ level }) => level === 'rescan').map(({ platform }) => platform));
  return decision.image.platforms.filter(({ platform }) => names.has(platform));
}

function denied(decision: GateDecision, message: string): GateDecision {
  const failure: GateOutcome = { rule: 'scan', level: 'deny', code: 'RESCAN_FAILED', message };
  return {
    ...decision,
    verdict: 'DENY',
    outcomes: [failure, ...decision.outcomes],
    totals: { ...decision.totals, deny: decision.totals.deny + 1 },
    rescan: { requested: true, performed: decision.rescan.performed },
  };
}

/**
 * Passes on a decision that allows.
 *
 * @throws {GateError} `ERR_GATE_DENIED` with the decision as its detail, and the explanation as its message
 */
export function checkAllowed(decision: GateDecision): GateDecision {
  if (decision.verdict === 'ALLOW') return decision;
  throw new GateError<GateDecision>('ERR_GATE_DENIED', explainDecision(decision), { detail: decision });
}
