import { type EvidenceDocument, type GateDecision, parseGatePolicy } from '@notarykit/sbom-gate';
import { describe, expect, test } from 'vitest';
import {
  cdx,
  component,
  element,
  evil,
  good,
  grype,
  json,
  sarif,
  spdx,
  spdx3,
  spdxPackage,
  statement,
  syft,
  tagValue,
  trivy,
  trivyFinding,
  xml,
} from './documents.ts';
import { policyOf } from './gate-lab.ts';
import { attached, digest, image, judge, scanBlock } from './judge.ts';

const inner = { type: 'software_Package', spdxId: 'urn:q', name: 'evil' };
/** Only its place says that it is an element. */
const untyped = { spdxId: 'urn:q', name: 'evil' };
const context = 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld';
const relation = { type: 'Relationship', spdxId: 'urn:r', relationshipType: 'contains', from: 'urn:p' };

/** Inventories in which some readers find the blocked package. */
const inventories: readonly (readonly [string, string])[] = [
  ['CycloneDX: components under a name with a long s', cdx(`"components":[${good}],"component\u017f":[${evil}]`)],
  ['SPDX 3: a package inside a relationship', spdx3(element({}), { ...relation, to: [inner] })],
  ['SPDX 3: a package as root', spdx3(element({}), { type: 'SpdxDocument', spdxId: 'urn:d', rootElement: [inner] })],
  [
    'SPDX 3: a package inside a file',
    spdx3(element({}), { type: 'software_File', spdxId: 'urn:f', x: { y: [inner] } }),
  ],
  ['SPDX 3: a graph inside an element', spdx3(element({}), { type: 'Bom', spdxId: 'urn:b', '@graph': [untyped] })],
  [
    'SPDX 3: a graph inside the graph',
    spdx3(element({}), { type: 'Bom', spdxId: 'urn:b', x: { '@graph': [untyped] } }),
  ],
  ['SPDX 3: an element without type', spdx3(element({}), untyped)],
  ['SPDX 3: no graph', json({ '@context': context, name: 'evil' })],
  ['SPDX 3: one element and no graph', json({ '@context': context, ...inner })],
  ['SPDX 3: an element beside the graph', json({ '@context': context, '@graph': [element({})], ...inner })],
  ['SPDX tag-value: lines that end with CR', 'SPDXVersion: SPDX-2.3\nPackageName: good\rPackageName: evil\n'],
  ['SPDX tag-value: a line separator', 'SPDXVersion: SPDX-2.3\nPackageName: good\u2028PackageName: evil\n'],
  ['SPDX tag-value: a tag in small letters', tagValue('packagename: evil')],
  ['SPDX tag-value: a tag behind a text', tagValue('PackageComment: <text>a', 'b</text> PackageName: evil')],
  ['SPDX tag-value: a tag behind a short text', tagValue('PackageComment: <text>a</text> PackageName: evil')],
  [
    'SPDX tag-value: a package URL of another type',
    tagValue('ExternalRef: PACKAGE_MANAGER package-url pkg:npm/evil@1'),
  ],
  [
    'SPDX JSON: a package URL of another type',
    spdx([{ name: 'good', externalRefs: [{ referenceType: 'package-url', referenceLocator: 'pkg:npm/evil@1' }] }]),
  ],
  [
    'SPDX 3: a package URL of another type',
    spdx3(element({ externalIdentifier: [{ externalIdentifierType: 'other', identifier: 'pkg:npm/evil@1' }] })),
  ],
  ['CycloneDX JSON: white space behind a name', cdx('"components":[{"name":"evil "}]')],
  [
    'CycloneDX JSON: white space in a package URL',
    cdx('"components":[{"name":"good","purl":"pkg:npm/evil\\u00a0@1"}]'),
  ],
  ['CycloneDX JSON: components in two cases', cdx(`"components":[${good}],"Components":[${evil}]`)],
  ['SPDX JSON: packages in two cases', spdx([spdxPackage('good')], { Packages: [spdxPackage('evil')] })],
  ['syft: artifacts in two cases', syft([{ name: 'good' }]).replace('{', '{"Artifacts":[{"name":"evil"}],')],
  ['CycloneDX XML: text beside components', xml(component('').replace('<components>', '<components>evil'))],
  ['CycloneDX XML: text beside members', xml(component('evil<purl>pkg:npm/good@1</purl>'))],
];

const time = '"metadata":{"timestamp":"2026-11-24T10:00:00Z"}';
const modified = (type: object): string =>
  trivy([
    {
      Class: 'os-pkgs',
      ExperimentalModifiedFindings: [{ ...type, Finding: { VulnerabilityID: 'CVE-1', Severity: 'CRITICAL' } }],
    },
  ]);
const vulns = (result: unknown): string =>
  statement('https://in-toto.io/attestation/vulns/v0.2', {
    scanner: { uri: 'trivy', result },
    metadata: { scanFinishedOn: '2026-11-24T10:00:00Z' },
  });

/** Reports that say nothing, or hide a critical finding where some readers look. */
const reports: readonly (readonly [string, string])[] = [
  ['Grype: matches that are null', grype({ matches: null })],
  ['CycloneDX: vulnerabilities that are null', cdx(`${time},"vulnerabilities":null`)],
  ['Trivy: results in two cases', trivy([{ Class: 'os-pkgs' }]).replace('{', '{"results":[],')],
  ['Trivy: a modified finding without type', modified({})],
  ['Trivy: a modified finding of a type in other letters', modified({ Type: 'Vulnerability' })],
  [
    'vulns: a severity beside the vulnerability',
    vulns([{ severity: [{ score: '9.8' }], vulnerability: { id: 'CVE-1' } }]),
  ],
  [
    'cosign: a report of two formats',
    statement('https://cosign.sigstore.dev/attestation/vuln/v1', {
      scanner: { result: { ...JSON.parse(trivy([{ Class: 'os-pkgs' }])), ...JSON.parse(grype({}, 'Critical')) } },
      metadata: { scanFinishedOn: '2026-11-24T10:00:00Z' },
    }),
  ],
];

const answers = /^(?:(?:SBOM|SCAN)_UNREADABLE|SCAN_FAILED|PACKAGE_BLOCKED|PURL_INVALID|VULN_(?:SEVERITY|LISTED))$/;
const denials = ({ outcomes }: GateDecision): readonly string[] =>
  outcomes.filter(({ level }) => level === 'deny').map(({ code }) => code);
function checkDenied(decision: GateDecision): void {
  const denied = denials(decision);
  expect([decision.verdict, denied, denied.some((code) => answers.test(code))]).toEqual(['DENY', denied, true]);
}
const policyWith = (scan: object) => parseGatePolicy(json(policyOf({ scan: { ...scanBlock, ...scan } })));

const snykRule = {
  id: 'SNYK-DEBIAN12-P-1',
  shortDescription: { text: 'Critical severity - Something vulnerability in p' },
  fullDescription: { text: '(CVE-2011-3374, GHSA-abcd-abcd-abcd) p@1' },
};
const snykSarif = sarif({ ruleId: snykRule.id }, [], {
  tool: { driver: { name: 'Snyk Container', rules: [snykRule] } },
});

describe('what only some parsers find never leads to ALLOW', () => {
  test.for(inventories)('AM1 %s', ([, text]) => {
    checkDenied(judge([attached(text, 'sbom')], 'sbom'));
  });

  test.for(reports)('AM2 %s', ([, text]) => {
    checkDenied(judge([attached(text, 'scan')], policyWith({ suppressedByScanner: 'deny' })));
  });

  test('AM2 a vulnerability is listed under the other ids that Snyk gives it in SARIF', () => {
    for (const id of ['CVE-2011-3374', 'ghsa-abcd-abcd-abcd', 'SNYK-DEBIAN12-P-1'])
      checkDenied(judge([attached(snykSarif, 'scan')], policyWith({ block: { ids: [id] } })));
    expect(judge([attached(snykSarif, 'scan')], policyWith({ block: { ids: ['CVE-2011-337'] } })).verdict).toBe(
      'ALLOW',
    );
  });
});

describe('where only what can be fixed blocks', () => {
  const onlyFixable = policyWith({ block: { severityAtOrAbove: 'critical', onlyFixable: true } });
  const rated = (tool: string, more = ''): string =>
    cdx(
      `"metadata":{"timestamp":"2026-11-24T10:00:00Z","tools":{"components":[{"name":"${tool}"}]}},"vulnerabilities":[{"id":"CVE-1","ratings":[{"severity":"critical"}]${more}}]`,
    );
  const match = (fix: object): string =>
    grype({ matches: [{ vulnerability: { id: 'CVE-1', severity: 'Critical', fix }, artifact: { name: 'p' } }] });
  const snyk = (more: object): string =>
    json({
      packageManager: 'deb',
      dependencyCount: 3,
      vulnerabilities: [{ id: 'CVE-1', severity: 'critical', name: 'p', ...more }],
    });
  const scout = (cve: object): string =>
    statement('https://scout.docker.com/vulnerabilities/v0.1', [
      { purl: 'pkg:npm/x@1', vulnerabilities: [{ source_id: 'CVE-1', cvss: { severity: 'critical' }, ...cve }] },
    ]);

  test.for([
    ['SARIF of Snyk', snykSarif],
    ['SARIF without a line about fixes', sarif({ message: { text: 'Severity: CRITICAL' } }, [])],
    ['CycloneDX of Grype', rated('grype')],
    ['Grype that names no version', match({ state: 'fixed', versions: [] })],
    ['Trivy that names no version', trivyFinding({ Severity: 'CRITICAL', Status: 'fixed' })],
    ['Snyk with an upgrade of something else', snyk({ isUpgradable: true })],
    ['Snyk with a patch', snyk({ isPatchable: true })],
    ['Scout that does not tell', scout({})],
  ] as const)('AM4 a missing statement does not mean that there is no fix: %s', ([, text]) => {
    checkDenied(judge([attached(text, 'scan')], onlyFixable));
  });

  test.for([
    ['CycloneDX of Trivy', rated('trivy')],
    ['Grype', match({ state: 'not-fixed', versions: [] })],
    ['SARIF with an empty line', sarif({ message: { text: 'Severity: CRITICAL\nFixed Version: ' } }, [])],
    ['Snyk', snyk({})],
    ['Scout', scout({ fixed_by: 'not fixed' })],
  ] as const)('an explicit statement that there is no fix counts: %s', ([, text]) => {
    expect(judge([attached(text, 'scan')], onlyFixable).verdict).toBe('ALLOW');
  });
});

describe('which of several reports is the newest', () => {
  const unsigned = (text: string, letter: string): EvidenceDocument => ({
    ...attached(text, 'scan'),
    blob: digest(letter),
    signatures: attached(text, 'scan').signatures.map((one) => ({ ...one, timeKind: 'claimed' })),
  });
  const clean = unsigned(trivy([{ Class: 'os-pkgs' }]), '1');

  test.for(['', '"CreatedAt":"0001-01-01T00:00:00Z",', '"CreatedAt":"2026-11-24 11:00",'])(
    'AM6 a report without a time that can be read may be the newest: %s',
    (created) => {
      const report = trivyFinding({ Severity: 'CRITICAL' }).replace('"CreatedAt":"2026-11-24T10:00:00Z",', created);
      expect(judge([clean], 'scan').verdict).toBe('ALLOW');
      for (const combine of ['newest', 'newest-per-scanner'])
        expect(denials(judge([clean, unsigned(report, '2')], policyWith({ combine })))).toContain('SCAN_TIME_MISSING');
    },
  );

  test('AM6 each of several reports of one moment is judged, whatever their digests are', () => {
    const critical = trivyFinding({ Severity: 'CRITICAL' });
    for (const combine of ['newest', 'newest-per-scanner'])
      for (const letter of ['0', '2'])
        expect(denials(judge([clean, unsigned(critical, letter)], policyWith({ combine })))).toContain('VULN_SEVERITY');
  });

  test('AM6 a report that is attached in two places is judged once', () => {
    const critical = unsigned(trivyFinding({ Severity: 'CRITICAL' }), '2');
    const decision = judge([critical, { ...critical, manifest: digest('6') }], 'scan');
    expect(decision.counts.blocking).toBe(1);
  });

  test('AM6 an older report with a time is not judged', () => {
    const older = trivyFinding({ Severity: 'CRITICAL' }).replace('T10:', 'T09:');
    expect(judge([clean, unsigned(older, '2')], 'scan').verdict).toBe('ALLOW');
  });
});

describe('what a document says that it is about', () => {
  const other = digest('b');
  const root = (members: string): string =>
    cdx(
      `"metadata":{"timestamp":"2026-11-24T10:00:00Z","component":{"type":"container",${members}}},"vulnerabilities":[]`,
    );
  const trivyOf = (members: object): string => json({ ...JSON.parse(trivy([{ Class: 'os-pkgs' }])), ...members });
  const grypeOf = (target: object): string => grype({ matches: [], source: { type: 'image', target } });
  const repoDigest = (text: string): string => trivyOf({ Metadata: { RepoDigests: [text] } });
  const spdxRoot = (checksum: object): string =>
    spdx([{ ...spdxPackage('good', 'pkg:oci/app'), checksums: [checksum] }], { documentDescribes: ['SPDXRef-good'] });

  test.for([
    ['a package URL with this image in a qualifier', repoDigest(`pkg:oci/a@${other}?repository_url=r@${image}`)],
    ['a digest that was cut short', repoDigest('app@sha256:bbbb')],
    ['a digest of an algorithm that nobody knows', repoDigest(`app@blake3:${other.slice(7)}`)],
    ['the name that a scanner was given', trivyOf({ ArtifactName: `registry.test/app@${other}` })],
    ['the input that a scanner was given', grypeOf({ userInput: `registry.test/app@${other}` })],
    ['a hash of another length', root(`"name":"app","hashes":[{"alg":"SHA-512","content":"${'b'.repeat(128)}"}]`)],
    ['a hash in another spelling', root(`"name":"app","hashes":[{"alg":"sha256","content":"${other.slice(7)}"}]`)],
    ['a qualifier of type docker', root(`"name":"app","purl":"pkg:docker/app@v1?digest=${other}"`)],
  ] as const)('GP4 a stated digest decides: %s', ([, text]) => {
    expect(denials(judge([attached(text, 'scan')], 'scan'))).toEqual(['SCAN_MISSING']);
  });

  test.for([
    ['checksum', spdxRoot({ algorithm: 'SHA512', checksumValue: 'b'.repeat(128) })],
    [
      'checksum of tag-value',
      tagValue(`PackageChecksum: SHA512: ${'b'.repeat(128)}`, 'Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-good'),
    ],
  ] as const)('GP4 a stated digest of an inventory decides: %s', ([, text]) => {
    expect(denials(judge([attached(text, 'sbom')], 'sbom'))).toEqual(['SBOM_MISSING']);
  });

  test.for([
    ['type docker', root('"name":"app","purl":"pkg:docker/app@v1?platform=linux%2Farm64"')],
    ['system', root('"name":"app","purl":"pkg:oci/app?arch=amd64&os=windows"')],
  ] as const)('GP5 a stated platform decides: %s', ([, text]) => {
    expect(denials(judge([attached(text, 'scan')], 'scan'))).toEqual(['SCAN_MISSING']);
  });

  test('the same statements about this image count', () => {
    const texts = [
      repoDigest(`pkg:oci/a@${image}?repository_url=r@${other}`),
      trivyOf({ ArtifactName: `registry.test/app@${image}` }),
      grypeOf({ userInput: 'registry.test/app:v1' }),
      root(`"name":"app","hashes":[{"alg":"sha256","content":"${image.slice(7)}"}]`),
      root(`"name":"app","purl":"pkg:docker/app@v1?digest=${image}&platform=linux%2Famd64"`),
    ];
    expect(texts.map((text) => judge([attached(text, 'scan')], 'scan').verdict)).toEqual(texts.map(() => 'ALLOW'));
  });
});
