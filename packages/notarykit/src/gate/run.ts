import type { GraphView } from '@notarykit/artifact-graph/internal';
import { type CallOptions, defined } from '@notarykit/common/internal';
import type { Descriptor } from '@notarykit/oci/internal';
import type { GateDecision, GateOutcome } from '@notarykit/sbom-gate/internal/core';

/** The arguments of a rescan hook. */
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
export interface RunGateOptions extends CallOptions {
  /** Reads the evidence once, as of now, and decides. */
  decide(view: GraphView): Promise<GateDecision>;
  readonly rescan?: RescanHook;
}

/**
 * Decides; with a rescan hook, a missing or stale scan is made anew and the gate looks once more, at the time that it then is and
 * without what it remembers of lists. A second answer of `RESCAN` is a `DENY`.
 */
export async function runGate(view: GraphView, subject: Descriptor, options: RunGateOptions): Promise<GateDecision> {
  const { decide, rescan, signal } = options;
  const first = await decide(view);
  if (first.verdict !== 'RESCAN' || rescan === undefined) return first;
  const platforms = platformsToScan(first);
  try {
    await rescan({ subject, platforms, decision: first, ...defined({ signal }) });
  } catch (cause) {
    signal?.throwIfAborted();
    return failed(first, `the scan could not be made: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  const second = await decide(view.again());
  const made = { ...second, rescan: { requested: true, performed: true } };
  return made.verdict === 'RESCAN'
    ? failed(made, 'the scan was made, and a trusted fresh report is still missing')
    : made;
}

function platformsToScan(decision: GateDecision): RescanRequest['platforms'] {
  const names = new Set(decision.outcomes.filter(({ level }) => level === 'rescan').map(({ platform }) => platform));
  return decision.image.platforms.filter(({ platform }) => names.has(platform));
}

function failed(decision: Exclude<GateDecision, { verdict: 'ALLOW' }>, message: string): GateDecision {
  const failure: GateOutcome = { rule: 'scan', level: 'deny', code: 'RESCAN_FAILED', message };
  return {
    ...decision,
    verdict: 'DENY',
    outcomes: [failure, ...decision.outcomes],
    totals: { ...decision.totals, deny: decision.totals.deny + 1 },
    rescan: { requested: true, performed: decision.rescan.performed },
  };
}
