import { formatTime } from '@notarykit/common';
import type { GateDecision, UsedEvidence } from '../decision.js';
import type { EvidenceSignature } from '../evidence/evidence.js';

/** A decision as JSON: members in a fixed order, lists sorted, times in RFC 3339. The same decision gives the same text. */
export function formatDecision(decision: GateDecision): string {
  const { image, evidence } = decision;
  const report = {
    ...decision,
    evaluatedAt: decision.evaluatedAt.toISOString(),
    image: { ...image, signatures: image.signatures.map(signature) },
    evidence: { used: evidence.used.map(used), unused: evidence.unused.map(used), ignored: evidence.ignored },
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

function used(item: UsedEvidence): object {
  return { ...item, signatures: item.signatures.map(signature) };
}

function signature({ time, expiry, ...rest }: EvidenceSignature): object {
  return {
    ...rest,
    ...(time === undefined ? {} : { time: formatTime(time) }),
    ...(expiry === undefined ? {} : { expiry: formatTime(expiry) }),
  };
}
