import type { RevocationChecker } from '@notarykit/pki';
import { type TrustStore, verifySignature } from '@notarykit/trust-policy';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import {
  createJudge,
  enforceRevocation,
  expiry,
  type JudgeOptions,
  type JudgeSetup,
  now,
  refusal,
  revocationOf,
  signedAt,
} from './judge-setup.js';
import { createLab, type Lab, statement } from './lab.js';

let judge: JudgeSetup['judge'];
let lab: Lab;
let signed: JudgeSetup['signed'];
let authority: JudgeSetup['authority'];

beforeAll(async () => {
  ({ judge, lab, signed, authority } = await createJudge());
});

describe('the deciding fact of times', () => {
  it('T1 now = expiry is expired; one second before is not', async () => {
    const at = (seconds: number): JudgeOptions => ({ now: new Date(expiry.getTime() + seconds * 1000) });
    expect(refusal(await judge(at(-1)))).toBeUndefined();
    expect(refusal(await judge(at(0)))).toEqual({
      validation: 'expiry',
      fact: { fact: 'expired', expiry: '2027-01-01T00:00:00Z', now: '2027-01-01T00:00:00Z' },
    });
    expect(refusal(await judge(at(1)))).toMatchObject({ validation: 'expiry' });
    expect(refusal(await judge({ now: new Date(expiry.getTime() - 1) }))).toBeUndefined();
  });

  it('T3 a claimed signing time in the far past or future changes nothing', async () => {
    for (const time of ['2020-01-02T00:00:00Z', '2119-01-01T00:00:00Z']) {
      const report = await judge({ signature: await lab.sign({ now: new Date(time) }) });
      expect(refusal(report)).toBeUndefined();
      expect(report.claimedSigningTime).toBe(time);
    }
    const short = await createLab({ notAfter: new Date('2026-02-01T00:00:00Z') });
    const early = await short.sign({ now: signedAt });
    expect(refusal(await judge({ signature: early, trustStore: short.anchors }))).toMatchObject({
      fact: { fact: 'certificateExpired', timeSource: 'verification' },
    });
  });

  it('T4 an authentic signing time beyond five minutes of skew', async () => {
    const policy = { trustStores: ['signingAuthority:lab'] };
    const before = (seconds: number): JudgeOptions => ({
      signature: authority,
      policy,
      now: new Date(signedAt.getTime() - seconds * 1000),
    });
    expect(refusal(await judge(before(300)))).toBeUndefined();
    expect(refusal(await judge(before(301)))).toMatchObject({
      fact: { fact: 'envelopeRefused', code: 'ERR_ENVELOPE_TIME' },
    });
  });

  it('T6 one time for the whole operation', async () => {
    const asked: (Date | undefined)[] = [];
    const good = revocationOf('good');
    const revocation: RevocationChecker = {
      check: (chain, options) => {
        asked.push(options?.now);
        return good.check(chain, options);
      },
    };
    await judge({ policy: enforceRevocation, revocation, now: new Date(now.getTime() + 700) });
    expect(asked).toEqual([now]);
  });

  it('T6 a clock that jumps past the expiry in the middle changes nothing', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now });
    try {
      const asked: (Date | undefined)[] = [];
      const revocation: RevocationChecker = {
        check: (chain, options) => {
          asked.push(options?.now);
          return revocationOf('good').check(chain, options);
        },
      };
      // The store is the first that is asked, before anything is compared with the time.
      const trustStore: TrustStore = {
        certificates: (...given) => {
          vi.setSystemTime(new Date('2040-01-01T00:00:00Z'));
          return lab.anchors.certificates(...given);
        },
      };
      const { trusted } = await verifySignature(signed.envelope, {
        mediaType: signed.mediaType,
        statement: statement(enforceRevocation),
        trustStore,
        revocation,
        target: lab.artifact,
      });
      expect([trusted, asked]).toEqual([true, [now]]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('T7 the issuing CA expired before the leaf', async () => {
    const ca = await lab.authority.issueCa({ issuer: lab.authority.root, notAfter: new Date('2026-03-01T00:00:00Z') });
    const leaf = await lab.authority.issueLeaf({ issuer: ca });
    const signature = await lab.sign({ signer: leaf.signer, now: signedAt });
    const found = refusal(await judge({ signature }));
    expect(found).toMatchObject({
      validation: 'authenticTimestamp',
      fact: {
        fact: 'certificateExpired',
        certificate: { notAfter: '2026-03-01T00:00:00Z' },
        time: '2026-06-01T00:00:00Z',
      },
    });
  });

  it('validity: bounds included, and by the authentic time under signingAuthority', async () => {
    const ended = await createLab({ notAfter: new Date('2026-03-01T00:00:00Z') });
    const policy = { trustStores: ['signingAuthority:lab'] };
    const trustStore = ended.anchors;
    const within = await ended.sign({ now: new Date('2026-03-01T00:00:00Z'), scheme: 'notary.x509.signingAuthority' });
    expect(refusal(await judge({ signature: within, policy, trustStore }))).toBeUndefined();
    const plain = await ended.sign({ now: signedAt });
    const last = { signature: plain, trustStore, now: new Date('2026-03-01T00:00:00Z') };
    expect(refusal(await judge(last))).toBeUndefined();
    expect((await judge(last)).validUntil).toMatchObject({ time: '2026-03-01T00:00:01Z', reason: 'certificateExpiry' });
    expect(refusal(await judge({ signature: plain, trustStore, now: new Date('2019-12-31T23:59:59Z') }))).toMatchObject(
      {
        fact: { fact: 'certificateNotYetValid' },
      },
    );
  });

  it('T8 a timestamp that the policy demands is missing', async () => {
    const tsa = { trustStores: ['ca:lab', 'tsa:lab'] };
    expect(refusal(await judge({ policy: tsa }))).toEqual({
      validation: 'authenticTimestamp',
      fact: { fact: 'timestampMissing', stores: ['tsa:lab'] },
    });
    const afterExpiry = {
      ...tsa,
      signatureVerification: { level: 'strict', override: { revocation: 'skip' }, verifyTimestamp: 'afterCertExpiry' },
    };
    expect(refusal(await judge({ policy: afterExpiry }))).toBeUndefined();
    const ended = await createLab({ notAfter: new Date('2026-03-01T00:00:00Z') });
    const late = { signature: await ended.sign({ now: signedAt }), trustStore: ended.anchors };
    expect(refusal(await judge({ ...late, policy: afterExpiry }))).toMatchObject({
      fact: { fact: 'timestampMissing' },
    });
    expect(refusal(await judge(late))).toMatchObject({ fact: { fact: 'certificateExpired' } });
  });

  it('at: an answer of a later date says nothing about an earlier one', async () => {
    const at = new Date('2026-02-01T00:00:00Z');
    const given = { policy: enforceRevocation, revocation: revocationOf('good'), at };
    expect(refusal(await judge(given))).toMatchObject({ fact: { fact: 'revocationUnavailable' } });
    const dated = revocationOf('good', { thisUpdate: at, nextUpdate: new Date('2026-02-02T00:00:00Z') });
    expect(refusal(await judge({ ...given, revocation: dated }))).toBeUndefined();
  });

  it('at: a signature that has expired since was good then', async () => {
    expect(refusal(await judge({ now: new Date('2028-01-01T00:00:00Z'), at: now }))).toBeUndefined();
    expect(refusal(await judge({ now: new Date('2028-01-01T00:00:00Z') }))).toMatchObject({ validation: 'expiry' });
  });

  it('validUntil: evidence that runs out first', async () => {
    const report = await judge({ policy: enforceRevocation, revocation: revocationOf('good') });
    expect(report.validUntil).toMatchObject({ time: '2026-06-02T00:00:01Z', reason: 'revocationEvidence' });
  });
});
