import type { Digest } from '@notarykit/oci';
import type { EvidenceCode, GateDecision, SummaryGrounds } from '@notarykit/sbom-gate';
import type { GateVerdict } from '../verdict/decide-gate.js';
import { endsOf } from '../verdict/decide-trusted.js';
import type { VerdictRequest } from '../verdict/request.js';
import { summaryDigest } from '../verdict/summary-key.js';
import { signersOf } from './revocation.js';

/** How many times between now and the greatest age of a summary are looked at. */
const looks = 24;

/** Reasons that a later signature, or a registry that answers, can take away: the artifact is not known. */
const passing: readonly EvidenceCode[] = [
  'EVIDENCE_UNSIGNED',
  'EVIDENCE_UNTRUSTED',
  'EVIDENCE_EXPIRED',
  'EVIDENCE_UNDECIDED',
  'EVIDENCE_UNAVAILABLE',
];

/**
 * What lets a summary of this verdict be accepted for an image at a place, whose name it may have only after a promotion. Nothing where
 * the policy accepts none, the request makes none, or the image would not be allowed under that name.
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

/** Exceptions end and scans grow old: the last of the times looked at up to which every one allows. */
function lastAllowed(at: (time: Date) => GateDecision, now: Date, maxAge: number): number {
  let last = now.getTime();
  for (let i = 1; i <= looks; i++) {
    const time = now.getTime() + (maxAge * i) / looks;
    if (at(new Date(time)).verdict !== 'ALLOW') break;
    last = time;
  }
  return last;
}

function endOf(ends: GateVerdict['ends'], maxAge: number, now: Date): number {
  return endsOf(ends)?.getTime() ?? now.getTime() + maxAge;
}

/** What was judged by its content alone, and will be judged so again. */
function attachmentsIn({ evidence }: GateDecision): readonly Digest[] {
  const { used, unused, ignored } = evidence;
  const lasting = ignored.flatMap(({ manifest, code }) =>
    manifest === undefined || (passing as readonly string[]).includes(code) ? [] : [manifest],
  );
  const passed = new Set(
    ignored.flatMap(({ manifest }) => manifest ?? []).filter((digest) => !lasting.includes(digest)),
  );
  return [...used, ...unused]
    .map(({ manifest }) => manifest)
    .concat(lasting)
    .filter((digest) => !passed.has(digest));
}
