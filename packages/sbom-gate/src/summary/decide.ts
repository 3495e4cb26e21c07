import { defined } from '@notarykit/common/internal';
import type { GateDecision } from '../decision.js';
import type { GateOutcome } from '../outcome.js';
import type { GatePolicy } from '../policy/document.js';
import type { AcceptedSummary } from './accept.js';

/** The decision on an accepted summary. Its proof is the summary: no evidence was looked at. */
export function decideBySummary(
  { manifest, signatures, verifier, timeVerified, validUntil, platforms }: AcceptedSummary,
  { digest, reference }: Pick<GateDecision['image'], 'digest' | 'reference'>,
  policy: GatePolicy,
  now: Date,
): GateDecision & { readonly verdict: 'ALLOW' } {
  const trust = policy.trustPolicy?.digest;
  const [first, ...more] = platforms.map((platform) => ({ platform }));
  return {
    reportVersion: '1.0',
    evaluatedAt: now,
    policy: { name: policy.name, digest: policy.digest },
    ...(trust === undefined ? {} : { trustPolicy: { digest: trust } }),
    image: { ...defined({ reference }), digest, platforms, signatures: [] },
    outcomes: [note('SUMMARY_ACCEPTED', `${verifier} verified the image at ${timeVerified.toISOString()}`)],
    totals: { deny: 0, rescan: 0, warn: 0, info: 1 },
    evidence: { used: [], unused: [], ignored: [] },
    counts: { components: 0, findings: 0, blocking: 0, vexAccepted: 0, excepted: 0, suppressedByScanner: 0 },
    rescan: { requested: false, performed: false },
    verdict: 'ALLOW',
    proof: {
      by: 'summary',
      summary: manifest,
      signatures,
      verifier,
      timeVerified,
      validUntil,
      platforms: [first as { platform: AcceptedSummary['platforms'][0] }, ...more],
    },
  };
}

/** The decision of the whole graph, with the reason why no summary took its place. */
export function withoutSummary<D extends GateDecision>(decision: D, reason: string): D {
  const outcomes = [...decision.outcomes, note('SUMMARY_NOT_ACCEPTED', `the whole graph was looked at: ${reason}`)];
  return { ...decision, outcomes, totals: { ...decision.totals, info: decision.totals.info + 1 } };
}

function note(code: 'SUMMARY_ACCEPTED' | 'SUMMARY_NOT_ACCEPTED', message: string): GateOutcome {
  return { rule: 'summary', level: 'info', code, message };
}
