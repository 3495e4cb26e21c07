import { explain, verifyArtifactSignatures } from '@notarykit/trust-policy';
import { describe, expect, it } from 'vitest';
import { createLab, policy } from './lab.js';

describe('verifyArtifactSignatures', () => {
  it('trusts what a trusted identity signed, and says why', async () => {
    const lab = await createLab();
    const { verified } = await lab.sign();
    const manifest = await lab.attach(verified);
    const verdict = await verifyArtifactSignatures(lab.repository, lab.artifact, {
      policy: policy(),
      trustStore: lab.anchors,
    });
    expect(verdict.verdict).toBe('trusted');
    expect(verdict.report.signatures[0]?.manifest).toBe(manifest.digest);
    expect(explain(verdict.report)).toMatch(/^Trusted: registry\.test\/net-monitor@sha256:/);
  });
});
