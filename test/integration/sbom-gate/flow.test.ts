import { type GraphView, openGraph } from '@notarykit/artifact-graph';
import { utf8 } from '@notarykit/common';
import { decide, formatDecision, formatSarif, type GateDecision, parseGatePolicy } from '@notarykit/sbom-gate';
import { type AcceptVsaOptions, acceptVsa, buildVsa, type SignedSummary } from '@notarykit/sbom-gate/internal';
import { describe, expect, test } from 'vitest';
import { collectEvidence } from '../../../packages/notarykit/src/gate/collect.ts';
import { type RescanHook, runGate } from '../../../packages/notarykit/src/gate/run.ts';
import { createGateLab, deniedFor, type GateLab, labNow, policyOf, requestOf } from './gate-lab.ts';

const report = (findings: object[] = []): string =>
  JSON.stringify({
    SchemaVersion: 2,
    CreatedAt: '2026-11-24T10:00:00Z',
    ArtifactName: 'app',
    Metadata: { OS: { Family: 'debian', Name: '12' } },
    Results: [{ Class: 'os-pkgs', Vulnerabilities: findings }],
  });
const finding = {
  VulnerabilityID: 'CVE-2026-1',
  PkgName: 'zlib1g',
  InstalledVersion: '1.2',
  Severity: 'CRITICAL',
  PkgIdentifier: { PURL: 'pkg:deb/debian/zlib1g@1.2' },
};
const scan = { signedBy: ['scanner'], maxAge: '7d', block: { severityAtOrAbove: 'critical' }, onMissing: 'rescan' };
const scanType = 'application/vnd.aquasec.trivy+json';

const openvex = (product: unknown, status = 'not_affected'): string =>
  JSON.stringify({
    '@context': 'https://openvex.dev/ns/v0.2.0',
    timestamp: '2026-11-24T09:00:00Z',
    statements: [
      { vulnerability: { name: 'CVE-2026-1' }, products: [product], status, justification: 'component_not_present' },
    ],
  });

/** The gate with a rescan hook, over the lab's own verifier. */
async function rescanning(lab: GateLab, rescan: RescanHook, now = (): Date => labNow): Promise<GateDecision> {
  const request = requestOf(parseGatePolicy(JSON.stringify(policyOf({ scan }))));
  const { verify } = lab;
  const decideIn = async (view: GraphView): Promise<GateDecision> =>
    decide(
      await collectEvidence(view, lab.image, { policy: request.policy, reference: 'app', verify }),
      request,
      now(),
    );
  return await runGate(openGraph(lab.repository), lab.image, { decide: decideIn, rescan });
}

describe('flow of the gate', () => {
  test('a missing scan is made, and the gate decides again', async () => {
    const lab = await createGateLab();
    const decision = await rescanning(
      lab,
      async () => void (await lab.attach(scanType, report(), { signedBy: 'scanner' })),
    );
    expect([decision.verdict, decision.rescan]).toEqual(['ALLOW', { requested: true, performed: true }]);
  });

  test('a scan that the hook does not sign, or cannot make, denies', async () => {
    const lab = await createGateLab();
    const unsigned = await rescanning(lab, async () => void (await lab.attach(scanType, report(), { signedBy: null })));
    expect(deniedFor(unsigned)).toEqual(['RESCAN_FAILED']);
    const failed = await rescanning(lab, () => Promise.reject(new Error('no scanner')));
    expect([failed.verdict, deniedFor(failed)]).toEqual(['DENY', ['RESCAN_FAILED']]);
  });

  test('a scan that takes hours is judged at the time at which it ended', async () => {
    const lab = await createGateLab();
    let now = labNow;
    const scanned = async (): Promise<void> => {
      now = new Date(labNow.getTime() + 5 * 3_600_000);
      const made = { ...(JSON.parse(report()) as object), CreatedAt: now.toISOString() };
      await lab.attach(scanType, JSON.stringify(made), { signedBy: 'scanner' });
    };
    const decision = await rescanning(lab, scanned, () => now);
    expect([decision.verdict, decision.evaluatedAt]).toEqual(['ALLOW', now]);
  });

  test.for([
    ['with version', openvex({ '@id': 'pkg:deb/debian/zlib1g@1.2' }), 'security', 'ALLOW'],
    ['without version', openvex({ '@id': 'pkg:deb/debian/zlib1g' }), 'security', 'DENY'],
    ['of another version', openvex({ '@id': 'pkg:deb/debian/zlib1g@1.3' }), 'security', 'DENY'],
    ['that says affected', openvex({ '@id': 'pkg:deb/debian/zlib1g@1.2' }, 'affected'), 'security', 'DENY'],
    ['of another signer', openvex({ '@id': 'pkg:deb/debian/zlib1g@1.2' }), 'scanner', 'DENY'],
  ] as const)('a VEX statement %s', async ([, document, signedBy, verdict]) => {
    const lab = await createGateLab();
    await lab.attach(scanType, report([finding]), { signedBy: 'scanner' });
    await lab.attach('application/vnd.openvex+json', document, { signedBy });
    expect((await lab.decide(policyOf({ scan, vex: { signedBy: ['security'] } }))).verdict).toBe(verdict);
  });

  test.for([
    ['2026-12-01T00:00:00Z', 'ALLOW'],
    ['2026-11-24T12:00:00Z', 'ALLOW'],
    ['2026-11-24T11:59:59Z', 'DENY'],
  ] as const)('an exception until %s', async ([expires, verdict]) => {
    const lab = await createGateLab();
    await lab.attach(scanType, report([finding]), { signedBy: 'scanner' });
    const exceptions = [{ id: 'cve-2026-1', reason: 'not reachable', expires, packages: [{ name: 'zlib1g' }] }];
    expect((await lab.decide(policyOf({ scan, exceptions }))).verdict).toBe(verdict);
  });

  test('a summary of the decision is believed under the same policy only', async () => {
    const lab = await createGateLab();
    await lab.attach(scanType, report(), { signedBy: 'scanner' });
    const document = policyOf({ scan });
    const decision = await lab.decide(document);
    const [resourceUri, verifierId] = ['registry.test/prod/app:v1', 'https://gate.test/v1'];
    const grounds = { request: 'r', validUntil: new Date(labNow.getTime() + 3_600_000), attachments: [], signers: [] };
    const bytes = utf8(buildVsa(decision, { resourceUri, verifierId, grounds }));
    const signatures = decision.image.signatures as SignedSummary['signatures'];
    const { digest: policyDigest } = parseGatePolicy(JSON.stringify(document));
    const policy = { signedBy: ['security'], verifiers: [verifierId], maxAge: 3_600_000 };
    const options = { digest: lab.image.digest, resourceUri, policy, policyDigest, request: 'r', now: labNow };
    const accept = (change: Partial<AcceptVsaOptions> = {}): boolean =>
      acceptVsa([{ manifest: lab.image.digest, signatures, bytes }], { ...options, ...change }).accepted;
    expect(accept()).toBe(true);
    const other = parseGatePolicy(JSON.stringify(policyOf({})));
    for (const change of [
      { policyDigest: other.digest },
      { policy: { ...policy, verifiers: ['https://x.test'] } },
      { resourceUri: 'x' },
      { request: 'another' },
      { now: new Date('2026-11-25T12:00:00Z') },
    ])
      expect(accept(change)).toBe(false);
  });

  test('reports are the same for the same decision', async () => {
    const lab = await createGateLab();
    await lab.attach(scanType, report([finding]), { signedBy: 'scanner' });
    const [first, second] = [await lab.decide(policyOf({ scan })), await lab.decide(policyOf({ scan }))];
    expect(formatDecision(first)).toBe(formatDecision(second));
    const log = JSON.parse(formatSarif(first)) as { runs: [{ results: { ruleId: string; level: string }[] }] };
    expect(log.runs[0].results[0]).toMatchObject({ ruleId: 'VULN_SEVERITY', level: 'error' });
  });
});
