import type { Digest } from '@notarykit/oci';
import type { EvidenceCode, GateDecision, SummaryGrounds } from '@notarykit/sbom-gate';
import type { GateVerdict } from '../verdict/decide-gate.js';
import { endsOf } from '../verdict/decide-trusted.js';
import type { VerdictRequest } from '../verdict/request.js';
import { summaryDigest } from '../verdict/summary-key.js';
import { signersOf } from './revocation.js';

/** At how many times until the greatest age of a summary the decision is made again. */
const looks = 24;

/** Reasons that end with a later signature, or when the registry answers again: such an artifact must be judged anew. */
const passing: readonly EvidenceCode[] = [
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

/** Artifacts that were judged by their content only: they need not be judged again. */
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
