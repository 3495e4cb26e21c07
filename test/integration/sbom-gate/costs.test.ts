import { utf8 } from '@notarykit/common';
import { streamOf } from '@notarykit/common/internal';
import {
  containsVersion,
  type EvidenceClass,
  type EvidenceDocument,
  type GateDecision,
  parseGatePolicy,
  parsePurl,
  parseVers,
  readDocument,
} from '@notarykit/sbom-gate';
import { JsonScanner } from '@notarykit/sbom-gate/internal';
import { describe, expect, test } from 'vitest';
import { growth, scriptsOf } from '../../support/call-counts.ts';
import { policyOf } from './gate-lab.ts';
import { attached as attachedWithin, image, judge as judgeUnder } from './judge.ts';

const counted = scriptsOf('sbom-gate');
const limits = { documentBytes: 64 << 20, depth: 256, items: 1_000_000 };
const json = JSON.stringify;
const many = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

const attached = (text: string, wanted: EvidenceClass): EvidenceDocument => attachedWithin(text, wanted, limits);

const policy = parseGatePolicy(
  json(
    policyOf({
      sbom: {
        signedBy: ['build'],
        allowEmpty: true,
        formats: ['spdx-2', 'spdx-3', 'cyclonedx', 'syft'],
        blockPackages: [{ name: 'evil*' }, { purl: 'pkg:npm/bad', versions: 'vers:npm/<2.0.0', includeUpstream: true }],
        requirePackages: [{ purl: 'pkg:npm/wanted' }],
        licenses: { block: ['GPL-2.0-only'], unknown: 'ignore' },
      },
      scan: {
        signedBy: ['build'],
        maxAge: '7d',
        requireCoverage: [],
        formats: ['trivy', 'grype', 'snyk', 'cyclonedx', 'in-toto-vulns', 'cosign-vuln', 'scout', 'sarif'],
        severitySource: 'max',
        block: { severityAtOrAbove: 'low', ids: ['CVE-0'] },
      },
      vex: { signedBy: ['build'] },
      exceptions: [
        { id: 'CVE-7', reason: 'it is not reachable', expires: '2027-01-01T00:00:00Z', packages: [{ name: 'p*' }] },
      ],
    }),
  ),
);

const judge = (documents: readonly EvidenceDocument[]): GateDecision => judgeUnder(documents, policy);

const cdx = (members: object): string => json({ bomFormat: 'CycloneDX', specVersion: '1.6', ...members });
const xml = (inside: string): string =>
  `<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.5" version="1">${inside}</bom>`;
const spdx3 = (elements: object[]): string =>
  json({ '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld', '@graph': elements });
const sarif = (run: object): string =>
  json({ version: '2.1.0', runs: [{ tool: { driver: { name: 'Trivy' } }, results: [], ...run }] });
const statement = (predicateType: string, predicate: unknown, subject: object[] = []): string =>
  json({ _type: 'https://in-toto.io/Statement/v1', subject, predicateType, predicate });
const csaf = (tree: object, vulnerability: object): string =>
  json({
    document: { csaf_version: '2.0', tracking: { status: 'final', current_release_date: '2026-11-24T09:00:00Z' } },
    product_tree: tree,
    vulnerabilities: [{ cve: 'CVE-1', ...vulnerability }],
  });
const openvex = (statements: object[]): string =>
  json({ '@context': 'https://openvex.dev/ns/v0.2.0', timestamp: '2026-11-24T09:00:00Z', statements });
const trivyOf = (findings: object[], packages: object[] = []): string =>
  json({
    SchemaVersion: 2,
    CreatedAt: '2026-11-24T10:00:00Z',
    Results: [{ Class: 'os-pkgs', Vulnerabilities: findings, Packages: packages }],
  });
const finding = (i: number, id = 'CVE-1'): object => ({
  VulnerabilityID: id,
  PkgName: `p${i}`,
  Severity: 'CRITICAL',
  PkgIdentifier: { PURL: `pkg:npm/p${i}@1` },
});

/** Names of one FNV-1a hash: of each pair either may stand, and the hash goes on the same. */
const pairs = ((): readonly (readonly [string, string])[] => {
  const found: [string, string][] = [];
  let state = 0x811c9dc5;
  const step = (hash: number, text: string): number =>
    utf8(text).reduce((sum, byte) => Math.imul(sum ^ byte, 0x01000193), hash);
  for (let k = 0; k < 12; k++) {
    const seen = new Map<number, string>();
    for (let n = 0; ; n++) {
      const text = n.toString(36).padStart(5, '0');
      const hash = step(state, text);
      const other = seen.get(hash);
      seen.set(hash, text);
      if (other === undefined) continue;
      found.push([other, text]);
      state = hash;
      break;
    }
  }
  return found;
})();
const colliding = (i: number): string => pairs.map(([a, b], k) => ((i >> k) & 1 ? b : a)).join('');

type Row = readonly [name: string, wanted: EvidenceClass, size: number, make: (n: number) => string];

/** Documents that grow in one thing, each read and judged. */
const documents: readonly Row[] = [
  [
    'CycloneDX: components',
    'sbom',
    200,
    (n) => cdx({ components: many(n, (i) => ({ name: `c${i}`, purl: `pkg:npm/c${i}@1` })) }),
  ],
  [
    'CycloneDX: nested components',
    'sbom',
    25,
    (n) =>
      cdx({
        components: [
          many(n, (i) => i).reduce<object>((inner, i) => ({ name: `c${i}`, components: [inner] }), { name: 'c' }),
        ],
      }),
  ],
  [
    'CycloneDX: properties and licences',
    'sbom',
    200,
    (n) =>
      cdx({
        components: [
          {
            name: 'c',
            properties: many(n, (i) => ({ name: `p${i}`, value: 'v' })),
            licenses: many(n, () => ({ license: { id: 'MIT' } })),
          },
        ],
      }),
  ],
  ['CycloneDX: a name of two scripts', 'sbom', 2000, (n) => cdx({ components: [{ name: `中${'a'.repeat(n)}` }] })],
  [
    'CycloneDX: member names of one hash',
    'sbom',
    500,
    (n) => cdx({ components: [], x: Object.fromEntries(many(n, (i) => [colliding(i), 0])) }),
  ],
  [
    'CycloneDX: member names at every depth',
    'sbom',
    500,
    (n) =>
      `{"bomFormat":"CycloneDX","specVersion":"1.6","x":${'{"a":'.repeat(50)}{${many(n, (i) => `"k${String(i).padStart(6, '0')}":0`).join()}}${'}'.repeat(50)}}`,
  ],
  [
    'CycloneDX XML: components',
    'sbom',
    200,
    (n) =>
      xml(
        `<components>${many(n, (i) => `<component type="library"><name>c${i}</name></component>`).join('')}</components>`,
      ),
  ],
  [
    'CycloneDX XML: an element many times',
    'sbom',
    200,
    (n) => xml(`<components><component type="library"><name>c</name>${'<x>y</x>'.repeat(n)}</component></components>`),
  ],
  [
    'SPDX: packages',
    'sbom',
    200,
    (n) => json({ spdxVersion: 'SPDX-2.3', packages: many(n, (i) => ({ SPDXID: `SPDXRef-${i}`, name: `c${i}` })) }),
  ],
  [
    'SPDX: package URLs of one package',
    'sbom',
    100,
    (n) =>
      json({
        spdxVersion: 'SPDX-2.3',
        packages: [
          { name: 'c', externalRefs: many(n, (i) => ({ referenceType: 'purl', referenceLocator: `pkg:npm/c${i}` })) },
        ],
      }),
  ],
  [
    'SPDX: relationships and roots',
    'sbom',
    200,
    (n) =>
      json({
        spdxVersion: 'SPDX-2.3',
        packages: many(n, (i) => ({ SPDXID: `SPDXRef-${i}`, name: `c${i}` })),
        relationships: many(n, (i) => ({
          spdxElementId: 'SPDXRef-DOCUMENT',
          relationshipType: 'DESCRIBES',
          relatedSpdxElement: `SPDXRef-${i}`,
        })),
      }),
  ],
  [
    'SPDX: licences of the document',
    'sbom',
    200,
    (n) =>
      json({
        spdxVersion: 'SPDX-2.3',
        packages: many(n, (i) => ({ name: `c${i}`, licenseDeclared: `LicenseRef-${i}` })),
        hasExtractedLicensingInfos: many(n, (i) => ({ licenseId: `LicenseRef-${i}`, name: `n${i}` })),
      }),
  ],
  [
    'SPDX tag-value: packages',
    'sbom',
    200,
    (n) => `SPDXVersion: SPDX-2.3\n${many(n, (i) => `PackageName: c${i}\nPackageVersion: 1\n`).join('')}`,
  ],
  [
    'SPDX 3: packages and licences',
    'sbom',
    100,
    (n) =>
      spdx3(
        many(n, (i) => [
          { type: 'software_Package', spdxId: `urn:p${i}`, name: `c${i}` },
          {
            type: 'Relationship',
            spdxId: `urn:r${i}`,
            from: `urn:p${i}`,
            to: ['https://spdx.org/licenses/MIT'],
            relationshipType: 'hasDeclaredLicense',
          },
        ]).flat(),
      ),
  ],
  [
    'SPDX 3: licences of one package',
    'sbom',
    100,
    (n) =>
      spdx3([
        { type: 'software_Package', spdxId: 'urn:p', name: 'c' },
        ...many(n, (i) => ({
          type: 'Relationship',
          spdxId: `urn:r${i}`,
          from: 'urn:p',
          to: ['https://spdx.org/licenses/MIT'],
          relationshipType: 'hasDeclaredLicense',
        })),
      ]),
  ],
  [
    'syft: artifacts',
    'sbom',
    200,
    (n) =>
      json({
        schema: { url: 'https://github.com/anchore/syft/schema' },
        artifacts: many(n, (i) => ({ name: `c${i}`, licenses: ['MIT'] })),
      }),
  ],
  [
    'a statement with many subjects',
    'sbom',
    200,
    (n) =>
      statement(
        'https://cyclonedx.org/bom',
        { bomFormat: 'CycloneDX', specVersion: '1.6', components: [] },
        many(n, (i) => ({ digest: { sha256: `${i}` } })),
      ),
  ],
  [
    'Trivy: findings',
    'scan',
    100,
    (n) =>
      trivyOf(
        many(n, (i) => finding(i)),
        many(n, (i) => ({ ID: `p${i}@1`, SrcName: 's' })),
      ),
  ],
  [
    'Trivy: scores of one finding',
    'scan',
    500,
    (n) =>
      trivyOf([{ VulnerabilityID: 'CVE-1', CVSS: Object.fromEntries(many(n, (i) => [`v${i}`, { V3Score: 9.8 }])) }]),
  ],
  [
    'Grype: matches',
    'scan',
    100,
    (n) =>
      json({
        descriptor: { name: 'grype', timestamp: '2026-11-24T10:00:00Z' },
        matches: many(n, (i) => ({ vulnerability: { id: `CVE-${i}`, severity: 'High' }, artifact: { name: `p${i}` } })),
      }),
  ],
  [
    'Grype: scores of one match',
    'scan',
    500,
    (n) =>
      json({
        descriptor: { name: 'grype', timestamp: '2026-11-24T10:00:00Z' },
        matches: [{ vulnerability: { id: 'CVE-1', cvss: many(n, () => ({ metrics: { baseScore: 9 } })) } }],
      }),
  ],
  [
    'Snyk: findings and applications',
    'scan',
    100,
    (n) =>
      json({
        packageManager: 'deb',
        vulnerabilities: many(n, (i) => ({ id: `S${i}`, severity: 'high' })),
        applications: many(n, () => ({ vulnerabilities: [] })),
      }),
  ],
  [
    'SARIF: results of one rule with many tags',
    'scan',
    100,
    (n) =>
      sarif({
        tool: {
          driver: {
            name: 'Trivy',
            rules: [
              {
                id: 'CVE-1',
                properties: { tags: many(n, (i) => `t${i}`) },
                help: { text: 'Severity: HIGH\n'.repeat(n) },
              },
            ],
          },
        },
        results: many(n, () => ({ ruleId: 'CVE-1' })),
      }),
  ],
  [
    'SARIF: results of one of many rules of a name',
    'scan',
    100,
    (n) =>
      sarif({
        tool: { driver: { name: 'Trivy', rules: many(n, () => ({ id: 'CVE-1' })) } },
        results: many(n, () => ({ ruleId: 'CVE-1' })),
      }),
  ],
  [
    'CycloneDX: one vulnerability of many components',
    'scan',
    100,
    (n) =>
      cdx({
        metadata: { timestamp: '2026-11-24T10:00:00Z' },
        components: many(n, (i) => ({ 'bom-ref': `r${i}`, name: `c${i}` })),
        vulnerabilities: [
          {
            id: 'CVE-1',
            ratings: many(n, () => ({ severity: 'high', score: 8 })),
            affects: many(n, (i) => ({ ref: `r${i}` })),
          },
        ],
      }),
  ],
  [
    'Scout: packages',
    'scan',
    100,
    (n) =>
      statement(
        'https://scout.docker.com/vulnerabilities/v0.1',
        many(n, (i) => ({
          purl: `pkg:npm/p${i}@1`,
          vulnerabilities: [{ source_id: 'CVE-1', cvss: { severity: 'HIGH' } }],
        })),
      ),
  ],
  [
    'vulns: results',
    'scan',
    100,
    (n) =>
      statement('https://in-toto.io/attestation/vulns/v0.2', {
        scanner: { uri: 'trivy', result: many(n, (i) => ({ id: `CVE-${i}`, severity: [{ score: '9.8' }] })) },
        metadata: { scanFinishedOn: '2026-11-24T10:00:00Z' },
      }),
  ],
];

/** VEX beside a report: the finding of each of n packages is looked for among n statements, or n products. */
const statements: readonly (readonly [
  name: string,
  make: (n: number) => string,
  size?: number,
  of?: (i: number) => number,
])[] = [
  [
    'OpenVEX: products of one statement',
    (n) =>
      openvex([
        {
          vulnerability: { name: 'CVE-1' },
          status: 'not_affected',
          products: many(n, (i) => ({ '@id': `pkg:npm/p${i}@1` })),
        },
      ]),
  ],
  [
    'OpenVEX: statements about one vulnerability',
    (n) =>
      openvex(
        many(n, (i) => ({
          vulnerability: { name: 'CVE-1' },
          status: 'not_affected',
          products: [{ '@id': `pkg:npm/p${i}@1` }],
        })),
      ),
  ],
  [
    'OpenVEX: statements that all are about the image',
    (n) =>
      openvex(
        many(n, () => ({ vulnerability: { name: 'CVE-1' }, status: 'not_affected', products: [{ '@id': image }] })),
      ),
    300,
  ],
  [
    'OpenVEX: parts of the image',
    (n) =>
      openvex([
        {
          vulnerability: { name: 'CVE-1' },
          status: 'not_affected',
          products: [{ '@id': image, subcomponents: many(n, (i) => ({ '@id': `pkg:npm/p${i}@1` })) }],
        },
      ]),
  ],
  [
    'OpenVEX: statements about one part of the image',
    (n) =>
      openvex(
        many(n, () => ({
          vulnerability: { name: 'CVE-1' },
          status: 'not_affected',
          products: [{ '@id': image, subcomponents: [{ '@id': 'pkg:npm/p0' }] }],
        })),
      ),
    300,
    () => 0,
  ],
  [
    'OpenVEX: aliases of one vulnerability',
    (n) =>
      openvex([
        {
          vulnerability: { name: 'CVE-2', aliases: many(n, (i) => `A-${i}`) },
          status: 'not_affected',
          products: [{ '@id': 'pkg:npm/p0@1' }],
        },
      ]),
  ],
  [
    'CycloneDX VEX: analyses',
    (n) =>
      cdx({
        components: many(n, (i) => ({ 'bom-ref': `r${i}`, name: `p${i}`, purl: `pkg:npm/p${i}@1` })),
        vulnerabilities: many(n, (i) => ({
          id: 'CVE-1',
          analysis: { state: 'not_affected' },
          affects: [{ ref: `r${i}` }],
        })),
      }),
  ],
  [
    'CSAF: branches, products and flags',
    (n) =>
      csaf(
        {
          branches: many(n, (i) => ({
            product: { product_id: `P${i}`, product_identification_helper: { purl: `pkg:npm/p${i}@1` } },
          })),
        },
        {
          product_status: { known_not_affected: many(n, (i) => `P${i}`) },
          flags: many(n, (i) => ({ label: 'component_not_present', product_ids: [`P${i}`] })),
        },
      ),
  ],
  [
    'CSAF: nested branches',
    (n) =>
      csaf(
        { branches: [many(Math.min(n, 200), (i) => i).reduce<object>((inner) => ({ branches: [inner] }), {})] },
        { product_status: {} },
      ),
  ],
];

/** What reads or compares without a document. */
const others: readonly (readonly [name: string, size: number, make: (n: number) => () => unknown])[] = [
  [
    'a JSON scanner over small pieces',
    2000,
    (n: number) => {
      const bytes = utf8(json({ text: 'x'.repeat(n), list: many(n, (i) => ({ i })) }));
      return () => {
        const sink = { member: () => 'items' as const, value: () => {}, item: () => {}, bytes: () => {} };
        const scanner = new JsonScanner(sink);
        for (let i = 0; i < bytes.length; i += 7) scanner.write(bytes.slice(i, i + 7));
        scanner.end();
      };
    },
  ],
  [
    'white space before a document',
    2000,
    (n: number) => {
      const bytes = utf8(' '.repeat(n * 8));
      return async () => {
        let at = 0;
        const stream = new ReadableStream<Uint8Array>({
          pull(controller) {
            if (at >= bytes.length) controller.close();
            else controller.enqueue(bytes.slice(at, at + 8));
            at += 8;
          },
        });
        await readDocument(stream, { limits });
      };
    },
  ],
  [
    'a package URL',
    250,
    (n: number) => () => parsePurl(`pkg:golang/${'a/'.repeat(n)}b?${many(n / 10, (i) => `k${i}=v`).join('&')}`),
  ],
  ['a version', 200, (n: number) => () => containsVersion(parseVers('vers:deb/<2'), `1${'.1'.repeat(n)}`)],
];

describe('the cost of a document grows linearly', () => {
  test.for(documents)('GC1 %s', async ([, wanted, size, make]) => {
    const work = (n: number) => {
      const text = make(n);
      return () => judge([attached(text, wanted)]);
    };
    const document = attached(make(size), wanted);
    expect(document.problem).toBeUndefined();
    expect(await growth(work, size, counted)).toBeLessThan(5.5);
  });

  test.for(statements)('GC2 %s', async ([, make, size = 50, of = (i: number) => i]) => {
    const work = (n: number) => {
      const [report, vex] = [trivyOf(many(n, (i) => finding(of(i)))), make(n)];
      return () => judge([attached(report, 'scan'), attached(vex, 'vex')]);
    };
    expect(attached(make(50), 'vex').problem).toBeUndefined();
    expect(await growth(work, size, counted)).toBeLessThan(5.5);
  });

  test.for(others)('GC3 %s', async ([, size, make]) => {
    expect(await growth(make, size, counted)).toBeLessThan(5.5);
  });

  test('GC4 lists of any length are refused or read, and never end the process', async () => {
    const branches = csaf({ branches: [{ branches: many(300_000, () => ({})) }] }, { product_status: {} });
    const scores = json({
      descriptor: { name: 'grype', timestamp: '2026-11-24T10:00:00Z' },
      matches: [{ vulnerability: { id: 'CVE-1', cvss: many(200_000, () => ({ metrics: { baseScore: 9 } })) } }],
    });
    expect(judge([attached(branches, 'vex')]).verdict).toBe('DENY');
    expect(judge([attached(scores, 'scan')]).verdict).toBe('DENY');
    const large = trivyOf([
      { VulnerabilityID: 'CVE-1', CVSS: Object.fromEntries(many(90_000, (i) => [`${i}`, { V3Score: 1 }])) },
    ]);
    expect(attached(large, 'scan').problem).toBeUndefined();
    expect((await readDocument(streamOf(utf8(`${'\n'.repeat(65_536)}x`)), { limits })) satisfies object).toHaveProperty(
      'problem',
    );
  });

  test('GC5 too many statements deny', () => {
    const names = many(1001, (i) => `A-${i}`);
    const products = many(500, (i) => ({ '@id': `pkg:npm/p${i}@1` }));
    const vex = openvex([{ vulnerability: { name: 'CVE-1', aliases: names }, status: 'not_affected', products }]);
    const codes = judge([attached(vex, 'vex')]).outcomes.map(({ code }) => code);
    expect(codes).toContain('LIMIT_EXCEEDED');
  });
});
