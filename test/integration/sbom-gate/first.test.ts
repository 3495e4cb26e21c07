import { explainDecision } from '@notarykit/sbom-gate';
import { describe, expect, test } from 'vitest';
import { createGateLab, deniedFor, policyOf } from './gate-lab.ts';

const cyclonedx = (components: object[]): string =>
  JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', components });

describe('gate', () => {
  test('allows an image whose trusted SBOM and scan satisfy the policy', async () => {
    const lab = await createGateLab();
    await lab.attach(
      'application/vnd.cyclonedx+json',
      cyclonedx([{ type: 'library', name: 'curl', version: '8.1.0-1', purl: 'pkg:deb/debian/curl@8.1.0-1' }]),
    );
    const report = {
      SchemaVersion: 2,
      CreatedAt: '2026-11-23T12:00:00Z',
      ArtifactName: 'app',
      Metadata: { OS: { Family: 'debian', Name: '12' } },
      Results: [{ Target: 'app', Class: 'os-pkgs', Type: 'debian' }],
    };
    await lab.attach('application/vnd.aquasec.trivy+json', JSON.stringify(report), { signedBy: 'scanner' });
    const policy = policyOf({
      sbom: {
        signedBy: ['build'],
        requirePackages: [{ purl: 'pkg:deb/debian/curl', versions: 'vers:deb/>=8.0' }],
        blockPackages: [{ name: 'telnetd*' }],
      },
      scan: { signedBy: ['scanner'], maxAge: '7d', block: { severityAtOrAbove: 'critical' } },
    });
    const decision = await lab.decide(policy);
    expect(deniedFor(decision)).toEqual([]);
    expect(decision.verdict).toBe('ALLOW');
    const later = await lab.decide(policy, { now: new Date('2026-12-24T12:00:00Z') });
    expect(deniedFor(later)).toEqual(['SCAN_STALE']);
    expect(explainDecision(later)).toContain('scan is 31d old, limit 7d');
  });

  test('asks for a scan where the policy says so', async () => {
    const lab = await createGateLab();
    const decision = await lab.decide(
      policyOf({
        scan: { signedBy: ['scanner'], maxAge: '7d', block: { severityAtOrAbove: 'high' }, onMissing: 'rescan' },
      }),
    );
    expect(decision.verdict).toBe('RESCAN');
  });
});
