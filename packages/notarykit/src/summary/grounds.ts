import type { Digest } from '@notarykit/oci/internal';
import type { DecisionCode, GateDecision, SummaryGrounds } from '@notarykit/sbom-gate/internal/core';
import type { GateVerdict } from '../verdict/decide-gate.js';
import { endsOf } from '../verdict/decide-trusted.js';
import { summaryDigest } from '../verdict/summary-key.js';
import type { VerdictRequest } from '../verdict/verdict-request.js';
import { signersOf } from './revocation.js';

/** At how many times until the greatest age of a summary the decision is made again. */
const samples = 24;

/** Reasons that end with a later signature, or when the registry answers again: such an artifact must be judged again. */
const temporary: readonly DecisionCode[] = [
  'EVIDENCE_UNSIGNED',
  'EVIDENCE_UNTRUSTED',
  'EVIDENCE_EXPIRED',
  'EVIDENCE_UNDECIDED',
  'EVIDENCE_UNAVAILABLE',
];

/**
 * What a summary of this verdict must say to be accepted for the image at a place, which it may reach only by a promotion. Nothing where
 * the policy accepts no summaries, the request makes none, or the image would not be allowed under that name.
 */
export function groundsOf(
  request: VerdictRequest,
  { at, asked, ends }: GateVerdict,
  resource: string,
): SummaryGrounds | undefined {
  const [digest, policy] = [summaryDigest(request), request.gate?.policy.summary];
  const { now } = request.time;
  if (digest === undefined || policy === undefined) return undefined;
  const decision = at(now, resource);
  if (decision.verdict !== 'ALLOW') return undefined;
  const until = Math.min(
    lastAllowed((time) => at(time, resource), now, policy.maxAge),
    endOf(ends, policy.maxAge, now),
  );
  const signers = signersOf(asked);
  return { request: digest, validUntil: new Date(until), attachments: attachmentsIn(decision), signers };
}

/** Exceptions end and scans grow old: the last sampled time up to which the decision allows. */
function lastAllowed(at: (time: Date) => GateDecision, now: Date, maxAge: number): number {
  let last = now.getTime();
  for (let i = 1; i <= samples; i++) {
    const time = now.getTime() + (maxAge * i) / samples;
    if (at(new Date(time)).verdict !== 'ALLOW') break;
    last = time;
  }
  return last;
}

function endOf(ends: GateVerdict['ends'], maxAge: number, now: Date): number {
  return endsOf(ends)?.getTime() ?? now.getTime() + maxAge;
}

/**
 * Artifacts that were judged by their content only: they need not be judged again. One with several documents must be judged again for
 * the sake of any of them.
 */
function attachmentsIn({ evidence }: GateDecision): readonly Digest[] {
  const { used, unused, ignored } = evidence;
  const again = new Set(ignored.flatMap(({ manifest, code }) => (isTemporary(code) ? (manifest ?? []) : [])));
  const judged = [...used, ...unused, ...ignored].flatMap(({ manifest }) => manifest ?? []);
  return judged.filter((digest) => !again.has(digest));
}

function isTemporary(code: DecisionCode): boolean {
  return temporary.includes(code);
}
