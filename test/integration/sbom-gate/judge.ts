import { utf8 } from '@notarykit/common';
import {
  decide,
  type EvidenceClass,
  type EvidenceDocument,
  type GateDecision,
  type GatePolicy,
  parseGatePolicy,
  readDocumentBytes,
} from '@notarykit/sbom-gate';
import { labNow, policyOf, requestOf } from './gate-lab.ts';

export const digest = (letter: string): `sha256:${string}` => `sha256:${letter.repeat(64)}`;
export const image = digest('a');
/** A signature that the alias `build` accepts. */
export const signature = {
  digest: digest('5'),
  subject: 'CN=build',
  thumbprint: '00',
  timeKind: 'claimed',
  alias: 'build',
  statement: 'build',
  group: 'build',
} as const;
const limits = { documentBytes: 1 << 20, depth: 64, items: 1000 };

export const scanBlock = {
  signedBy: ['build'],
  maxAge: '7d',
  severitySource: 'max',
  formats: ['trivy', 'grype', 'snyk', 'cyclonedx', 'in-toto-vulns', 'cosign-vuln', 'scout', 'sarif'],
  requireCoverage: [],
  block: { severityAtOrAbove: 'critical', unknownSeverity: 'ignore' },
};

/** Blocks the package `evil`, the licence GPL-2.0-only, and critical findings. */
const policies = {
  sbom: parseGatePolicy(
    JSON.stringify(
      policyOf({
        sbom: {
          signedBy: ['build'],
          allowEmpty: true,
          formats: ['spdx-2', 'spdx-3', 'cyclonedx', 'syft'],
          blockPackages: [{ purl: 'pkg:npm/evil', includeUpstream: true }, { name: 'evil' }],
          requirePackages: [],
          licenses: { block: ['GPL-2.0-only'], unknown: 'ignore' },
        },
      }),
    ),
  ),
  scan: parseGatePolicy(
    JSON.stringify(
      policyOf({
        scan: scanBlock,
        vex: { signedBy: ['build'] },
      }),
    ),
  ),
};

export function attached(text: string, wanted: EvidenceClass, within = limits): EvidenceDocument {
  return {
    class: wanted,
    target: image,
    manifest: digest('7'),
    blob: digest('8'),
    signatures: [{ ...signature, timeKind: 'rfc3161', time: new Date('2026-11-24T10:00:00Z') }],
    warnings: [],
    ...readDocumentBytes(utf8(text), { limits: within, wanted }),
  };
}

interface Judging {
  /** The image that is judged, which is signed. */
  readonly of?: typeof image;
  readonly now?: Date;
}

export function judge(
  documents: readonly EvidenceDocument[],
  by: 'sbom' | 'scan' | GatePolicy,
  { of = image, now = labNow }: Judging = {},
): GateDecision {
  const evidence = {
    image: { digest: of, signatures: [signature], untrusted: [] },
    platforms: [{ platform: 'linux/amd64', digest: of }],
    others: [],
    missingPlatforms: [],
    documents,
    ignored: [],
    problems: [],
  };
  return decide(evidence, requestOf(typeof by === 'string' ? policies[by] : by), now);
}
