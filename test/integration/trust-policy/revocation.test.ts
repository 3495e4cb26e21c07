import type { RevocationChecker } from '@notarykit/pki';
import { beforeAll, describe, expect, it } from 'vitest';
import { createJudge, enforceRevocation, type JudgeSetup, leafOf, refusal, revocationOf } from './judge-setup.js';

let judge: JudgeSetup['judge'];
let signed: JudgeSetup['signed'];

beforeAll(async () => {
  ({ judge, signed } = await createJudge());
});

describe('the deciding fact of revocation', () => {
  it('a revoked certificate, with source, date and reason', async () => {
    const revocation = revocationOf('revoked', {
      reason: 'keyCompromise',
      revokedAt: new Date('2026-05-01T00:00:00Z'),
    });
    expect(refusal(await judge({ policy: enforceRevocation, revocation }))).toMatchObject({
      validation: 'revocation',
      fact: {
        fact: 'certificateRevoked',
        chain: 'signing',
        certificate: { fingerprint: leafOf(signed).fingerprint },
        attempts: [
          { method: 'ocsp', url: 'http://ocsp.test/', reason: 'keyCompromise', revokedAt: '2026-05-01T00:00:00Z' },
        ],
      },
    });
  });

  it('R20 a certificate without OCSP and CRL addresses is accepted, and reported', async () => {
    const revocation: RevocationChecker = {
      check: async (chain) => chain.map((certificate) => ({ certificate, status: 'notRevocable', evidence: [] })),
    };
    const report = await judge({ policy: enforceRevocation, revocation });
    expect(refusal(report)).toBeUndefined();
    const { evidence } = report.validations.find(({ validation }) => validation === 'revocation') as {
      evidence: readonly unknown[];
    };
    expect(evidence).toMatchObject([{ kind: 'revocation', status: 'notRevocable' }, {}, {}]);
  });

  it('B1 without an answer it refuses: unavailable, no checker, a checker that throws or leaves one out', async () => {
    const policy = enforceRevocation;
    expect(refusal(await judge({ policy, revocation: revocationOf('unavailable') }))).toMatchObject({
      fact: { fact: 'revocationUnavailable' },
    });
    const notChecked = { validation: 'revocation', fact: { fact: 'revocationNotChecked', chain: 'signing' } };
    expect(refusal(await judge({ policy }))).toMatchObject(notChecked);
    expect(refusal(await judge({ policy, revocation: { check: () => Promise.reject(new Error('x')) } }))).toMatchObject(
      notChecked,
    );
    expect(refusal(await judge({ policy, revocation: { check: async () => [] } }))).toMatchObject(notChecked);
  });

  it.each<readonly [string, unknown]>([
    ['a status in capitals', { status: 'Good', evidence: [] }],
    ['a status that is not known', { status: 'skipped', evidence: [] }],
    ['no status', { evidence: [] }],
    ['no evidence', { status: 'notRevocable' }],
    ['no list of evidence', { status: 'good', evidence: 'none' }],
  ])('B1 what is not understood is not an answer: %s', async (_, answer) => {
    const check = async (chain: readonly object[]): Promise<unknown> =>
      chain.map((certificate) => ({ certificate, ...(answer as object) }));
    const revocation = { check } as unknown as RevocationChecker;
    expect(refusal(await judge({ policy: enforceRevocation, revocation }))).toMatchObject({
      validation: 'revocation',
      fact: { fact: 'revocationNotChecked' },
    });
  });

  it('permissive logs what strict refuses', async () => {
    const policy = { signatureVerification: { level: 'permissive' } };
    const report = await judge({ policy, revocation: revocationOf('revoked') });
    expect(refusal(report)).toBeUndefined();
    expect(report.validations.find(({ validation }) => validation === 'revocation')).toMatchObject({
      result: 'logged',
      fact: { fact: 'certificateRevoked' },
    });
  });
});
