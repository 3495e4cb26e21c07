import { explain } from '@notarykit/trust-policy';
import { describe, expect, it } from 'vitest';
import { verifyArtifactSignatures } from '../../support/verify-artifact.js';
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

  it('S11 the option for authorities reaches every signature', async () => {
    const lab = await createLab();
    const issuer = await lab.authority.issueCa({
      extensions: (list) => list.map((one) => (one.oid === '2.5.29.19' ? { ...one, critical: false } : one)),
    });
    const allow = { allowNonCriticalBasicConstraints: true };
    const { signer } = await lab.authority.issueLeaf({ issuer });
    await lab.attach((await lab.sign({ signer, ...allow })).verified);
    const options = { policy: policy(), trustStore: lab.anchors };
    const verify = (more: object) => verifyArtifactSignatures(lab.repository, lab.artifact, { ...options, ...more });
    await expect(verify({})).rejects.toMatchObject({ code: 'ERR_TRUST_NOT_VERIFIED' });
    expect((await verify(allow)).verdict).toBe('trusted');
  });
});
