import {
  decide,
  type EvidenceClass,
  type EvidenceDocument,
  type GateDecision,
  type GateEvidence,
  parseGatePolicy,
  readDocumentBytes,
} from '@notarykit/sbom-gate';
import { expect, test } from 'vitest';
import { countVectors, vectorBytes, vectorList, vectorSet } from '../vectors.ts';

const image = `sha256:${'a1'.repeat(32)}` as const;
const config = `sha256:${'c3'.repeat(32)}` as const;
const now = new Date('2026-01-03T00:00:00Z');
const limits = { documentBytes: 1 << 24, depth: 256, items: 100_000 };

const policy = parseGatePolicy(
  JSON.stringify({
    version: '1.0',
    name: 'hostile',
    signers: { build: { trustPolicy: 'build' } },
    image: { signedBy: ['build'] },
    sbom: {
      signedBy: ['build'],
      formats: ['cyclonedx', 'spdx-2', 'origin-simple'],
      blockPackages: [
        { id: 'log4shell', purl: 'pkg:maven/org.apache.logging.log4j/log4j-core', versions: 'vers:maven/<2.17.1' },
        { id: 'lodash', purl: 'pkg:npm/lodash', versions: 'vers:npm/<4.17.21' },
        { id: 'angular', purl: 'pkg:npm/%40angular/core' },
      ],
    },
    scan: {
      signedBy: ['build'],
      formats: ['trivy', 'grype', 'sarif', 'cosign-vuln'],
      maxAge: '2d',
      block: { severityAtOrAbove: 'critical', unknownSeverity: 'deny' },
      requireCoverage: ['os'],
    },
    vex: { signedBy: ['build'] },
  }),
);
const requiring = parseGatePolicy(
  JSON.stringify({
    version: '1.0',
    name: 'requiring',
    signers: { build: { trustPolicy: 'build' } },
    image: { signedBy: ['build'] },
    sbom: { signedBy: ['build'], requirePackages: [{ name: 'openssl' }] },
  }),
);
const simple = parseGatePolicy(
  JSON.stringify({
    version: '1.0',
    name: 'simple',
    signers: { build: { trustPolicy: 'build' } },
    image: { signedBy: ['build'] },
    sbom: { signedBy: ['build'], formats: ['origin-simple'], binding: 'subject-and-document' },
  }),
);

const signature = {
  digest: `sha256:${'5'.repeat(64)}`,
  subject: 'CN=build',
  thumbprint: '00',
  timeKind: 'claimed',
  group: 'build',
  alias: 'build',
  statement: 'build',
} as const;

/** A hostile file as evidence that a trusted signer has attached to the image. */
function document(file: string, wanted: EvidenceClass, folder = 'hostile'): EvidenceDocument {
  const outcome = readDocumentBytes(vectorBytes('sbom', ...folder.split('/'), file), { limits, wanted });
  return {
    class: wanted,
    target: image,
    manifest: `sha256:${'d'.repeat(64)}`,
    blob: `sha256:${'e'.repeat(64)}`,
    signatures: [signature],
    warnings: [],
    ...outcome,
  };
}

function judge(documents: readonly EvidenceDocument[], by: typeof policy): GateDecision {
  const evidence: GateEvidence = {
    image: { digest: image, signatures: [signature], untrusted: [] },
    platforms: [{ platform: 'linux/amd64', digest: image, configDigest: config }],
    others: [],
    missingPlatforms: [],
    documents,
    ignored: [],
    problems: [],
  };
  return decide(evidence, { policy: by, rules: [], seen: [] }, now);
}

function codesOf(decision: GateDecision, level = 'deny'): readonly string[] {
  return [...new Set(decision.outcomes.filter((one) => one.level === level).map(({ code }) => code))].sort();
}

const unreadableSbom = ['SBOM_UNREADABLE'];
/** Codes that deny, by file. Scan files are judged without an SBOM block, SBOM files without a scan block. */
const sboms: Readonly<Record<string, readonly string[]>> = {
  'blocked-nested.cdx.json': ['PACKAGE_BLOCKED'],
  'blocked-under-metadata.cdx.json': ['PACKAGE_BLOCKED'],
  'deep-components.cdx.json': ['LIMIT_EXCEEDED'],
  'dup-key-created.spdx.json': unreadableSbom,
  'dup-key-escaped.spdx.json': unreadableSbom,
  'dup-key-packages.spdx.json': unreadableSbom,
  'empty-array.json': unreadableSbom,
  'empty-file.json': unreadableSbom,
  'empty-object.json': unreadableSbom,
  'huge-number.cdx.json': unreadableSbom,
  'invalid-utf8.cdx.json': unreadableSbom,
  'lone-surrogate.cdx.json': unreadableSbom,
  'name-purl-mismatch.cdx.json': ['PACKAGE_BLOCKED'],
  'no-purl.cdx.json': ['PACKAGE_BLOCKED'],
  'nul-in-name.cdx.json': ['PACKAGE_BLOCKED'],
  'null.json': unreadableSbom,
  'purl-scope-in-name.cdx.json': ['PACKAGE_BLOCKED'],
  'purl-spellings.cdx.json': ['PACKAGE_BLOCKED', 'PURL_INVALID'],
  'trailing-data.cdx.json': unreadableSbom,
  'truncated.cdx.json': unreadableSbom,
  'two-formats.json': ['EVIDENCE_AMBIGUOUS'],
  'utf8-bom.cdx.json': unreadableSbom,
  // Two images and nothing in them.
  'multi-root.spdx.json': ['SBOM_EMPTY'],
  // Nothing in these two is blocked: they are hostile only to readers that trip over them.
  'proto-key.cdx.json': [],
  'vers-noncanonical.cdx.json': [],
};
const required: Readonly<Record<string, readonly string[]>> = {
  'excluded-required.cdx.json': ['PACKAGE_REQUIRED_MISSING'],
  'external-required.cdx.json': ['PACKAGE_REQUIRED_MISSING'],
  'external-doc-ref.spdx.json': ['PACKAGE_REQUIRED_MISSING'],
};
const simples: Readonly<Record<string, readonly string[]>> = {
  'seed-good.json': [],
  'seed-bad.json': ['SBOM_NOT_GOOD'],
  // About another image: set aside, so that there is none.
  'seed-other-image.json': ['SBOM_MISSING'],
  'seed-tag-only.json': ['SBOM_SUBJECT_UNSTATED'],
  'seed-extra-member.json': unreadableSbom,
};
const scans: Readonly<Record<string, readonly string[]>> = {
  'cosign-vuln-reconverted.json': ['SCAN_STALE'],
  'grype-date-only.json': ['SCAN_TIME_MISSING'],
  'grype-leap.json': ['SCAN_STALE'],
  'grype-no-offset.json': ['SCAN_TIME_MISSING'],
  'grype-no-timestamp.json': ['SCAN_TIME_MISSING'],
  'grype-offset.json': [],
  'sarif-execution-failed.sarif': ['SCAN_FAILED', 'SCAN_TIME_MISSING'],
  'sarif-results-null.sarif': ['SCAN_FAILED', 'SCAN_TIME_MISSING'],
  'sarif-second-run.sarif': ['SCAN_COVERAGE_UNKNOWN', 'SCAN_TIME_MISSING', 'VULN_SEVERITY'],
  'trivy-eosl.json': ['SCAN_OS_END_OF_LIFE'],
  'trivy-future.json': ['SCAN_TIME_IN_FUTURE'],
  'trivy-no-created.json': ['SCAN_TIME_MISSING'],
  'trivy-no-results.json': ['SCAN_FAILED'],
  'trivy-other-digest.json': ['SCAN_MISSING'],
  'trivy-two-repodigests.json': [],
  'trivy-unknown-severity.json': ['VULN_SEVERITY', 'VULN_SEVERITY_UNKNOWN'],
};
/** VEX files beside a report with CVE-2026-0001: none of them may take the finding away. */
const vexes = ['openvex-conflict.json', 'openvex-generic-product.json', 'openvex-no-products.json'];

vectorSet('sbom', 'sbom/hostile', () => {
  const { scan: _scan, vex: _vex, ...sbomOnly } = policy;
  const { sbom: _sbom, ...scanOnly } = policy;

  test.for(Object.entries(sboms))('G4 G5 %s as SBOM', ([file, codes]) => {
    expect(codesOf(judge([document(file, 'sbom')], sbomOnly))).toEqual(codes);
  });
  test.for(Object.entries(required))('%s does not satisfy sbom.requirePackages', ([file, codes]) => {
    expect(codesOf(judge([document(file, 'sbom')], requiring))).toEqual(codes);
  });
  test.for(Object.entries(simples))('%s as simple SBOM', ([file, codes]) => {
    expect(codesOf(judge([document(file, 'sbom')], simple))).toEqual(codes);
  });
  test.for(Object.entries(scans))('G3 %s as scan report', ([file, codes]) => {
    expect(codesOf(judge([document(file, 'scan')], scanOnly))).toEqual(codes);
  });
  test('refuses documents about another image', () => {
    expect(codesOf(judge([document('seed-other-image.json', 'sbom')], simple), 'warn')).toEqual([
      'SBOM_SUBJECT_MISMATCH',
    ]);
    expect(codesOf(judge([document('trivy-other-digest.json', 'scan')], scanOnly), 'warn')).toEqual([
      'SCAN_SUBJECT_MISMATCH',
    ]);
  });
  test.for(vexes)('%s takes no finding away', (file) => {
    const decision = judge([document('trivy-unknown-severity.json', 'scan'), document(file, 'vex')], scanOnly);
    const finding = decision.outcomes.find((one) => one.level === 'deny' && one.finding === 'CVE-2026-0001');
    expect(finding?.code).toBe('VULN_SEVERITY_UNKNOWN');
    expect(decision.counts.vexAccepted).toBe(0);
  });

  test('7.11 a report that looked at licences only is not a scan', () => {
    const report = document('license_scheme.json', 'scan', 'scan/trivy');
    if (report.content?.class !== 'scan') throw new Error('not read as a scan');
    const unbound = { ...report, content: { ...report.content, subject: { digests: [], names: [] } } };
    expect(codesOf(judge([unbound], scanOnly))).toContain('SCAN_COVERAGE_UNKNOWN');
  });
  test('7.13 a rule id composed of finding and package is the finding', () => {
    const listed = {
      ...scanOnly,
      scan: { ...scanOnly.scan!, block: { ...scanOnly.scan!.block, ids: ['CVE-2023-2975'] } },
    };
    const decision = judge([document('nginx-grype.sarif', 'scan', 'scan/sarif')], listed);
    const found = decision.outcomes.filter(
      ({ code, finding }) => code === 'VULN_LISTED' && finding === 'CVE-2023-2975',
    );
    expect(found.length).toBeGreaterThan(0);
  });

  test('an incomplete inventory is reported', () => {
    expect(codesOf(judge([document('external-doc-ref.spdx.json', 'sbom')], requiring), 'warn')).toContain(
      'SBOM_INCOMPLETE',
    );
  });

  test('prototype members stay members', () => {
    judge([document('proto-key.cdx.json', 'sbom')], sbomOnly);
    expect('polluted' in {}).toBe(false);
  });

  test('every hostile file has its row, and none turns a denial into ALLOW', (context) => {
    const files = vectorList('sbom', 'hostile').filter((file) => !file.endsWith('.md'));
    const known = [...[sboms, required, simples, scans].flatMap((table) => Object.keys(table)), ...vexes].sort();
    expect(known).toEqual([...files].sort());
    for (const file of files) {
      for (const wanted of ['sbom', 'scan', 'vex'] as const) {
        const alone = judge([document('blocked-nested.cdx.json', 'sbom')], policy);
        const both = judge([document('blocked-nested.cdx.json', 'sbom'), document(file, wanted)], policy);
        expect([file, alone.verdict, both.verdict]).toEqual([file, 'DENY', 'DENY']);
      }
    }
    countVectors(context, files.length, files.length);
  });
});
