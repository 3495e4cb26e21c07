import type { EvidenceDocument, PlatformEvidence } from '../evidence/evidence.js';
import type { SbomDocument } from '../sbom/document.js';
import type { ScanReport } from '../scan/report.js';
import type { DecisionContext } from './context.js';

/** Codes of one class. */
interface ClassCodes {
  readonly unreadable: 'SBOM_UNREADABLE' | 'SCAN_UNREADABLE';
  readonly mismatch: 'SBOM_SUBJECT_MISMATCH' | 'SCAN_SUBJECT_MISMATCH';
  readonly unstated: 'SBOM_SUBJECT_UNSTATED' | 'SCAN_SUBJECT_UNSTATED';
  readonly uncovered: 'SBOM_PLATFORM_UNCOVERED' | 'SCAN_PLATFORM_UNCOVERED';
}

const codes: Readonly<Record<'sbom' | 'scan', ClassCodes>> = {
  sbom: {
    unreadable: 'SBOM_UNREADABLE',
    mismatch: 'SBOM_SUBJECT_MISMATCH',
    unstated: 'SBOM_SUBJECT_UNSTATED',
    uncovered: 'SBOM_PLATFORM_UNCOVERED',
  },
  scan: {
    unreadable: 'SCAN_UNREADABLE',
    mismatch: 'SCAN_SUBJECT_MISMATCH',
    unstated: 'SCAN_SUBJECT_UNSTATED',
    uncovered: 'SCAN_PLATFORM_UNCOVERED',
  },
};

/** Documents of a class that are readable and speak of this image, for one platform. */
export interface ClassSelection {
  /** Bound to the platform. */
  readonly bound: readonly EvidenceDocument[];
  /** On the index, and not saying that they are about this platform. */
  readonly uncovered: readonly EvidenceDocument[];
  /** How many were refused, each with its reason. */
  readonly rejected: number;
}

/**
 * The documents of a class for a platform. What is signed but cannot be read, or is about another image, denies: it may
 * hide something, or a build has signed the wrong file.
 */
export function selectDocuments(
  context: DecisionContext,
  evidenceClass: 'sbom' | 'scan',
  platform: PlatformEvidence,
): ClassSelection {
  const bound: EvidenceDocument[] = [];
  const uncovered: EvidenceDocument[] = [];
  let rejected = 0;
  for (const document of context.evidence.documents) {
    if (document.class !== evidenceClass || !isAbout(context, document, platform)) continue;
    const { content } = document;
    if (document.signatures.every(({ expiry }) => expiry !== undefined && expiry <= context.now)) {
      const message = 'every signature of the document has expired';
      context.add(evidenceClass, 'warn', 'EVIDENCE_EXPIRED', message, { platform: platform.platform, document });
      rejected++;
      continue;
    }
    if (content === undefined) {
      reportUnreadable(context, document, evidenceClass, platform);
      rejected++;
      continue;
    }
    if (!checkSubject(context, document, content as SbomDocument | ScanReport, platform)) {
      rejected++;
      continue;
    }
    if (document.target === platform.digest || coversPlatform(content as SbomDocument | ScanReport, platform))
      bound.push(document);
    else uncovered.push(document);
  }
  return { bound, uncovered, rejected };
}

function isAbout(context: DecisionContext, document: EvidenceDocument, platform: PlatformEvidence): boolean {
  return document.target === platform.digest || document.target === context.evidence.image.digest;
}

function reportUnreadable(
  context: DecisionContext,
  document: EvidenceDocument,
  evidenceClass: 'sbom' | 'scan',
  platform: PlatformEvidence,
): void {
  const { problem } = document;
  const code = problem?.code ?? codes[evidenceClass].unreadable;
  context.add(evidenceClass, 'deny', code, problem?.message ?? 'the document cannot be read', {
    platform: platform.platform,
    document,
  });
}

function checkSubject(
  context: DecisionContext,
  document: EvidenceDocument,
  content: SbomDocument | ScanReport,
  platform: PlatformEvidence,
): boolean {
  const stated = [
    ...content.subject.digests,
    ...(content.subject.imageId === undefined ? [] : [content.subject.imageId]),
  ];
  const block = context.policy[content.class];
  const { mismatch, unstated } = codes[content.class];
  const about = { platform: platform.platform, document };
  if (stated.length === 0) {
    if (block?.binding !== 'subject-and-document') return true;
    const message = `${content.format} document names no digest, so nothing in it says that it is about this image`;
    context.add(`${content.class}.binding`, 'deny', unstated, message, about);
    return false;
  }
  if (stated.some((digest) => knownDigests(context).has(digest))) return true;
  const message = `${content.format} document is about ${stated.join(', ')}, not about this image`;
  context.add(`${content.class}.binding`, 'deny', mismatch, message, about);
  return false;
}

function knownDigests(context: DecisionContext): ReadonlySet<string> {
  const { image, platforms } = context.evidence;
  const digests = new Set<string>([image.digest]);
  for (const { digest, configDigest } of platforms) {
    digests.add(digest);
    if (configDigest !== undefined) digests.add(configDigest);
  }
  return digests;
}

/** A document on the index is about a platform when it names its digest, its configuration, or its architecture. */
function coversPlatform({ subject }: SbomDocument | ScanReport, platform: PlatformEvidence): boolean {
  if (subject.digests.includes(platform.digest)) return true;
  if (subject.imageId !== undefined) return subject.imageId === platform.configDigest;
  return subject.architecture !== undefined && sameArchitecture(subject.architecture, platform.platform);
}

const architectureAliases: ReadonlyMap<string, string> = new Map([
  ['x86_64', 'amd64'],
  ['aarch64', 'arm64'],
  ['armv7', 'arm'],
]);

function sameArchitecture(stated: string, platform: string): boolean {
  const parts = stated.toLowerCase().split('/');
  const architecture = parts.length > 1 ? (parts[1] as string) : (parts[0] as string);
  return platform.split('/')[1] === (architectureAliases.get(architecture) ?? architecture);
}

/** Says that a class has nothing for a platform although the index has something. */
export function reportUncovered(
  context: DecisionContext,
  evidenceClass: 'sbom' | 'scan',
  platform: PlatformEvidence,
  documents: readonly EvidenceDocument[],
): void {
  for (const document of documents)
    context.add(
      evidenceClass,
      'deny',
      codes[evidenceClass].uncovered,
      `the document stands on the index and does not say that it is about ${platform.platform}`,
      { platform: platform.platform, document },
    );
}
