import type { GraphView } from '@notarykit/artifact-graph/internal';
import type { CallOptions } from '@notarykit/common/internal';
import { withoutSummary } from '@notarykit/sbom-gate/internal/core';
import { shortPath } from '../summary/short-path.js';
import { decideGate, type GateVerdict } from './decide-gate.js';
import { decideTrusted, endsOf } from './decide-trusted.js';
import { checkAsked } from './request.js';
import type { Verdict } from './verdict.js';
import type { VerdictRequest } from './verdict-request.js';

/**
 * Decides a request over a view: the manifests that it asks for, the artifact itself, then the gate, or a summary in its place. The
 * first refusal ends it.
 *
 * @throws {NotaryKitError} `ERR_NOTARYKIT_PLATFORMS` for an index without a manifest that can run, where those are asked for
 * @throws {NotaryKitError} `ERR_NOTARYKIT_ARGUMENT` for a request without `trust` and without `gate`
 * @throws what the repository says when a list or an index cannot be read
 */
export async function decideVerdict(
  view: GraphView,
  request: VerdictRequest,
  call: CallOptions = {},
): Promise<Verdict> {
  checkAsked(request);
  const signed = await decideTrusted(view, request, call);
  if (signed.refusedBy !== undefined || request.gate === undefined) return signed;
  const short = await shortPath(view, request, call);
  if (short !== undefined && 'decision' in short) {
    const { decision, validUntil } = short;
    const horizon = new Date(request.time.now.getTime() + gateHorizonMs);
    return { ...signed, gate: decision, validUntil: earliest([...endOf(signed), validUntil, horizon]) };
  }
  const gated = await decideGate(view, request, call);
  const { undecided, ends } = gated;
  const decision = short === undefined ? gated.decision : withoutSummary(gated.decision, short.reason);
  const validUntil = earliest([
    ...endOf(signed),
    ...ends.flatMap((end) => endsOf([end]) ?? []),
    endOfGate(gated, request.time.now),
  ]);
  const whole = { ...signed, gate: decision, validUntil };
  if (decision.verdict === 'ALLOW') return whole;
  return { ...whole, verdict: undecided ? 'undecided' : 'refused' };
}

function endOf({ validUntil }: Verdict): readonly Date[] {
  return validUntil === undefined ? [] : [validUntil];
}

/** How far ahead a gate is asked whether it still allows, milliseconds: what it allows is remembered no longer. */
const gateHorizonMs = 300_000;

/** What will not be allowed for so long is not remembered at all: it may end at any moment before. */
function endOfGate({ at }: GateVerdict, now: Date): Date {
  const horizon = new Date(now.getTime() + gateHorizonMs);
  return at(horizon).verdict === 'ALLOW' ? horizon : now;
}

function earliest(dates: readonly Date[]): Date | undefined {
  return dates.length === 0 ? undefined : new Date(Math.min(...dates.map((date) => date.getTime())));
}
