import type { DecisionCode } from '../codes.js';
import type { EvidenceDocument, PlatformEvidence } from '../evidence/evidence.js';
import type { DemandedClass } from '../evidence/proof.js';
import type { DecisionContext } from './context.js';
import type { SubjectVerdict } from './subject.js';

type SetAside = Exclude<SubjectVerdict, 'bound' | 'unstated'>;

const codes: Readonly<Record<DemandedClass, Readonly<Record<SetAside | 'unstated' | 'unreadable', DecisionCode>>>> = {
  sbom: {
    unreadable: 'SBOM_UNREADABLE',
    unstated: 'SBOM_SUBJECT_UNSTATED',
    otherImage: 'SBOM_SUBJECT_MISMATCH',
    otherPlatform: 'SBOM_PLATFORM_UNCOVERED',
    platformUnsaid: 'SBOM_PLATFORM_UNCOVERED',
  },
  scan: {
    unreadable: 'SCAN_UNREADABLE',
    unstated: 'SCAN_SUBJECT_UNSTATED',
    otherImage: 'SCAN_SUBJECT_MISMATCH',
    otherPlatform: 'SCAN_PLATFORM_UNCOVERED',
    platformUnsaid: 'SCAN_PLATFORM_UNCOVERED',
  },
  provenance: {
    unreadable: 'PROVENANCE_UNREADABLE',
    unstated: 'PROVENANCE_SUBJECT_UNSTATED',
    otherImage: 'PROVENANCE_SUBJECT_MISMATCH',
    otherPlatform: 'PROVENANCE_PLATFORM_UNCOVERED',
    platformUnsaid: 'PROVENANCE_PLATFORM_UNCOVERED',
  },
};

/**
 * The documents of a class that are about a platform. Set aside, which is exactly absent, is what has expired or is about another
 * image or platform. What cannot be read denies: it may hide something, or a build has signed the wrong file.
 */
export function selectDocuments(
  context: DecisionContext,
  evidenceClass: DemandedClass,
  platform: PlatformEvidence,
): readonly EvidenceDocument[] {
  return context
    .documentsAt(platform)
    .filter((document) => document.class === evidenceClass && isBound(context, evidenceClass, document, platform));
}

/** Whether too few signatures of a document go on for any of its signers: where expiry is only logged, an expired signature still does not count. */
export function isExpired({ signatures }: EvidenceDocument, { now, policy }: DecisionContext): boolean {
  const going = new Map<string, Set<string>>();
  for (const { alias, group, expiry } of signatures) {
    if (expiry !== undefined && expiry <= now) continue;
    const groups = going.get(alias) ?? new Set();
    going.set(alias, groups.add(group));
  }
  return ![...going].some(([alias, { size }]) => size >= (policy.signers.get(alias)?.minSignatures ?? 1));
}

function isBound(
  context: DecisionContext,
  evidenceClass: DemandedClass,
  document: EvidenceDocument,
  platform: PlatformEvidence,
): boolean {
  if (isExpired(document, context)) {
    context.setAside(
      document,
      platform,
      evidenceClass,
      'EVIDENCE_EXPIRED',
      'too few signatures of the document have not expired',
    );
    return false;
  }
  const { content, problem } = document;
  const own = codes[evidenceClass];
  if (content === undefined) {
    const message = problem?.message ?? 'the document cannot be read';
    context.refuse(document, platform, evidenceClass, problem?.code ?? own.unreadable, message);
    return false;
  }
  const strict = context.policy[evidenceClass]?.binding === 'subject-and-document';
  const verdict =
    evidenceClass === 'provenance'
      ? context.subjects.judgeBuild(content.subject, platform, strict)
      : context.subjects.judge(content.subject, document.target, platform, strict);
  if (verdict === 'bound') return true;
  const message = messageOf(verdict, document, platform);
  const rule = `${evidenceClass}.binding`;
  if (verdict === 'unstated') context.refuse(document, platform, rule, own.unstated, message);
  else context.setAside(document, platform, rule, own[verdict], message, verdict === 'otherPlatform' ? 'info' : 'warn');
  return false;
}

function messageOf(verdict: SetAside | 'unstated', document: EvidenceDocument, { platform }: PlatformEvidence): string {
  const { digests = [], imageIds = [], carriers = [] } = document.content?.subject ?? {};
  const format = document.content?.format ?? '';
  switch (verdict) {
    case 'unstated':
      return `${format} document names no digest, so nothing in it says that it is about this image`;
    case 'otherImage':
      return `${format} document is about ${[...digests, ...imageIds, ...carriers.flat()].join(', ')}, not about this image`;
    case 'otherPlatform':
      return `${format} document is about another platform than ${platform}`;
    case 'platformUnsaid':
      return `${format} document stands on the index and does not say that it is about ${platform}`;
  }
}
