import { encodeBase64, utf8 } from '@notarykit/common';
import type { RevocationChecker } from '@notarykit/pki';
import { buildTimestampToken, type Issued, type TokenOptions } from '@notarykit/testing';
import { type SignatureReport, verifySignature } from '@notarykit/trust-policy';
import { beforeAll, describe, expect, it } from 'vitest';
import { createLab, type Lab, statement } from './lab.js';

let lab: Lab;
let authority: Issued;
let signed: Awaited<ReturnType<Lab['sign']>>;
const signedAt = new Date('2026-01-01T00:00:00Z');
const end = new Date('2026-02-01T00:00:00Z');
const now = new Date('2026-06-01T00:00:00Z');

beforeAll(async () => {
  lab = await createLab();
  authority = await lab.authority.issueTimestamping();
  const leaf = await lab.authority.issueLeaf({ notAfter: end });
  signed = await lab.sign({ signer: leaf.signer, now: signedAt });
});

/** The envelope with a token over its signature. */
async function stamped(
  options: Partial<TokenOptions> = {},
  message: Uint8Array = signed.verified.signature,
): Promise<Uint8Array> {
  const token = await buildTimestampToken(message, { signer: authority, genTime: signedAt, ...options });
  const document = JSON.parse(new TextDecoder().decode(signed.envelope));
  document.header['io.cncf.notary.timestampSignature'] = encodeBase64(token);
  return utf8(JSON.stringify(document));
}

const silent: RevocationChecker = {
  check: async (chain) => chain.map((certificate) => ({ certificate, status: 'notRevocable', evidence: [] })),
};

async function judge(
  envelope: Uint8Array,
  given: {
    trustStores?: string[];
    revocation?: RevocationChecker;
    at?: Date;
    level?: object;
    allowNonCriticalBasicConstraints?: boolean;
  } = {},
): Promise<SignatureReport> {
  const {
    trustStores = ['ca:lab', 'tsa:lab'],
    level = { level: 'strict', override: { revocation: 'skip' } },
    ...options
  } = given;
  const { report } = await verifySignature(envelope, {
    mediaType: signed.mediaType,
    statement: statement({ trustStores, signatureVerification: level }),
    trustStore: lab.anchors,
    target: lab.artifact,
    revocation: silent,
    now,
    ...options,
  });
  return report;
}

const timestampOf = ({ validations }: SignatureReport) =>
  validations.find(({ validation }) => validation === 'authenticTimestamp');

describe('timestamped signatures', () => {
  it('S11 of an authority whose basic constraints are not critical need the same option as signing', async () => {
    const issuer = await lab.authority.issueCa({
      extensions: (list) => list.map((one) => (one.oid === '2.5.29.19' ? { ...one, critical: false } : one)),
    });
    const envelope = await stamped({ signer: await lab.authority.issueTimestamping({ issuer }) });
    expect(timestampOf(await judge(envelope))).toMatchObject({
      fact: { fact: 'timestampRefused', code: 'ERR_ENVELOPE_CHAIN' },
    });
    expect((await judge(envelope, { allowNonCriticalBasicConstraints: true })).verdict).toBe('trusted');
    const signature = await lab.sign({
      signer: (await lab.authority.issueLeaf({ issuer })).signer,
      allowNonCriticalBasicConstraints: true,
    });
    const trustStores = ['ca:lab'];
    expect((await judge(signature.envelope, { trustStores })).verdict).toBe('refused');
    expect((await judge(signature.envelope, { trustStores, allowNonCriticalBasicConstraints: true })).verdict).toBe(
      'trusted',
    );
  });

  it('T7 T8 outlive their certificates, and say what vouched for the time', async () => {
    const report = await judge(await stamped());
    expect(report.verdict).toBe('trusted');
    expect(timestampOf(report)?.evidence).toMatchObject([
      { kind: 'time', source: 'timestamp', time: '2026-01-01T00:00:00Z', accuracySeconds: 1 },
      { kind: 'timestampAuthority' },
      { kind: 'revocation', chain: 'timestamp' },
      {},
      {},
    ]);
    expect(timestampOf(await judge(await stamped(), { trustStores: ['ca:lab'] }))).toMatchObject({
      fact: { fact: 'certificateExpired' },
    });
    const after = { level: 'strict', override: { revocation: 'skip' }, verifyTimestamp: 'afterCertExpiry' };
    expect((await judge(await stamped(), { level: after })).verdict).toBe('trusted');
  });

  it.each([
    ['within by the width of its accuracy', -1, 1, undefined],
    ['straddling the end', 0, 1, 'after'],
    ['after the end', 60, 1, 'after'],
    ['exactly at the end', 0, 0, undefined],
  ])('S10 an interval %s', async (_, offset, seconds, side) => {
    const genTime = new Date(end.getTime() + offset * 1000);
    const report = await judge(await stamped({ genTime, accuracy: seconds === 0 ? null : { seconds } }));
    if (side === undefined) expect(report.verdict).toBe('trusted');
    else
      expect(timestampOf(report)).toMatchObject({
        result: 'failed',
        fact: { fact: 'timestampOutsideValidity', side, certificate: { notAfter: '2026-02-01T00:00:00Z' } },
      });
  });

  it('S10 before a certificate began', async () => {
    const report = await judge(await stamped({ genTime: new Date('2020-01-01T00:00:00Z') }));
    expect(timestampOf(report)).toMatchObject({ fact: { fact: 'timestampOutsideValidity', side: 'before' } });
  });

  it('S11 a root that is in a ca store only', async () => {
    const missing = await judge(await stamped(), { trustStores: ['ca:lab', 'tsa:other'] });
    expect(timestampOf(missing)).toMatchObject({ fact: { fact: 'storeRefused', store: 'tsa:other' } });
  });

  it('S11 an authority that was revoked, or of which nobody can tell: enforced although revocation is skipped', async () => {
    for (const [status, fact] of [
      ['revoked', 'certificateRevoked'],
      ['unavailable', 'revocationUnavailable'],
    ] as const) {
      const revocation: RevocationChecker = {
        check: async (chain) => chain.map((certificate) => ({ certificate, status, evidence: [] })),
      };
      expect(timestampOf(await judge(await stamped(), { revocation }))).toMatchObject({
        result: 'failed',
        fact: { fact, chain: 'timestamp' },
      });
    }
  });

  it('S12 a token over something else than the signature bytes', async () => {
    const report = await judge(await stamped({}, signed.envelope));
    expect(timestampOf(report)).toMatchObject({ fact: { fact: 'timestampRefused', code: 'ERR_PKI_TIMESTAMP' } });
  });

  it('a token that is none', async () => {
    const document = JSON.parse(new TextDecoder().decode(signed.envelope));
    document.header['io.cncf.notary.timestampSignature'] = 'AAAA';
    expect(timestampOf(await judge(utf8(JSON.stringify(document))))).toMatchObject({
      fact: { fact: 'timestampRefused' },
    });
  });

  it('at: a timestamp that was made later does not count yet', async () => {
    const genTime = new Date('2026-01-20T00:00:00Z');
    const envelope = await stamped({ genTime });
    expect((await judge(envelope)).verdict).toBe('trusted');
    expect(timestampOf(await judge(envelope, { at: new Date('2026-01-10T00:00:00Z') }))).toMatchObject({
      fact: { fact: 'timestampRefused' },
    });
    expect((await judge(envelope, { at: new Date('2026-01-25T00:00:00Z') })).verdict).toBe('trusted');
  });
});
