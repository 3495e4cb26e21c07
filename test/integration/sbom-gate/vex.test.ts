import { explainDecision, type GateDecision } from '@notarykit/sbom-gate';
import { describe, expect, test } from 'vitest';
import { createGateLab, deniedFor, type GateLab, policyOf } from './gate-lab.ts';

const id = 'CVE-2024-9407';
const purl = 'pkg:golang/github.com/containers/buildah@v1.37.0';
const scanType = 'application/vnd.trivy';
const vexType = 'application/vnd.openvex+json';

const report = JSON.stringify({
  SchemaVersion: 2,
  CreatedAt: '2026-11-24T10:00:00Z',
  ArtifactName: 'app',
  Results: [
    {
      Class: 'lang-pkgs',
      Type: 'gobinary',
      Vulnerabilities: [
        {
          VulnerabilityID: id,
          PkgName: 'github.com/containers/buildah',
          InstalledVersion: 'v1.37.0',
          PkgIdentifier: { PURL: purl },
          Severity: 'CRITICAL',
        },
      ],
    },
  ],
});

interface Product {
  readonly '@id': string;
  readonly subcomponents?: readonly { readonly '@id': string }[];
}

const openvex = (products: readonly Product[], status = 'not_affected'): string =>
  JSON.stringify({
    '@context': 'https://openvex.dev/ns/v0.2.0',
    author: 'a',
    timestamp: '2026-11-24T11:00:00Z',
    version: 1,
    statements: [
      { vulnerability: { name: id }, products, status, justification: 'vulnerable_code_not_in_execute_path' },
    ],
  });

const policy = policyOf({
  scan: { signedBy: ['build'], maxAge: '7d', requireCoverage: [], block: { severityAtOrAbove: 'critical' } },
  vex: { signedBy: ['build'], formats: ['openvex'] },
});

/** A lab with the scan. */
async function scanned(): Promise<GateLab> {
  const lab = await createGateLab();
  await lab.attach(scanType, report, { mediaType: 'application/json' });
  return lab;
}

async function decideOn(products: readonly Product[], more: object = {}): Promise<[GateDecision, string]> {
  const lab = await scanned();
  const { digest } = await lab.attach(vexType, openvex(products), more);
  return [await lab.decide(policy, { reference: 'registry.test/team/app:v1' }), digest];
}

const notesOf = ({ outcomes }: GateDecision): readonly string[] =>
  outcomes.find(({ code }) => code === 'VULN_SEVERITY')?.notes ?? [];

describe('images that a VEX document names without a digest', () => {
  const parts = [{ '@id': purl }];

  test.each([
    [{ '@id': 'pkg:oci/app?repository_url=registry.test%2Fteam%2Fapp' }],
    [{ '@id': 'pkg:oci/App?repository_url=elsewhere.test%2Fapp&tag=v1' }],
    [{ '@id': 'pkg:oci/app', subcomponents: parts }],
    [{ '@id': 'pkg:oci/app', subcomponents: [{ '@id': 'pkg:golang/github.com/containers/buildah' }] }],
    [{ '@id': 'pkg:oci/app?arch=amd64' }],
    [{ '@id': 'pkg:oci/app?arch=x86_64&os=linux' }],
  ] as const)('GU4 %j is the image that the document is attached to', async (product) => {
    const [decision] = await decideOn([product]);
    expect(deniedFor(decision)).toEqual([]);
  });

  test.each([
    [{ '@id': 'pkg:oci/other' }],
    [{ '@id': 'pkg:oci/team/app' }],
    [{ '@id': 'pkg:oci/app@v1' }],
    [{ '@id': `pkg:oci/app@sha256:${'d'.repeat(64)}` }],
    [{ '@id': 'pkg:oci/app?arch=arm64' }],
    [{ '@id': 'pkg:docker/app' }],
    [{ '@id': 'app' }],
    [{ '@id': 'pkg:oci/app', subcomponents: [{ '@id': 'pkg:golang/github.com/containers/podman@v5' }] }],
    [{ '@id': 'pkg:oci/app', subcomponents: [{ '@id': 'pkg:golang/github.com/containers/buildah@v1.36.0' }] }],
  ] as const)('GU4 %j is not', async (product) => {
    const [decision, digest] = await decideOn([product]);
    expect(deniedFor(decision)).toEqual(['VULN_SEVERITY']);
    expect(notesOf(decision)).toEqual([expect.stringContaining(digest)]);
  });

  test('GU4 without a reference the name of the image is unknown', async () => {
    const lab = await scanned();
    await lab.attach(vexType, openvex([{ '@id': 'pkg:oci/app' }]));
    expect(deniedFor(await lab.decide(policy))).toEqual(['VULN_SEVERITY']);
  });
});

describe('a VEX statement that did not apply is told of under the finding', () => {
  test.each([
    ['another package', [{ '@id': 'pkg:golang/github.com/containers/podman@v5' }], 'podman'],
    ['another version', [{ '@id': 'pkg:golang/github.com/containers/buildah@v1.36.0' }], 'another version'],
    ['a package without its version', [{ '@id': 'pkg:golang/github.com/containers/buildah' }], 'no version'],
    ['no product', [], 'names no product'],
    ['text that is not an identifier', [{ '@id': 'buildah' }], 'buildah'],
  ] as const)('%s', async (_, products, fact) => {
    const [decision, digest] = await decideOn(products);
    expect(deniedFor(decision)).toEqual(['VULN_SEVERITY']);
    const [note, ...more] = notesOf(decision);
    expect(note).toContain(fact);
    expect(note).toContain(digest);
    expect(more).toEqual([]);
    expect(explainDecision(decision)).toContain(note);
  });

  test('at most three, however many there are', async () => {
    const lab = await scanned();
    for (let i = 0; i < 5; i++) await lab.attach(vexType, openvex([{ '@id': `pkg:golang/github.com/x/y@v${i}` }]));
    expect(notesOf(await lab.decide(policy))).toHaveLength(3);
  });

  test('not where the statement is about another vulnerability', async () => {
    const lab = await scanned();
    await lab.attach(vexType, openvex([{ '@id': purl }]).replace(id, 'CVE-2020-1'));
    expect(notesOf(await lab.decide(policy))).toEqual([]);
  });

  test('a document that does not count is set aside with its reason', async () => {
    const lab = await scanned();
    const { digest } = await lab.attach(vexType, openvex([{ '@id': purl }]));
    const strict = policyOf({
      scan: { signedBy: ['build'], maxAge: '7d', requireCoverage: [], block: { severityAtOrAbove: 'critical' } },
      vex: { signedBy: ['build'], formats: ['csaf'] },
    });
    const decision = await lab.decide(strict);
    expect(decision.evidence.ignored).toMatchObject([{ manifest: digest, code: 'FORMAT_NOT_ACCEPTED' }]);
    expect(decision.evidence.unused.map(({ manifest }) => manifest)).not.toContain(digest);
  });
});
