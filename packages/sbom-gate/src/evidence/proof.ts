import type { NonEmpty } from '@notarykit/common/internal';
import type { Digest } from '@notarykit/oci/internal';
import type { DecisionCode } from '../codes.js';
import type { OutcomeLevel } from '../outcome.js';
import type { GatePolicy } from '../policy/document.js';
import type { EvidenceDocument, EvidenceSignature, GateEvidence, PlatformEvidence } from './evidence.js';
import { describeUsed, type UsedEvidence } from './used.js';

/** Classes of evidence that a policy can demand for every platform; VEX only takes findings away. */
export type DemandedClass = 'sbom' | 'scan' | 'provenance';
const demandedClasses: readonly DemandedClass[] = ['sbom', 'scan', 'provenance'];

const missingCodes: Readonly<Record<DemandedClass, DecisionCode>> = {
  sbom: 'SBOM_MISSING',
  scan: 'SCAN_MISSING',
  provenance: 'PROVENANCE_MISSING',
};

/** A rule has accepted a document as evidence for a platform. What it then finds in the document is another matter. */
export interface Use {
  readonly platform: PlatformEvidence;
  readonly class: DemandedClass;
  readonly document: EvidenceDocument;
  /** For scans: who made the report, in lower case. */
  readonly scanner?: string;
}

/** What was used for one platform: something of each class that the policy demands. Plain data, so that it survives a cache. */
export interface PlatformProof {
  readonly platform: PlatformEvidence;
  readonly used: Readonly<Partial<Record<DemandedClass, NonEmpty<UsedEvidence>>>>;
}

/** A trusted signature of the image, and evidence of every demanded class for every platform. */
export interface EvidenceProof {
  readonly by: 'evidence';
  readonly image: NonEmpty<EvidenceSignature>;
  readonly platforms: NonEmpty<PlatformProof>;
}

/** A verification summary that the policy accepts, and who signed it: nothing else was looked at. */
export interface SummaryProof {
  readonly by: 'summary';
  /** Manifest of the summary. */
  readonly summary: Digest;
  readonly signatures: NonEmpty<EvidenceSignature>;
  /** The verifier, as the summary names it. */
  readonly verifier: string;
  readonly timeVerified: Date;
  /** Until when the summary counts. */
  readonly validUntil: Date;
  readonly platforms: NonEmpty<{ readonly platform: PlatformEvidence }>;
}

/** Why `ALLOW` may be said. */
export type AllowProof = EvidenceProof | SummaryProof;

/** Something without which there is no proof. */
export interface Missing {
  readonly rule: string;
  readonly level: Extract<OutcomeLevel, 'deny' | 'rescan'>;
  readonly code: DecisionCode;
  readonly message: string;
  readonly class?: DemandedClass;
  readonly platform?: string;
  /** The scanner whose report lacks, where each that the policy names must have reported. */
  readonly scanner?: string;
}

/**
 * The proof that an image may be deployed, or everything that lacks for one. Absence is judged here and nowhere else, so that no
 * rule can forget it: a policy with a block for a class demands for each platform a document that a rule of that block has used, and
 * with `scan.scanners` one of each scanner where each must report.
 */
export function prove(
  evidence: GateEvidence,
  policy: GatePolicy,
  uses: readonly Use[],
): EvidenceProof | NonEmpty<Missing> {
  const byPlatform = new Map<PlatformEvidence, Use[]>(evidence.platforms.map((platform) => [platform, []]));
  for (const use of uses) byPlatform.get(use.platform)?.push(use);
  const missing = [...imageMissing(evidence, policy), ...platformsMissing(evidence)];
  const platforms: PlatformProof[] = [];
  for (const [platform, own] of byPlatform) {
    missing.push(...demandedClasses.flatMap((name) => classMissing(name, policy, platform, own)));
    platforms.push({ platform, used: usedOf(own) });
  }
  const image = evidence.image.signatures;
  if (isNonEmpty(missing)) return missing;
  if (!isNonEmpty(image) || !isNonEmpty(platforms)) throw new RangeError('a proof without signature or platform');
  return { by: 'evidence', image, platforms };
}

/** Whether an outcome of {@link prove} is a proof. */
export function isProof(outcome: EvidenceProof | NonEmpty<Missing>): outcome is EvidenceProof {
  return 'by' in outcome;
}

function isNonEmpty<T>(list: readonly T[]): list is NonEmpty<T> {
  return list.length > 0;
}

function imageMissing({ image }: GateEvidence, policy: GatePolicy): readonly Missing[] {
  if (image.signatures.length > 0) return [];
  const unsigned = image.untrusted.length > 0 && image.untrusted.every(({ code }) => code === 'EVIDENCE_UNSIGNED');
  const reasons = image.untrusted.map(({ alias, reason }) => `${alias}: ${reason}`).join('; ');
  const message = `the image is not signed by ${policy.image.signedBy.join(' or ')}${reasons === '' ? '' : ` (${reasons})`}`;
  return [{ rule: 'image.signedBy', level: 'deny', code: unsigned ? 'IMAGE_UNSIGNED' : 'IMAGE_UNTRUSTED', message }];
}

function platformsMissing({ missingPlatforms, platforms }: GateEvidence): readonly Missing[] {
  const lacks = { rule: 'image.platforms', level: 'deny', code: 'PLATFORM_MISSING' } as const;
  if (missingPlatforms.length > 0)
    return missingPlatforms.map((platform) => ({ ...lacks, message: `the image has no ${platform}`, platform }));
  return platforms.length > 0 ? [] : [{ ...lacks, message: 'the image has no runnable platform' }];
}

function classMissing(
  name: DemandedClass,
  policy: GatePolicy,
  { platform }: PlatformEvidence,
  uses: readonly Use[],
): readonly Missing[] {
  const block = policy[name];
  if (block === undefined) return [];
  const own = uses.filter((use) => use.class === name);
  const lacks = (what: string): Missing => ({
    rule: name,
    level: name === 'scan' && policy.scan?.onMissing === 'rescan' ? 'rescan' : 'deny',
    code: missingCodes[name],
    message: `no ${what} that is signed by ${block.signedBy.join(' or ')} counts`,
    class: name,
    platform,
  });
  if (name !== 'scan') return own.length > 0 ? [] : [lacks(name === 'sbom' ? 'SBOM' : 'provenance')];
  const scanners = namedScanners(policy);
  if (scanners.length === 0) return own.length > 0 ? [] : [lacks('scan report')];
  return scanners
    .filter((scanner) => !own.some((use) => use.scanner === scanner.toLowerCase()))
    .map((scanner) => ({ ...lacks(`scan report by ${scanner}`), scanner }));
}

/** Scanners that must each have reported; where one report is enough the list only says whose. */
function namedScanners({ scan }: GatePolicy): readonly string[] {
  return scan?.combine === 'newest-per-scanner' ? (scan.scanners ?? []) : [];
}

function usedOf(uses: readonly Use[]): PlatformProof['used'] {
  const used: { -readonly [K in DemandedClass]?: NonEmpty<UsedEvidence> } = {};
  for (const use of uses) {
    const before = used[use.class];
    const described = describeUsed(use.document);
    used[use.class] = before === undefined ? [described] : [...before, described];
  }
  return used;
}
