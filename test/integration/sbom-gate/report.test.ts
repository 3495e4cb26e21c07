import { explainDecision, type GateDecision, type GateOutcome } from '@notarykit/sbom-gate';
import { remedyFor } from '@notarykit/sbom-gate/internal';
import { expect, test } from 'vitest';
import { createGateLab, deniedFor, policyOf } from './gate-lab.ts';

const sbomType = 'application/vnd.cyclonedx+json';
const inventory = (members: object = {}): string =>
  JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    components: [{ type: 'library', name: 'lib', purl: 'pkg:npm/lib@1' }],
    ...members,
  });

const outcomeOf = ({ outcomes }: GateDecision, code: string): GateOutcome => {
  const found = outcomes.find((outcome) => outcome.code === code);
  if (found === undefined) throw new Error(`no outcome ${code} among ${outcomes.map((one) => one.code).join(', ')}`);
  return found;
};

test('reasons name the manifest that stands among the evidence, and not its layer', async () => {
  const lab = await createGateLab();
  const { digest } = await lab.attach(sbomType, inventory());
  const decision = await lab.decide(policyOf({ sbom: { signedBy: ['build'], blockPackages: [{ name: 'lib' }] } }));
  const { evidence } = outcomeOf(decision, 'PACKAGE_BLOCKED');
  expect([evidence?.manifest, decision.evidence.used[0]?.manifest]).toEqual([digest, digest]);
  const text = explainDecision(decision);
  expect(text.split(digest)).toHaveLength(3);
  expect(text).not.toContain(evidence?.blob);
});

test('what cannot be read denies for ever, and the remedy names the referrer that must go', async () => {
  const lab = await createGateLab();
  await lab.attach(sbomType, inventory());
  const bad = await lab.attach(sbomType, '{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"name":1}]}');
  const decision = await lab.decide(policyOf({ sbom: { signedBy: ['build'] } }));
  expect(deniedFor(decision)).toEqual(['SBOM_UNREADABLE']);
  expect(remedyFor(outcomeOf(decision, 'SBOM_UNREADABLE'))).toContain(`remove the referrer ${bad.digest}`);
  expect(explainDecision(decision)).toContain(`remove the referrer ${bad.digest}`);
});

test('what is about another image, or in another format, is set aside and named by its manifest', async () => {
  const lab = await createGateLab();
  await lab.attach(sbomType, inventory());
  const digest = `sha256:${'d'.repeat(64)}`;
  const other = await lab.attach(
    sbomType,
    inventory({ metadata: { component: { type: 'container', name: 'x', version: digest } } }),
  );
  const spdx = await lab.attach(
    'application/spdx+json',
    JSON.stringify({
      spdxVersion: 'SPDX-2.3',
      SPDXID: 'SPDXRef-DOCUMENT',
      packages: [{ SPDXID: 'SPDXRef-1', name: 'a' }],
    }),
  );
  const decision = await lab.decide(policyOf({ sbom: { signedBy: ['build'], formats: ['cyclonedx'] } }));
  expect(decision.verdict).toBe('ALLOW');
  const found = decision.evidence.ignored.map(({ manifest, code, reason }) => ({ manifest, code, reason }));
  expect(found).toContainEqual({
    manifest: other.digest,
    code: 'SBOM_SUBJECT_MISMATCH',
    reason: expect.stringContaining(digest),
  });
  expect(found).toContainEqual({
    manifest: spdx.digest,
    code: 'FORMAT_NOT_ACCEPTED',
    reason: expect.stringContaining('spdx-2'),
  });
  for (const code of ['SBOM_SUBJECT_MISMATCH', 'FORMAT_NOT_ACCEPTED'])
    expect(remedyFor(outcomeOf(decision, code))).toContain('remove the referrer');
});

const tools = ['docker scout', 'osv-scanner', 'Anchore Container Vulnerability Report (T0)', 'Clair', 'CodeQL'];

test.for(tools)('a SARIF log of %s is told to be of a tool that is not read', async (name) => {
  const lab = await createGateLab();
  const run = {
    tool: { driver: { name, rules: [{ id: 'CVE-2024-1', properties: { 'security-severity': '9.8' } }] } },
    invocations: [{ executionSuccessful: true, endTimeUtc: '2026-11-24T10:00:00Z' }],
    results: [{ ruleId: 'CVE-2024-1', ruleIndex: 0, message: { text: 'x' } }],
  };
  await lab.attach('application/sarif+json', JSON.stringify({ version: '2.1.0', runs: [run] }));
  const scan = { signedBy: ['build'], maxAge: '7d', formats: ['sarif'], block: { severityAtOrAbove: 'critical' } };
  const decision = await lab.decide(policyOf({ scan }));
  expect(deniedFor(decision)).toEqual(['SCAN_TOOL_UNSUPPORTED']);
  const outcome = outcomeOf(decision, 'SCAN_TOOL_UNSUPPORTED');
  expect(outcome.message).toContain(name);
  expect(remedyFor(outcome)).toBeDefined();
});
