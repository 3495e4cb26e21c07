import { decodeUtf8, utf8 } from '@notarykit/common';
import { decodeBase64Url, encodeBase64Url } from '@notarykit/common/internal';
import { parseCertificate } from '@notarykit/pki';
import { memoryTrustStore, TrustError, type TrustStore, verifySignature } from '@notarykit/trust-policy';
import { beforeAll, describe, expect, it } from 'vitest';
import { createJudge, type JudgeSetup, refusal } from './judge-setup.js';
import { createLab, type Lab, statement } from './lab.js';

let judge: JudgeSetup['judge'];
let lab: Lab;
let signed: JudgeSetup['signed'];
let authority: JudgeSetup['authority'];

beforeAll(async () => {
  ({ judge, lab, signed, authority } = await createJudge());
});

describe('the deciding fact of a refusal', () => {
  it('a trusted signature has none, and is valid until it expires', async () => {
    const report = await judge();
    expect(refusal(report)).toBeUndefined();
    expect(report.validUntil).toEqual({ time: '2027-01-01T00:00:00Z', reason: 'signatureExpiry' });
    expect(report).toMatchObject({ scheme: 'notary.x509', claimedSigningTime: '2026-01-01T00:00:00Z' });
  });

  it('an envelope that was changed', async () => {
    const { payload, ...members } = JSON.parse(decodeUtf8(signed.envelope));
    const other = decodeUtf8(decodeBase64Url(payload)).replace('"build":"7"', '"build":"8"');
    const envelope = utf8(JSON.stringify({ ...members, payload: encodeBase64Url(utf8(other)) }));
    const found = refusal(await judge({ signature: { ...signed, envelope } }));
    expect(found).toMatchObject({
      validation: 'integrity',
      fact: { fact: 'envelopeRefused', code: 'ERR_ENVELOPE_INTEGRITY' },
    });
  });

  it('J23 a media type that is none of the two', async () => {
    expect(refusal(await judge({ mediaType: 'application/json' }))).toMatchObject({
      validation: 'integrity',
      fact: { fact: 'envelopeRefused', code: 'ERR_ENVELOPE_MALFORMED' },
    });
  });

  it('I17 signing authority with only ca stores, and the reverse', async () => {
    expect(refusal(await judge({ signature: authority }))).toEqual({
      validation: 'authenticity',
      fact: { fact: 'noStoreOfType', type: 'signingAuthority', configured: ['ca:lab'] },
    });
    const policy = { trustStores: ['signingAuthority:lab'] };
    expect(refusal(await judge({ policy }))).toMatchObject({ fact: { fact: 'noStoreOfType', type: 'ca' } });
    expect(refusal(await judge({ policy, signature: authority }))).toBeUndefined();
  });

  it('a trust store that cannot be used', async () => {
    expect(refusal(await judge({ policy: { trustStores: ['ca:lab', 'ca:other'] } }))).toMatchObject({
      validation: 'authenticity',
      fact: { fact: 'storeRefused', store: 'ca:other', code: 'ERR_TRUST_STORE' },
    });
    const broken: TrustStore = { certificates: () => Promise.reject(new Error('disk')) };
    expect(refusal(await judge({ trustStore: broken }))).toMatchObject({
      fact: { fact: 'storeRefused', message: 'disk' },
    });
    const empty: TrustStore = { certificates: async () => [] };
    expect(refusal(await judge({ trustStore: empty }))).toMatchObject({ fact: { fact: 'storeRefused' } });
    const damaged: TrustStore = {
      certificates: () =>
        Promise.reject(
          new TrustError('ERR_TRUST_STORE', 'half a block', { detail: { store: 'ca:lab', file: 'old.pem' } }),
        ),
    };
    const report = await judge({ trustStore: damaged });
    expect(refusal(report)).toMatchObject({ fact: { fact: 'storeRefused', file: 'old.pem', message: 'half a block' } });
    const failed = report.validations.find(({ result }) => result === 'failed');
    expect(failed).toMatchObject({
      remedy: expect.stringMatching(/"old\.pem"/),
      message: expect.stringMatching(/half a block/),
    });
  });

  it('a chain that ends in another root', async () => {
    const other = await createLab();
    expect(refusal(await judge({ trustStore: other.anchors }))).toMatchObject({
      validation: 'authenticity',
      fact: { fact: 'chainNotTrusted', stores: ['ca:lab'], chain: { length: 3 } },
    });
  });

  it('an intermediate or the leaf as anchor is enough', async () => {
    const trustStore = memoryTrustStore({ ca: { lab: lab.authority.issuer.certificate } });
    expect(refusal(await judge({ trustStore }))).toBeUndefined();
  });

  it('another identity, named by attribute', async () => {
    const policy = { trustedIdentities: ['x509.subject:C=US,ST=WA,O=Other'] };
    expect(refusal(await judge({ policy }))).toMatchObject({
      validation: 'authenticity',
      fact: {
        fact: 'identityNotTrusted',
        identities: [{ attribute: 'O', expected: 'Other', found: 'NotaryKit Test' }],
      },
    });
  });

  it('I18 checks a thousand anchors once for a hundred signatures', async () => {
    const root = parseCertificate(lab.authority.root.certificate);
    let lookups = 0;
    const many = Array.from({ length: 1000 }, (_, i) => ({
      ...root,
      get fingerprint() {
        lookups++;
        return i === 999 ? root.fingerprint : `${i}`;
      },
    }));
    const trustStore: TrustStore = { certificates: async () => many };
    for (let i = 0; i < 100; i++) expect(refusal(await judge({ trustStore }))).toBeUndefined();
    // Each anchor once, and the one that matches a few times for each signature.
    expect(lookups).toBeLessThan(1000 + 100 * 10);
  });

  it('P1 a signature of another artifact: digest, size or media type', async () => {
    for (const [member, patch] of Object.entries({
      digest: { digest: `sha256:${'b'.repeat(64)}` as const },
      size: { size: lab.artifact.size + 1 },
      mediaType: { mediaType: 'application/vnd.oci.image.index.v1+json' },
    })) {
      const signature = await lab.sign({ target: { ...lab.artifact, ...patch } });
      expect(refusal(await judge({ signature }))).toMatchObject({
        validation: 'target',
        fact: { fact: 'targetMismatch', member },
      });
      expect(refusal(await judge({ signature, policy: { signatureVerification: { level: 'audit' } } }))).toMatchObject({
        validation: 'target',
      });
    }
  });

  it('P13 required metadata missing or different', async () => {
    expect(refusal(await judge({ metadata: { build: '7' } }))).toBeUndefined();
    expect(refusal(await judge({ metadata: { build: '8' } }))).toEqual({
      validation: 'userMetadata',
      fact: { fact: 'metadataMismatch', key: 'build', expected: '8', found: '7' },
    });
    expect(refusal(await judge({ metadata: { toString: 'x' } }))).toEqual({
      validation: 'userMetadata',
      fact: { fact: 'metadataMismatch', key: 'toString', expected: 'x' },
    });
  });

  it('an abort rejects and gives no verdict', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    const options = {
      mediaType: signed.mediaType,
      statement: statement(),
      trustStore: lab.anchors,
      target: lab.artifact,
      signal,
    };
    await expect(verifySignature(signed.envelope, options)).rejects.toThrow('enough');
  });
});
