import { image } from './judge.ts';

/** Documents of every format, with and without what a policy blocks. */
export const json = JSON.stringify;
export const cdx = (members: string): string => `{"bomFormat":"CycloneDX","specVersion":"1.6",${members}}`;
export const evil = '{"type":"library","name":"evil","purl":"pkg:npm/evil@1"}';
export const good = '{"type":"library","name":"good","purl":"pkg:npm/good@1"}';
export const spdx = (packages: unknown, more: object = {}): string =>
  json({ spdxVersion: 'SPDX-2.3', SPDXID: 'SPDXRef-DOCUMENT', name: 'x', packages, ...more });
export const spdxPackage = (name: string, ...purls: string[]): object => ({
  SPDXID: `SPDXRef-${name}`,
  name,
  externalRefs: purls.map((referenceLocator) => ({ referenceType: 'purl', referenceLocator })),
});
export const tagValue = (...lines: string[]): string =>
  ['SPDXVersion: SPDX-2.3', 'PackageName: good', 'SPDXID: SPDXRef-good', ...lines].join('\n');
export const spdx3 = (...elements: object[]): string =>
  json({ '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld', '@graph': elements });
export const syft = (artifacts: unknown): string =>
  json({ schema: { url: 'https://github.com/anchore/syft/schema' }, artifacts, descriptor: { name: 'syft' } });
export const xml = (inside: string): string =>
  `<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.5" version="1">${inside}</bom>`;
export const component = (inside: string): string =>
  `<components><component type="library"><name>good</name>${inside}</component></components>`;
export const element = (more: object): object => ({ type: 'software_Package', spdxId: 'urn:p', name: 'good', ...more });

export const trivy = (results: unknown): string =>
  json({ SchemaVersion: 2, CreatedAt: '2026-11-24T10:00:00Z', ArtifactName: 'app', Results: results });
export const trivyFinding = (more: object): string =>
  trivy([
    { Class: 'os-pkgs', Vulnerabilities: [{ VulnerabilityID: 'CVE-1', PkgName: 'p', Severity: 'LOW', ...more }] },
  ]);
export const grype = (members: object, severity: unknown = 'Low'): string =>
  json({
    matches: [{ vulnerability: { id: 'CVE-1', severity }, artifact: { name: 'p' } }],
    descriptor: { name: 'grype', timestamp: '2026-11-24T10:00:00Z' },
    ...members,
  });
export const snyk = (members: object): string =>
  json({ packageManager: 'deb', dependencyCount: 3, vulnerabilities: [], ...members });
export const critical = { id: 'CVE-1', severity: 'critical' };
export const sarif = (result: object, rules: unknown[], run: object = {}): string =>
  json({
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'Trivy', rules } }, results: [{ ruleId: 'CVE-1', ...result }], ...run }],
  });
export const rule = (severity: string): object => ({ id: 'CVE-1', properties: { 'security-severity': severity } });
export const rated = (inside: string): string =>
  xml(
    `<metadata><timestamp>2026-11-24T10:00:00Z</timestamp></metadata><vulnerabilities><vulnerability><id>CVE-1</id>${inside}</vulnerability></vulnerabilities>`,
  );
export const rating = (severity: string): string => `<rating><severity>${severity}</severity></rating>`;
export const statement = (predicateType: string, predicate: unknown): string =>
  json({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ digest: { sha256: image.slice(7) } }],
    predicateType,
    predicate,
  });
