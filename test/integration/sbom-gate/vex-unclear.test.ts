import { type GateDecision, parseGatePolicy } from '@notarykit/sbom-gate';
import { describe, expect, test } from 'vitest';
import { cdx, grype, json } from './documents.ts';
import { policyOf } from './gate-lab.ts';
import { attached, digest, image, judge, scanBlock } from './judge.ts';

const policy = parseGatePolicy(json(policyOf({ scan: scanBlock, vex: { signedBy: ['build'] } })));
const finding = (artifact: object): string =>
  grype({
    matches: [
      { vulnerability: { id: 'CVE-1', severity: 'Critical' }, artifact: { name: 'p', version: '1', ...artifact } },
    ],
  });
const scan = finding({ purl: 'pkg:npm/p@1' });
const decided = (vex: readonly string[], report = scan): GateDecision['verdict'] =>
  judge([attached(report, 'scan'), ...vex.map((text) => attached(text, 'vex'))], policy).verdict;

const openvex = (...statements: readonly object[]): string =>
  json({ '@context': 'https://openvex.dev/ns/v0.0.1', timestamp: '2026-11-24T09:00:00Z', statements });
const says = (status: string, more: object = {}): object => ({
  vulnerability: 'CVE-1',
  products: ['pkg:npm/p@1'],
  status,
  ...more,
});

interface Csaf {
  readonly status?: string;
  readonly at?: string;
  readonly tree?: object;
}
const csaf = (product: object, { status = 'final', at = '2026-11-24T09:00:00Z', tree }: Csaf = {}): string =>
  json({
    document: { csaf_version: '2.0', tracking: { status, current_release_date: at } },
    product_tree: tree ?? {
      full_product_names: [{ product_id: 'P', product_identification_helper: { purl: 'pkg:npm/p@1' } }],
    },
    vulnerabilities: [{ cve: 'CVE-1', product_status: product }],
  });
const related = (id: string, component: string, whole: string): object => ({
  full_product_name: { product_id: id },
  product_reference: component,
  relates_to_product_reference: whole,
});
const named = (id: string, purl: string): object => ({ product_id: id, product_identification_helper: { purl } });

const analysed = (affects: object): string =>
  cdx(
    `"metadata":{"timestamp":"2026-11-24T09:00:00Z"},"vulnerabilities":[${json({ id: 'CVE-1', analysis: { state: 'not_affected' }, affects: [affects] })}]`,
  );

describe('VEX must be unambiguous to remove a finding', () => {
  test('AM7 parts that a statement names are not the whole image', () => {
    const parts = (subcomponents: readonly string[]): string =>
      openvex(says('not_affected', { products: [`pkg:oci/app@${image}`], subcomponents }));
    expect([decided([parts(['pkg:npm/q@1'])]), decided([parts(['pkg:npm/p@1'])])]).toEqual(['DENY', 'ALLOW']);
  });

  test('AM7 a withdrawn statement has the time of its withdrawal', () => {
    const favour = says('not_affected', { timestamp: '2026-11-24T09:30:00Z' });
    const earlier = { timestamp: '2026-11-24T08:00:00Z' };
    const later = { ...earlier, last_updated: '2026-11-24T10:00:00Z' };
    expect(decided([openvex(favour, says('affected', earlier))])).toBe('ALLOW');
    expect(decided([openvex(favour, says('affected', later))])).toBe('DENY');
    expect(
      decided([openvex(says('affected', { timestamp: '2026-11-24T09:00:00Z' }), says('not_affected', later))]),
    ).toBe('DENY');
  });

  test.for(['draft', 'interim'])('AM7 a document of CSAF that is %s takes back, and takes nothing away', (status) => {
    const final = csaf({ known_not_affected: ['P'] });
    const newer = { status, at: '2026-11-24T10:00:00Z' };
    expect(decided([final])).toBe('ALLOW');
    expect(decided([final, csaf({ known_affected: ['P'] }, newer)])).toBe('DENY');
    expect(decided([csaf({ known_not_affected: ['P'] }, newer)])).toBe('DENY');
  });

  test('AM7 a part of a part, or of a product that does not exist, is not the part itself', () => {
    const tree = (whole: string): object => ({
      full_product_names: [
        named('P', 'pkg:npm/p@1'),
        named('Q', 'pkg:npm/q@1'),
        named('I', `pkg:oci/other@${digest('b')}`),
        { product_id: 'N' },
      ],
      relationships: [related('QI', 'Q', 'I'), related('X', 'P', whole)],
    });
    const about = (whole: string) => decided([csaf({ known_not_affected: ['X'] }, { tree: tree(whole) })]);
    expect([about('QI'), about('gone'), about('I'), about('N')]).toEqual(['DENY', 'DENY', 'DENY', 'ALLOW']);
  });

  test('AM7 what CycloneDX says of some versions is not said of others', () => {
    const versions = (...list: readonly object[]): string => analysed({ ref: 'pkg:npm/p@1', versions: list });
    const unaffected = { status: 'unaffected' };
    expect(decided([versions()])).toBe('ALLOW');
    expect(decided([versions({ version: '2', ...unaffected }, { version: '1', ...unaffected })])).toBe('ALLOW');
    expect(decided([versions({ version: '2', ...unaffected })])).toBe('DENY');
    expect(decided([versions({ version: '1', status: 'affected' })])).toBe('DENY');
    expect(decided([versions({ range: 'vers:npm/<2', ...unaffected })])).toBe('DENY');
  });

  test.for([
    ['two names', { purl: 'pkg:npm/q@1' }, 'pkg:npm/q@1'],
    ['two versions', { version: '2', purl: 'pkg:npm/p@1' }, 'pkg:npm/p@1'],
  ] as const)('AM7 VEX takes away no finding with %s: its package is not known', ([, artifact, product]) => {
    expect(decided([openvex(says('not_affected', { products: [product] }))], finding(artifact))).toBe('DENY');
  });

  test('epoch 0 does not make another version', () => {
    const report = finding({ version: '0:1-1', purl: 'pkg:rpm/fedora/p@1-1' });
    expect(decided([openvex(says('not_affected', { products: ['pkg:rpm/fedora/p@1-1'] }))], report)).toBe('ALLOW');
  });
});

describe('a finding that is several vulnerabilities', () => {
  /** As Grype reports an advisory of Oracle Linux, and Snyk one of its own. */
  const report = grype({
    matches: [
      {
        vulnerability: { id: 'ELSA-1', severity: 'Critical' },
        relatedVulnerabilities: [{ id: 'CVE-1' }, { id: 'CVE-2' }],
        artifact: { name: 'p', version: '1', purl: 'pkg:npm/p@1' },
      },
    ],
  });
  const about = (vulnerability: string, status = 'not_affected', timestamp = '2026-11-24T09:00:00Z'): object =>
    says(status, { vulnerability, timestamp, products: ['pkg:npm/p@1'] });

  test('AM7 VEX about one of them takes nothing away', () => {
    expect(decided([openvex(about('CVE-1'))], report)).toBe('DENY');
    expect(decided([openvex(about('CVE-1'), about('CVE-2', 'affected', '2026-11-24T08:00:00Z'))], report)).toBe('DENY');
    expect(decided([openvex(about('CVE-1'), about('CVE-2'))], report)).toBe('ALLOW');
    expect(decided([openvex(about('ELSA-1'))], report)).toBe('ALLOW');
    const advisories = report.replace('CVE-1', 'GHSA-aaaa-aaaa-aaaa').replace('CVE-2', 'GHSA-bbbb-bbbb-bbbb');
    expect(decided([openvex(about('GHSA-aaaa-aaaa-aaaa'))], advisories)).toBe('DENY');
  });

  test('AM7 two names of one vulnerability are one', () => {
    const one = report.replace('CVE-2', 'GHSA-aaaa-aaaa-aaaa');
    expect(decided([openvex(about('CVE-1'))], one)).toBe('ALLOW');
    expect(decided([openvex(about('GHSA-aaaa-aaaa-aaaa'))], one)).toBe('ALLOW');
    expect(decided([openvex(about('CVE-1'))], report.replace('CVE-2', 'cve-1'))).toBe('ALLOW');
  });

  test('AM7 an exception for one of them lets nothing through, and VEX for the other does', () => {
    const exception = { rule: 'vulnerability', id: 'CVE-2', reason: 'not reachable', expires: '2027-01-01T00:00:00Z' };
    const excepting = parseGatePolicy(
      json(policyOf({ scan: scanBlock, vex: { signedBy: ['build'] }, exceptions: [exception] })),
    );
    expect(judge([attached(report, 'scan')], excepting).verdict).toBe('DENY');
    const decision = judge([attached(report, 'scan'), attached(openvex(about('CVE-1')), 'vex')], excepting);
    expect(decision).toMatchObject({ verdict: 'ALLOW', counts: { excepted: 1, vexAccepted: 0, blocking: 0 } });
  });
});
