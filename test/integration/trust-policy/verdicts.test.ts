import { type Certificate, type CertificateStatus, parseCertificate, type RevocationChecker } from '@notarykit/pki';
import {
  type Fact,
  memoryTrustStore,
  type SignatureReport,
  type TrustStore,
  type VerificationPlugin,
  verifySignature,
} from '@notarykit/trust-policy';
import { beforeAll, describe, expect, it } from 'vitest';
import { createLab, type Lab, type PolicyPatch, type Signed, statement } from './lab.js';

let lab: Lab;
let signed: Signed;
let authority: Signed;
const signedAt = new Date('2026-01-01T00:00:00Z');
const now = new Date('2026-06-01T00:00:00Z');
const expiry = new Date('2027-01-01T00:00:00Z');

beforeAll(async () => {
  lab = await createLab();
  signed = await lab.sign({ now: signedAt, expiry, metadata: { build: '7' } });
  authority = await lab.sign({ now: signedAt, scheme: 'notary.x509.signingAuthority' });
});

interface Given {
  readonly signature?: Signed;
  readonly policy?: PolicyPatch;
  readonly trustStore?: TrustStore;
  readonly now?: Date;
  readonly at?: Date;
  readonly metadata?: Record<string, string>;
  readonly revocation?: RevocationChecker;
  readonly plugins?: readonly VerificationPlugin[];
  readonly mediaType?: string;
}

async function judge(given: Given = {}): Promise<SignatureReport> {
  const { signature = signed, policy = {}, trustStore = lab.anchors, ...options } = given;
  const outcome = await verifySignature(signature.envelope, {
    mediaType: signature.mediaType,
    statement: statement(policy),
    trustStore,
    now,
    target: lab.artifact,
    ...options,
  });
  expect(outcome.trusted).toBe(outcome.report.verdict === 'trusted');
  return outcome.report;
}

/** The validation that refused, and its fact. */
function refusal({ verdict, validations }: SignatureReport): { validation: string; fact: Fact } | undefined {
  const failed = validations.find(({ result }) => result === 'failed');
  if (failed === undefined) {
    expect(verdict).toBe('trusted');
    return undefined;
  }
  expect(verdict).toBe('notTrusted');
  expect(failed.message.length).toBeGreaterThan(0);
  expect(failed.remedy?.length).toBeGreaterThan(0);
  return { validation: failed.validation, fact: failed.fact as Fact };
}

/** A checker that gives the leaf a status and says of the others that they are good. */
function revocationOf(
  status: CertificateStatus['status'],
  patch: Partial<CertificateStatus['evidence'][0]> = {},
): RevocationChecker {
  return {
    async check(chain) {
      return chain.map((certificate, i) => ({
        certificate,
        status: i === 0 ? status : 'good',
        evidence:
          i === 0 && status !== 'notRevocable'
            ? [
                {
                  method: 'ocsp',
                  url: 'http://ocsp.test/',
                  outcome: status,
                  thisUpdate: now,
                  nextUpdate: new Date('2026-06-02T00:00:00Z'),
                  ...patch,
                },
              ]
            : [],
      }));
    },
  };
}

const enforceRevocation = { signatureVerification: { level: 'strict' } };
const leafOf = ({ verified }: Signed): Certificate => verified.certificateChain[0] as Certificate;

describe('the deciding fact of a refusal', () => {
  it('none: trusted, until the signature expires', async () => {
    const report = await judge();
    expect(refusal(report)).toBeUndefined();
    expect(report.validUntil).toEqual({ time: '2027-01-01T00:00:00Z', reason: 'signatureExpiry' });
    expect(report).toMatchObject({ scheme: 'notary.x509', claimedSigningTime: '2026-01-01T00:00:00Z' });
  });

  it('an envelope that was changed', async () => {
    const envelope = signed.envelope.slice();
    const middle = Math.floor(envelope.length / 4);
    envelope[middle] = (envelope[middle] as number) ^ 1;
    const found = refusal(await judge({ signature: { ...signed, envelope } }));
    expect(found).toMatchObject({ validation: 'integrity', fact: { fact: 'envelopeRefused' } });
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

  it('I18 a thousand anchors and a hundred signatures take less than a second', async () => {
    const root = parseCertificate(lab.authority.root.certificate);
    const many = Array.from({ length: 1000 }, (_, i) => ({
      ...root,
      fingerprint: i === 999 ? root.fingerprint : `${i}`,
    }));
    const trustStore: TrustStore = { certificates: async () => many };
    await judge({ trustStore });
    const started = performance.now();
    for (let i = 0; i < 100; i++) expect(refusal(await judge({ trustStore }))).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('T1 now = expiry is expired; one second before is not', async () => {
    const at = (seconds: number): Given => ({ now: new Date(expiry.getTime() + seconds * 1000) });
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
    const before = (seconds: number): Given => ({
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

  it('R20 nothing to ask is accepted, and shown', async () => {
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

  it('B1.9 no answer is not an answer: unavailable, no checker, a checker that throws or leaves one out', async () => {
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

  it('permissive logs what strict refuses', async () => {
    const policy = { signatureVerification: { level: 'permissive' } };
    const report = await judge({ policy, revocation: revocationOf('revoked') });
    expect(refusal(report)).toBeUndefined();
    expect(report.validations.find(({ validation }) => validation === 'revocation')).toMatchObject({
      result: 'logged',
      fact: { fact: 'certificateRevoked' },
    });
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

describe('verification plugins', () => {
  const plugin = (
    patch: Partial<VerificationPlugin> & {
      version?: string;
      criticalAttributes?: string[];
      capabilities?: ('SIGNATURE_VERIFIER.TRUSTED_IDENTITY' | 'SIGNATURE_VERIFIER.REVOCATION_CHECK')[];
    } = {},
  ): VerificationPlugin => {
    const {
      version = '1.0.0',
      criticalAttributes = [],
      capabilities = ['SIGNATURE_VERIFIER.TRUSTED_IDENTITY'],
      ...rest
    } = patch;
    return {
      name: 'p',
      describe: async () => ({ version, capabilities, criticalAttributes }),
      verify: async (request) => ({
        results: Object.fromEntries(request.capabilities.map((capability) => [capability, { success: true }])),
        processedAttributes: request.unprocessedAttributes,
      }),
      ...rest,
    };
  };
  const naming = (name: string, version?: string) =>
    lab.sign({ verificationPlugin: name, ...(version === undefined ? {} : { verificationPluginMinVersion: version }) });

  it.each(['../p', '/bin/p', 'p ', 'p/q', '..'])('I19 a plugin named %j is never executed', async (name) => {
    let ran = false;
    const spy = plugin({
      name,
      describe: async () => {
        ran = true;
        throw new Error('x');
      },
    });
    const found = refusal(await judge({ signature: await naming(name), plugins: [spy] }));
    expect(found).toMatchObject({ validation: 'plugin', fact: { fact: 'pluginRefused', problem: 'name' } });
    expect(ran).toBe(false);
  });

  it('I19 only the name that was registered, at every level', async () => {
    for (const level of ['strict', 'audit']) {
      const policy = { signatureVerification: { level, override: { revocation: 'skip' } } };
      const found = refusal(await judge({ signature: await naming('q'), plugins: [plugin()], policy }));
      expect(found).toMatchObject({ fact: { fact: 'pluginRefused', plugin: 'q', problem: 'notRegistered' } });
    }
  });

  it.each([
    ['0.0.9', true],
    ['1.0.0-alpha', true],
    ['1.0.0-alpha.beta', true],
    ['1.0.0', true],
    ['1.0.1', false],
    ['1.0.9', false],
    ['1.1.0-alpha', false],
    ['1.2.3', false],
  ])('a plugin 1.0.0 satisfies %s: %s', async (least, satisfied) => {
    const found = refusal(await judge({ signature: await naming('p', least), plugins: [plugin()] }));
    if (satisfied) expect(found).toBeUndefined();
    else
      expect(found).toMatchObject({
        fact: { fact: 'pluginRefused', problem: 'tooOld', version: '1.0.0', minVersion: least },
      });
  });

  it('J13 a critical attribute needs a verifier that processed it and said so', async () => {
    const signature = await lab.sign({ extendedAttributes: [{ key: 'org.example.level', value: 3, critical: true }] });
    const unprocessed = {
      validation: 'plugin',
      fact: { fact: 'criticalAttributesUnprocessed', attributes: ['org.example.level'] },
    };
    expect(refusal(await judge({ signature }))).toMatchObject(unprocessed);
    expect(refusal(await judge({ signature, plugins: [plugin()] }))).toMatchObject(unprocessed);
    const declaring = plugin({ criticalAttributes: ['org.example.level'] });
    expect(refusal(await judge({ signature, plugins: [declaring] }))).toBeUndefined();
    const other = plugin({
      criticalAttributes: ['org.example.level'],
      verify: async () => ({
        results: { 'SIGNATURE_VERIFIER.TRUSTED_IDENTITY': { success: true } },
        processedAttributes: ['other'],
      }),
    });
    expect(refusal(await judge({ signature, plugins: [other] }))).toMatchObject(unprocessed);
    const audit = { signatureVerification: { level: 'audit' } };
    expect(refusal(await judge({ signature, policy: audit }))).toMatchObject(unprocessed);
  });

  it('a plugin decides the identity, and its refusal is that of authenticity', async () => {
    const signature = await naming('p');
    const policy = { trustedIdentities: ['aws.example:profile/x'] };
    expect(refusal(await judge({ signature, policy, plugins: [plugin()] }))).toBeUndefined();
    const refusing = plugin({
      verify: async () => ({
        results: { 'SIGNATURE_VERIFIER.TRUSTED_IDENTITY': { success: false, reason: 'no' } },
        processedAttributes: [],
      }),
    });
    expect(refusal(await judge({ signature, plugins: [refusing] }))).toEqual({
      validation: 'authenticity',
      fact: { fact: 'pluginRejected', plugin: 'p', capability: 'SIGNATURE_VERIFIER.TRUSTED_IDENTITY', reason: 'no' },
    });
    const audit = { signatureVerification: { level: 'audit' } };
    expect(refusal(await judge({ signature, plugins: [refusing], policy: audit }))).toBeUndefined();
  });

  it('a plugin that says nothing, throws, or has no capability', async () => {
    const signature = await naming('p');
    const refused = async (patch: Parameters<typeof plugin>[0]) =>
      refusal(await judge({ signature, plugins: [plugin(patch)] }))?.fact;
    expect(await refused({ verify: async () => ({ results: {}, processedAttributes: [] }) })).toMatchObject({
      problem: 'noResult',
    });
    expect(await refused({ verify: () => Promise.reject(new Error('boom')) })).toMatchObject({
      problem: 'failed',
      message: 'boom',
    });
    expect(await refused({ capabilities: [] })).toMatchObject({ problem: 'noCapability' });
    expect(await refused({ version: 'v1' })).toMatchObject({ problem: 'failed' });
  });

  it('a plugin that checks revocation replaces the check, unless the level skips it', async () => {
    const signature = await naming('p');
    const revocations = plugin({
      capabilities: ['SIGNATURE_VERIFIER.REVOCATION_CHECK'],
      verify: async () => ({
        results: { 'SIGNATURE_VERIFIER.REVOCATION_CHECK': { success: false, reason: 'revoked' } },
        processedAttributes: [],
      }),
    });
    const found = refusal(await judge({ signature, policy: enforceRevocation, plugins: [revocations] }));
    expect(found).toMatchObject({ validation: 'revocation', fact: { fact: 'pluginRejected', reason: 'revoked' } });
    expect(refusal(await judge({ signature, plugins: [revocations] }))).toBeUndefined();
  });
});
