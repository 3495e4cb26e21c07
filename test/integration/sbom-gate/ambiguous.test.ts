import { type EvidenceDocument, type GateDecision, parseGatePolicy } from '@notarykit/sbom-gate';
import { describe, expect, test } from 'vitest';
import {
  cdx,
  component,
  critical,
  element,
  evil,
  good,
  grype,
  json,
  rated,
  rating,
  rule,
  sarif,
  snyk,
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
import { attached, judge, scanBlock } from './judge.ts';

/** Inventories that hold a blocked package or licence somewhere, and say it in a way that could be overlooked. */
const inventories: readonly (readonly [string, string])[] = [
  ['CycloneDX JSON: components twice', cdx(`"components":[${evil}],"components":[${good}]`)],
  ['CycloneDX JSON: name twice', cdx(`"components":[{"name":"evil","name":"good"}]`)],
  ['CycloneDX JSON: name twice, escaped', cdx(`"components":[{"name":"evil","n\\u0061me":"good"}]`)],
  ['CycloneDX JSON: a component that is text', cdx(`"components":[${good},"evil"]`)],
  ['CycloneDX JSON: a component that is a list', cdx(`"components":[${good},[${evil}]]`)],
  ['CycloneDX JSON: components that are an object', cdx(`"components":{"0":${evil}}`)],
  ['CycloneDX JSON: components that are text', cdx(`"components":"evil"`)],
  [
    'CycloneDX JSON: nested components that are an object',
    cdx(`"components":[{"name":"good","components":{"0":${evil}}}]`),
  ],
  ['CycloneDX JSON: a nested component that is text', cdx(`"components":[{"name":"good","components":["evil"]}]`)],
  ['CycloneDX JSON: a name that is a list', cdx(`"components":[{"name":["evil"]}]`)],
  ['CycloneDX JSON: a package URL that is a list', cdx(`"components":[{"name":"good","purl":["pkg:npm/evil@1"]}]`)],
  ['CycloneDX JSON: metadata that is a list', cdx(`"metadata":[{"component":${evil}}],"components":[${good}]`)],
  [
    'CycloneDX JSON: licences that are an object',
    cdx(`"components":[{"name":"good","licenses":{"license":{"id":"GPL-2.0-only"}}}]`),
  ],
  [
    'CycloneDX JSON: id beside expression',
    cdx(`"components":[{"name":"good","licenses":[{"expression":"MIT","license":{"id":"GPL-2.0-only"}}]}]`),
  ],
  [
    'CycloneDX JSON: name beside id',
    cdx(`"components":[{"name":"good","licenses":[{"license":{"id":"MIT","name":"GPL-2.0-only"}}]}]`),
  ],
  [
    'CycloneDX JSON: two source packages',
    cdx(
      `"components":[{"name":"good","properties":[{"name":"aquasecurity:trivy:SrcName","value":"evil"},{"name":"aquasecurity:trivy:SrcName","value":"good"}]}]`,
    ),
  ],
  [
    'CycloneDX XML: components twice',
    xml(`<components><component type="library"><name>evil</name></component></components>${component('')}`),
  ],
  [
    'CycloneDX XML: components twice in a component',
    xml(component(`${component('').replace('good', 'evil')}${component('')}`)),
  ],
  ['CycloneDX XML: name twice', xml(component('<name>evil</name>'))],
  [
    'CycloneDX XML: name as attribute too',
    xml('<components><component type="library" name="evil"><name>good</name></component></components>'),
  ],
  ['CycloneDX XML: a name of another namespace', xml(component('<x:name xmlns:x="urn:x">evil</x:name>'))],
  ['CycloneDX XML: package URL twice', xml(component('<purl>pkg:npm/evil@1</purl><purl>pkg:npm/good@1</purl>'))],
  [
    'CycloneDX XML: licences twice',
    xml(
      component(
        '<licenses><license><id>GPL-2.0-only</id></license></licenses><licenses><license><id>MIT</id></license></licenses>',
      ),
    ),
  ],
  [
    'CycloneDX XML: id of a licence twice',
    xml(component('<licenses><license><id>GPL-2.0-only</id><id>MIT</id></license></licenses>')),
  ],
  [
    'CycloneDX XML: metadata twice',
    xml('<metadata><component type="library"><name>evil</name></component></metadata><metadata/>'),
  ],
  ['SPDX JSON: packages twice', `{"spdxVersion":"SPDX-2.3","packages":[{"name":"evil"}],"packages":[{"name":"good"}]}`],
  ['SPDX JSON: two package URLs', spdx([spdxPackage('good', 'pkg:npm/good@1', 'pkg:npm/evil@1')])],
  ['SPDX JSON: two package URLs, the other way', spdx([spdxPackage('good', 'pkg:npm/evil@1', 'pkg:npm/good@1')])],
  [
    'SPDX JSON: a package URL by the address of its type',
    spdx([
      {
        name: 'good',
        externalRefs: [{ referenceType: 'http://spdx.org/rdf/references/purl', referenceLocator: 'pkg:npm/evil@1' }],
      },
    ]),
  ],
  ['SPDX JSON: a package that is text', spdx([spdxPackage('good'), 'evil'])],
  ['SPDX JSON: a package that is a list', spdx([[spdxPackage('evil')]])],
  ['SPDX JSON: packages that are an object', spdx({ 0: spdxPackage('evil') })],
  [
    'SPDX JSON: references that are an object',
    spdx([{ name: 'good', externalRefs: { referenceType: 'purl', referenceLocator: 'pkg:npm/evil@1' } }]),
  ],
  ['SPDX JSON: a licence that is a list', spdx([{ name: 'good', licenseDeclared: ['GPL-2.0-only'] }])],
  [
    'SPDX JSON: a name of a licence twice',
    spdx([{ name: 'good', licenseDeclared: 'LicenseRef-1' }], {
      hasExtractedLicensingInfos: [
        { licenseId: 'LicenseRef-1', name: 'GPL-2.0-only' },
        { licenseId: 'LicenseRef-1', name: 'MIT' },
      ],
    }),
  ],
  [
    'SPDX JSON: a second package under the name of the root',
    spdx(
      [
        { ...spdxPackage('r', 'pkg:oci/app'), licenseDeclared: 'MIT' },
        { ...spdxPackage('r', 'pkg:oci/app'), licenseDeclared: 'GPL-2.0-only' },
      ],
      { documentDescribes: ['SPDXRef-r'] },
    ),
  ],
  [
    'SPDX tag-value: two package URLs',
    tagValue('ExternalRef: PACKAGE-MANAGER purl pkg:npm/good@1', 'ExternalRef: PACKAGE-MANAGER purl pkg:npm/evil@1'),
  ],
  [
    'SPDX tag-value: licence twice, the other way',
    tagValue('PackageLicenseDeclared: GPL-2.0-only', 'PackageLicenseDeclared: MIT'),
  ],
  ['SPDX tag-value: licence twice', tagValue('PackageLicenseDeclared: MIT', 'PackageLicenseDeclared: GPL-2.0-only')],
  [
    'SPDX tag-value: a name of a licence twice',
    tagValue(
      'PackageLicenseDeclared: LicenseRef-1',
      'LicenseID: LicenseRef-1',
      'LicenseName: GPL-2.0-only',
      'LicenseID: LicenseRef-1',
      'LicenseName: MIT',
    ),
  ],
  [
    'SPDX 3: two package URLs',
    spdx3(
      element({
        software_packageUrl: 'pkg:npm/good@1',
        externalIdentifier: [
          { type: 'ExternalIdentifier', externalIdentifierType: 'packageUrl', identifier: 'pkg:npm/evil@1' },
        ],
      }),
    ),
  ],
  ['SPDX 3: a type that is a list', spdx3(element({}), { type: ['software_Package'], spdxId: 'urn:q', name: 'evil' })],
  ['SPDX 3: two types', spdx3({ type: 'Annotation', '@type': 'software_Package', spdxId: 'urn:q', name: 'evil' })],
  [
    'SPDX 3: a type of package by its address',
    spdx3({ type: 'https://spdx.org/rdf/3.0.1/terms/Software/Package', spdxId: 'urn:q', name: 'evil' }),
  ],
  ['SPDX 3: two elements of one id', spdx3(element({ name: 'evil' }), element({}))],
  ['SPDX 3: an element that is text', spdx3(element({}), 'evil' as never)],
  [
    'SPDX 3: a licence by two relationships',
    spdx3(
      element({}),
      { type: 'Relationship', spdxId: 'urn:r', from: 'urn:p', to: ['urn:gpl'], relationshipType: 'hasDeclaredLicense' },
      { type: 'Relationship', spdxId: 'urn:s', from: 'urn:p', to: ['urn:mit'], relationshipType: 'hasDeclaredLicense' },
      {
        type: 'simplelicensing_LicenseExpression',
        spdxId: 'urn:gpl',
        simplelicensing_licenseExpression: 'GPL-2.0-only',
      },
      { type: 'simplelicensing_LicenseExpression', spdxId: 'urn:mit', simplelicensing_licenseExpression: 'MIT' },
    ),
  ],
  ['syft: an artifact that is text', syft([{ name: 'good' }, 'evil'])],
  ['syft: artifacts that are an object', syft({ 0: { name: 'evil' } })],
  ['syft: a package URL that is a list', syft([{ name: 'good', purl: ['pkg:npm/evil@1'] }])],
  ['syft: a licence that is a number', syft([{ name: 'good', licenses: [7] }])],
  [
    'a statement with two inventories',
    json({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [],
      predicateType: 'https://cyclonedx.org/bom',
      predicate: {
        Data: { bomFormat: 'CycloneDX', specVersion: '1.6', components: [] },
        components: [{ name: 'evil' }],
      },
    }),
  ],
];

/** Reports with a critical finding that could be overlooked. */
const reports: readonly (readonly [string, string])[] = [
  [
    'Trivy: Results twice',
    '{"SchemaVersion":2,"Results":[{"Class":"os-pkgs","Vulnerabilities":[{"VulnerabilityID":"CVE-1","Severity":"CRITICAL"}]}],"Results":[{"Class":"os-pkgs"}]}',
  ],
  [
    'Trivy: a severity twice',
    '{"SchemaVersion":2,"Results":[{"Class":"os-pkgs","Vulnerabilities":[{"VulnerabilityID":"CVE-1","Severity":"CRITICAL","Severity":"LOW"}]}]}',
  ],
  ['Trivy: a result that is text', trivy([{ Class: 'os-pkgs' }, 'CVE-1'])],
  ['Trivy: results that are an object', trivy({ 0: {} })],
  [
    'Trivy: findings that are an object',
    trivy([{ Class: 'os-pkgs', Vulnerabilities: { 0: { Severity: 'CRITICAL' } } }]),
  ],
  ['Trivy: a severity that is a list', trivyFinding({ Severity: ['CRITICAL'] })],
  ['Trivy: a score that is text', trivyFinding({ CVSS: { nvd: { V3Score: '9.8' } } })],
  ['Trivy: scores that are text', trivyFinding({ CVSS: { nvd: 'V3Score 9.8' } })],
  ['Trivy: one bad score of several', trivyFinding({ CVSS: { nvd: { V3Score: 9.8 }, redhat: { V3Score: 1 } } })],
  [
    'Grype: matches twice',
    '{"matches":[{"vulnerability":{"id":"CVE-1","severity":"Critical"}}],"matches":[],"descriptor":{"name":"grype","timestamp":"2026-11-24T10:00:00Z"}}',
  ],
  ['Grype: a match that is text', grype({ matches: ['CVE-1'] })],
  ['Grype: matches that are an object', grype({ matches: { 0: critical } })],
  ['Grype: a vulnerability that is a list', grype({ matches: [{ vulnerability: [critical] }] })],
  ['Grype: a severity that is a list', grype({}, ['Critical'])],
  [
    'Grype: related vulnerabilities that are an object',
    grype({
      matches: [{ vulnerability: { id: 'CVE-1', severity: 'Low' }, relatedVulnerabilities: { severity: 'Critical' } }],
    }),
  ],
  [
    'Snyk: vulnerabilities twice',
    '{"packageManager":"deb","vulnerabilities":[{"id":"CVE-1","severity":"critical"}],"vulnerabilities":[]}',
  ],
  ['Snyk: a finding that is text', snyk({ vulnerabilities: ['CVE-1'] })],
  ['Snyk: findings that are an object', snyk({ vulnerabilities: { 0: critical } })],
  ['Snyk: applications that are an object', snyk({ applications: { vulnerabilities: [critical] } })],
  ['Snyk: a type that is a list', snyk({ vulnerabilities: [{ ...critical, type: ['license'] }] })],
  ['Snyk: an error', snyk({ error: 'the image could not be read' })],
  [
    'SARIF: results twice',
    '{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"Trivy"}},"results":[{"ruleId":"CVE-1","message":{"text":"Severity: CRITICAL"}}],"results":[]}]}',
  ],
  ['SARIF: two rules of one id', sarif({}, [rule('9.8'), rule('1.0')])],
  ['SARIF: two rules of one id, the other way', sarif({}, [rule('1.0'), rule('9.8')])],
  [
    'SARIF: another rule by place than by name',
    sarif({ ruleIndex: 1 }, [rule('1.0'), { ...rule('9.8'), id: 'CVE-2' }]),
  ],
  ['SARIF: a severity that is a number', sarif({}, [{ id: 'CVE-1', properties: { 'security-severity': 9.8 } }])],
  ['SARIF: two lines of severity', sarif({ message: { text: 'Severity: LOW\nSeverity: CRITICAL' } }, [])],
  ['SARIF: a result that is text', sarif({}, [], { results: ['CVE-1'] })],
  ['SARIF: a result that is open', sarif({ kind: 'open' }, [rule('9.8')])],
  ['SARIF: a result of a kind that nobody knows', sarif({ kind: 'Fail' }, [rule('9.8')])],
  ['SARIF: results in another file', sarif({}, [], { results: [], externalPropertyFileReferences: { results: [] } })],
  [
    'SARIF: results beside the runs',
    json({
      ...JSON.parse(sarif({}, [], { results: [] })),
      inlineExternalProperties: [{ results: [{ ruleId: 'CVE-1' }] }],
    }),
  ],
  ['SARIF: a rule that is text', sarif({}, ['CVE-1'])],
  ['SARIF: a run that is text', json({ version: '2.1.0', runs: ['CVE-1'] })],
  ['SARIF: a failure that is text', sarif({}, [], { results: [], invocations: [{ executionSuccessful: 'false' }] })],
  [
    'CycloneDX: vulnerabilities twice',
    cdx(
      '"metadata":{"timestamp":"2026-11-24T10:00:00Z"},"vulnerabilities":[{"id":"CVE-1","ratings":[{"severity":"critical"}]}],"vulnerabilities":[]',
    ),
  ],
  ['CycloneDX: a vulnerability that is text', cdx('"vulnerabilities":["CVE-1"]')],
  ['CycloneDX: vulnerabilities that are an object', cdx('"vulnerabilities":{"id":"CVE-1"}')],
  [
    'CycloneDX: ratings that are an object',
    cdx('"vulnerabilities":[{"id":"CVE-1","ratings":{"severity":"critical"}}]'),
  ],
  [
    'CycloneDX: a score that is text',
    cdx(
      '"metadata":{"timestamp":"2026-11-24T10:00:00Z"},"vulnerabilities":[{"id":"CVE-1","ratings":[{"score":"9.8"}]}]',
    ),
  ],
  [
    'CycloneDX XML: vulnerabilities twice',
    `${rated(`<ratings>${rating('critical')}</ratings>`).slice(0, -6)}<vulnerabilities/></bom>`,
  ],
  [
    'CycloneDX XML: vulnerabilities twice, the other way',
    xml(
      `<vulnerabilities/><vulnerabilities><vulnerability><id>CVE-1</id><ratings>${rating('critical')}</ratings></vulnerability></vulnerabilities>`,
    ),
  ],
  [
    'CycloneDX XML: ratings twice',
    rated(`<ratings>${rating('critical')}</ratings><ratings>${rating('low')}</ratings>`),
  ],
  [
    'CycloneDX XML: severity twice',
    rated('<ratings><rating><severity>critical</severity><severity>low</severity></rating></ratings>'),
  ],
  ['CycloneDX XML: a score', rated('<ratings><rating><score>9.8</score></rating></ratings>')],
  [
    'CycloneDX XML: the extension in a nested component',
    xml(
      `<metadata><timestamp>2026-11-24T10:00:00Z</timestamp></metadata>${component(`<components><component type="library"><name>inner</name><v:vulnerabilities xmlns:v="http://cyclonedx.org/schema/ext/vulnerability/1.0"><v:vulnerability><v:id>CVE-1</v:id><v:ratings><v:rating><v:severity>Critical</v:severity></v:rating></v:ratings></v:vulnerability></v:vulnerabilities></component></components>`)}`,
    ),
  ],
  [
    'CycloneDX XML: the member beside the extension',
    xml(
      `<metadata><timestamp>2026-11-24T10:00:00Z</timestamp></metadata>${component('<v:vulnerabilities xmlns:v="http://cyclonedx.org/schema/ext/vulnerability/1.0"><v:vulnerability><v:id>CVE-2</v:id></v:vulnerability></v:vulnerabilities>')}<vulnerabilities><vulnerability><id>CVE-1</id><ratings>${rating('critical')}</ratings></vulnerability></vulnerabilities>`,
    ),
  ],
  [
    'CycloneDX XML: the extension beside the member',
    xml(
      `<metadata><timestamp>2026-11-24T10:00:00Z</timestamp></metadata>${component(`<v:vulnerabilities xmlns:v="http://cyclonedx.org/schema/ext/vulnerability/1.0"><v:vulnerability><v:id>CVE-1</v:id><v:ratings><v:rating><v:severity>Critical</v:severity></v:rating></v:ratings></v:vulnerability></v:vulnerabilities>`)}<vulnerabilities/>`,
    ),
  ],
  ['Scout: an entry that is text', statement('https://scout.docker.com/vulnerabilities/v0.1', ['CVE-1'])],
  [
    'Scout: findings that are an object',
    statement('https://scout.docker.com/vulnerabilities/v0.1', [
      { purl: 'pkg:npm/x@1', vulnerabilities: { cvss: { severity: 'critical' } } },
    ]),
  ],
  [
    'Scout: a score that is text',
    statement('https://scout.docker.com/vulnerabilities/v0.1', [
      { purl: 'pkg:npm/x@1', vulnerabilities: [{ source_id: 'CVE-1', cvss: { score: '9.8' } }] },
    ]),
  ],
  [
    'vulns: an entry that is text',
    statement('https://in-toto.io/attestation/vulns/v0.2', { scanner: { uri: 'trivy', result: ['CVE-1'] } }),
  ],
  [
    'vulns: severities that are an object',
    statement('https://in-toto.io/attestation/vulns/v0.2', {
      scanner: { uri: 'trivy', result: [{ id: 'CVE-1', severity: { score: '9.8' } }] },
    }),
  ],
];

const scanWithFinding = trivyFinding({ Severity: 'CRITICAL', PkgIdentifier: { PURL: 'pkg:npm/p@1' } });
const openvex = (...statements: unknown[]): string =>
  json({ '@context': 'https://openvex.dev/ns/v0.2.0', timestamp: '2026-11-24T09:00:00Z', statements });
const says = (status: unknown, more: object = {}): object => ({
  vulnerability: { name: 'CVE-1' },
  products: [{ '@id': 'pkg:npm/p@1' }],
  status,
  ...more,
});
const csaf = (tree: object, status: object, more: object = {}): string =>
  json({
    document: { csaf_version: '2.0', tracking: { status: 'final', current_release_date: '2026-11-24T09:00:00Z' } },
    product_tree: tree,
    vulnerabilities: [{ cve: 'CVE-1', product_status: status, ...more }],
  });
const product = (id: string, purl: string): object => ({ product_id: id, product_identification_helper: { purl } });

/** Statements that take a finding away only if something in them is overlooked. */
const exploits: readonly (readonly [string, string])[] = [
  [
    'OpenVEX: status twice',
    `{"@context":"https://openvex.dev/ns/v0.2.0","statements":[{"vulnerability":{"name":"CVE-1"},"products":[{"@id":"pkg:npm/p@1"}],"status":"affected","status":"not_affected"}]}`,
  ],
  [
    'OpenVEX: a later status that nobody knows',
    openvex(says('not_affected'), says('AFFECTED', { timestamp: '2026-11-24T09:30:00Z' })),
  ],
  ['OpenVEX: a status that is a list', openvex(says('not_affected'), says(['affected']))],
  ['OpenVEX: a statement that is text', openvex(says('not_affected'), 'affected')],
  [
    'OpenVEX: a statement without vulnerability',
    openvex(says('not_affected'), { ...says('affected'), vulnerability: {} }),
  ],
  ...['2026-11-24 12:00', '0001-01-01T00:00:00Z'].map(
    (timestamp) =>
      [
        `OpenVEX: taken back at a time that cannot be read: ${timestamp}`,
        openvex(says('not_affected', { timestamp: '2026-11-24T09:30:00Z' }), says('affected', { timestamp })),
      ] as const,
  ),
  [
    'OpenVEX: taken back without a time',
    json({
      '@context': 'https://openvex.dev/ns/v0.2.0',
      statements: [says('not_affected', { timestamp: '2026-11-24T09:30:00Z' }), says('affected')],
    }),
  ],
  ['OpenVEX: both statuses at one moment', openvex(says('not_affected'), says('affected'))],
  [
    'CycloneDX VEX: a state that nobody knows',
    cdx(
      '"vulnerabilities":[{"id":"CVE-1","analysis":{"state":"not_affected"},"affects":[{"ref":"pkg:npm/p@1"}]},{"id":"CVE-1","analysis":{"state":"EXPLOITABLE"},"affects":[{"ref":"pkg:npm/p@1"}]}]',
    ),
  ],
  [
    'CycloneDX VEX: a reference of two components',
    cdx(
      '"components":[{"bom-ref":"r","name":"q","purl":"pkg:npm/q@1"},{"bom-ref":"r","name":"p","purl":"pkg:npm/p@1"}],"vulnerabilities":[{"id":"CVE-1","analysis":{"state":"not_affected"},"affects":[{"ref":"r"}]}]',
    ),
  ],
  [
    'CSAF: two products of one id',
    csaf(
      { full_product_names: [product('P', 'pkg:npm/q@1'), product('P', 'pkg:npm/p@1')] },
      { known_not_affected: ['P'] },
    ),
  ],
  [
    'CSAF: both statuses',
    csaf({ full_product_names: [product('P', 'pkg:npm/p@1')] }, { known_not_affected: ['P'], known_affected: ['P'] }),
  ],
  [
    'CSAF: products that are an object',
    csaf({ full_product_names: { 0: product('P', 'pkg:npm/p@1') } }, { known_not_affected: ['P'] }),
  ],
];

/** The document was refused, or what it hides was found: that something else lacks is not an answer. */
const answers = /^(?:(?:SBOM|SCAN|VEX)_UNREADABLE|SCAN_FAILED|PACKAGE_BLOCKED|LICENSE_BLOCKED|VULN_SEVERITY)$/;
function checkDenied(decision: GateDecision): void {
  const denied = decision.outcomes.filter(({ level }) => level === 'deny').map(({ code }) => code);
  expect([decision.verdict, denied.filter((code) => answers.test(code)).length > 0, denied]).toEqual([
    'DENY',
    true,
    denied,
  ]);
}

describe('ambiguous documents never lead to ALLOW', () => {
  test.for(inventories)('AM1 %s', ([, text]) => {
    checkDenied(judge([attached(text, 'sbom')], 'sbom'));
  });

  test.for(reports)('AM2 %s', ([, text]) => {
    checkDenied(judge([attached(text, 'scan')], 'scan'));
  });

  test('AM5 the newest of two inventories is found by time, in whatever zone it is written', () => {
    const newest = parseGatePolicy(
      json(
        policyOf({
          sbom: { signedBy: ['build'], select: 'newest', requirePackages: [], blockPackages: [{ name: 'evil' }] },
        }),
      ),
    );
    const at = (timestamp: string, component: string) =>
      attached(cdx(`"metadata":{"timestamp":"${timestamp}"},"components":[${component}]`), 'sbom');
    const [later, earlier] = ['2026-11-24T00:30:00Z', '2026-11-24T01:00:00+02:00'] as const;
    checkDenied(judge([at(later, evil), at(earlier, good)], newest));
    expect(judge([at(later, good), at(earlier, evil)], newest).verdict).toBe('ALLOW');
    const without = (document: EvidenceDocument): EvidenceDocument => ({
      ...document,
      signatures: document.signatures.map((one) => ({ ...one, timeKind: 'claimed' })),
    });
    checkDenied(judge([at(later, good), at(later, evil)], newest));
    checkDenied(judge([at(later, evil), at(later, good)], newest));
    // Without its own time, or of a later day than the one that is timestamped, a document may be the newest.
    const untold = attached(cdx(`"components":[${evil}]`), 'sbom');
    for (const documents of [
      [at(later, good), without(untold)],
      [without(at(later, good)), without(untold)],
      [without(at(later, good)), without(at(later, evil))],
      [at(later, good), without(at('2026-11-24T11:00:00Z', evil))],
    ])
      for (const order of [documents, [...documents].reverse()]) checkDenied(judge(order, newest));
    expect(judge([at(later, good), without(at(later, evil))], newest).verdict).toBe('ALLOW');
  });

  test('AM4 with onlyFixable, a format without fix information does not count as "no fix"', () => {
    const onlyFixable = parseGatePolicy(
      json(policyOf({ scan: { ...scanBlock, block: { severityAtOrAbove: 'critical', onlyFixable: true } } })),
    );
    const result = [{ id: 'CVE-1', severity: [{ method: 'CVSS_V3', score: '9.8' }] }];
    const silent = statement('https://in-toto.io/attestation/vulns/v0.2', {
      scanner: { uri: 'trivy', result },
      metadata: { scanStartedOn: '2026-11-24T10:00:00Z', scanFinishedOn: '2026-11-24T10:00:00Z' },
    });
    checkDenied(judge([attached(silent, 'scan')], onlyFixable));
    expect(judge([attached(trivyFinding({ Severity: 'CRITICAL' }), 'scan')], onlyFixable).verdict).toBe('ALLOW');
    checkDenied(judge([attached(trivyFinding({ Severity: 'CRITICAL', FixedVersion: '2' }), 'scan')], onlyFixable));
  });

  test.for(exploits)('AM3 %s', ([, text]) => {
    checkDenied(judge([attached(scanWithFinding, 'scan'), attached(text, 'vex')], 'scan'));
  });

  test('AM3 a VEX document of a trusted signer that cannot be read denies', () => {
    const clean = attached(trivy([{ Class: 'os-pkgs' }]), 'scan');
    expect(judge([clean], 'scan').verdict).toBe('ALLOW');
    expect(judge([clean, attached('{', 'vex')], 'scan').verdict).toBe('DENY');
  });

  test('unambiguous documents are judged', () => {
    const verdict = (text: string, wanted: 'sbom' | 'scan'): string => judge([attached(text, wanted)], wanted).verdict;
    expect([
      verdict(cdx(`"components":[${good},null]`), 'sbom'),
      verdict(
        xml(component('<purl>pkg:npm/good@1</purl><licenses><license><id>MIT</id></license></licenses>')),
        'sbom',
      ),
      verdict(spdx([spdxPackage('good', 'pkg:npm/good@1', 'pkg:npm/good@1')]), 'sbom'),
      verdict(tagValue('PackageVersion: 1', 'PackageVersion: 1'), 'sbom'),
      verdict(spdx3(element({ software_packageUrl: 'pkg:npm/good@1' })), 'sbom'),
      verdict(syft([{ name: 'good', metadata: 'text' }]), 'sbom'),
      verdict(trivyFinding({}), 'scan'),
      verdict(grype({}), 'scan'),
      verdict(sarif({ message: { text: 'Severity: LOW' } }, [rule('1.0')]), 'scan'),
      verdict(rated(`<ratings>${rating('low')}</ratings>`), 'scan'),
    ]).toEqual(Array.from({ length: 10 }, () => 'ALLOW'));
    const vex = [attached(scanWithFinding, 'scan'), attached(openvex(says('not_affected')), 'vex')];
    expect(judge(vex, 'scan').verdict).toBe('ALLOW');
    const product1 = csaf({ full_product_names: [product('P', 'pkg:npm/p@1')] }, { known_not_affected: ['P'] });
    expect(judge([attached(scanWithFinding, 'scan'), attached(product1, 'vex')], 'scan').verdict).toBe('ALLOW');
  });
});
