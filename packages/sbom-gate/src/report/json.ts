import { formatTime } from '@notarykit/common/internal';
import type { GateDecision } from '../decision.js';
import type { EvidenceSignature } from '../evidence/evidence.js';
import type { AllowProof, SummaryProof } from '../evidence/proof.js';
import type { UsedEvidence } from '../evidence/used.js';

/** A decision as JSON: members in a fixed order, lists sorted, times in RFC 3339. The same decision gives the same text. */
export function formatDecision(decision: GateDecision): string {
  const { image, evidence, proof, ...rest } = decision;
  const report = {
    ...rest,
    evaluatedAt: decision.evaluatedAt.toISOString(),
    image: { ...image, signatures: image.signatures.map(signature) },
    evidence: { used: evidence.used.map(used), unused: evidence.unused.map(used), ignored: evidence.ignored },
    ...(proof === undefined ? {} : { proof: proven(proof) }),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** The proof by digest: what it rests on is described among the evidence. */
function proven(proof: AllowProof): object {
  if (proof.by === 'summary') return provenBySummary(proof);
  const { by, platforms } = proof;
  const digests = (items: readonly UsedEvidence[] = []): readonly string[] => items.map(({ blob }) => blob);
  return {
    by,
    platforms: platforms.map(({ platform, used: { sbom, scan, provenance } }) => ({
      platform: platform.platform,
      digest: platform.digest,
      ...(sbom === undefined ? {} : { sbom: digests(sbom) }),
      ...(scan === undefined ? {} : { scan: digests(scan) }),
      ...(provenance === undefined ? {} : { provenance: digests(provenance) }),
    })),
  };
}

function provenBySummary({ timeVerified, validUntil, signatures, platforms, ...rest }: SummaryProof): object {
  return {
    ...rest,
    timeVerified: formatTime(timeVerified),
    validUntil: formatTime(validUntil),
    signatures: signatures.map(signature),
    platforms: platforms.map(({ platform: { platform, digest } }) => ({ platform, digest })),
  };
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
