import { createHttpTimestamper, parseCertificate, type RevocationChecker } from '@notarykit/pki';
import { verifyTimestampToken } from '@notarykit/pki/internal';
import { decodeEnvelope, inspectEnvelope, signEnvelope, verifyIntegrity } from '@notarykit/signature-envelope';
import { countersign } from '@notarykit/signature-envelope/internal';
import {
  type Authority,
  type AuthorityServices,
  createAuthority,
  createAuthorityServices,
  type ExtensionSpec,
} from '@notarykit/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectCode } from '../../forge/expect-code.js';

const target = {
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest: `sha256:${'a'.repeat(64)}`,
  size: 3,
} as const;

let authority: Authority;
let services: AuthorityServices;
beforeAll(async () => {
  authority = await createAuthority();
  services = createAuthorityServices(authority);
});

const roots = () => [parseCertificate(authority.root.certificate)];
const timestamper = () =>
  createHttpTimestamper({ url: services.timestampUrl('http://tsa.test'), roots: roots(), fetch: services.fetch });
const stamped = async (options: object = {}) => {
  const { signer } = await authority.issueLeaf();
  return signEnvelope(target, { signer, timestamper: timestamper(), timestampRoots: roots(), ...options });
};
const answering = (status: 'good' | 'revoked' | 'unavailable' | 'notRevocable'): RevocationChecker => ({
  check: async (chain) => chain.map((certificate) => ({ certificate, status, evidence: [] })),
});

describe('countersign', () => {
  for (const format of ['jws', 'cose'] as const) {
    test(`${format}: a token is over the signature, and the envelope stays what it was`, async () => {
      const { envelope, mediaType, verified } = await stamped({ format, expiry: new Date('2100-01-01T00:00:00Z') });
      const again = await verifyIntegrity(decodeEnvelope(envelope, mediaType));
      const token = again.unsignedAttributes.timestampSignature as Uint8Array;
      const { time } = await verifyTimestampToken(token, { message: again.signature, roots: roots() });
      expect(Math.abs(time.getTime() - Date.now())).toBeLessThan(60_000);
      expect(again.unsignedAttributes.signingAgent).toBe('notarykit/0.1.0');
      expect(again.signedBytes).toEqual(verified.signedBytes);
      const shown = (await inspectEnvelope(again)).unsignedAttributes['timestampSignature'];
      expect(shown).toMatchObject({ timestamp: expect.stringMatching(/^\[\d{4}-.*Z, \d{4}-.*Z]$/) });
    });
  }

  test('a token over other bytes is shown as an error', async () => {
    const one = (await stamped()).verified;
    const two = (await stamped()).verified;
    const { unsignedAttributes } = one;
    const shown = (await inspectEnvelope({ ...two, unsignedAttributes })).unsignedAttributes['timestampSignature'];
    expect(shown).toHaveProperty('error');
  });

  test('S11 the authority is trusted by the given roots only, valid, and not revoked', async () => {
    const stranger = parseCertificate((await createAuthority()).root.certificate);
    await expectCode(() => stamped({ timestampRoots: [stranger] }), 'ERR_PKI_CHAIN');
    await expectCode(() => stamped({ timestampRevocation: answering('revoked') }), 'ERR_PKI_TIMESTAMP');
    await expectCode(() => stamped({ timestampRevocation: answering('unavailable') }), 'ERR_PKI_TIMESTAMP');
    for (const status of ['good', 'notRevocable'] as const) await stamped({ timestampRevocation: answering(status) });
  });

  test("S10 a stamped time outside the signing certificate's validity is refused", async () => {
    const { signer } = await authority.issueLeaf({ notAfter: new Date('2021-01-01T00:00:00Z') });
    const options = { timestamper: timestamper(), timestampRoots: roots(), now: new Date('2020-06-01T00:00:00Z') };
    await expectCode(() => signEnvelope(target, { signer, ...options }), 'ERR_ENVELOPE_TIME');
  });

  test('S11 basic constraints of an authority are critical, for the signer and for the timestamp, unless the caller says otherwise', async () => {
    const allow = { allowNonCriticalBasicConstraints: true };
    const mild = (list: readonly ExtensionSpec[]) =>
      list.map((one) => (one.oid === '2.5.29.19' ? { ...one, critical: false } : one));
    const weak = await authority.issueCa({ extensions: mild });
    const timestamping = await authority.issueTimestamping({ issuer: weak });
    const lenient = createAuthorityServices(authority, { timestamping });
    const url = lenient.timestampUrl('http://tsa.test');
    const weakStamper = createHttpTimestamper({ url, roots: roots(), fetch: lenient.fetch });
    await expectCode(() => stamped({ timestamper: weakStamper }), 'ERR_ENVELOPE_CHAIN');
    const made = await stamped({ timestamper: weakStamper, ...allow });
    expect(made.verified.unsignedAttributes).toHaveProperty('timestampSignature');
    const { signer } = await authority.issueLeaf({ issuer: weak });
    await expectCode(() => signEnvelope(target, { signer }), 'ERR_SIGNER_VALIDATION');
    const { envelope, mediaType } = await signEnvelope(target, { signer, ...allow });
    await expectCode(() => verifyIntegrity(decodeEnvelope(envelope, mediaType)), 'ERR_ENVELOPE_CHAIN');
    expect((await verifyIntegrity(decodeEnvelope(envelope, mediaType), allow)).verified).toBe(true);
  });

  test('S1 refuses a token over another message, of any authority', async () => {
    const { signer } = await authority.issueLeaf();
    const { verified } = await signEnvelope(target, { signer });
    const other = await stamped();
    const replaying = {
      timestamper: { timestamp: async () => other.verified.unsignedAttributes.timestampSignature as Uint8Array },
      roots: roots(),
    };
    await expectCode(() => countersign(verified, replaying), 'ERR_PKI_TIMESTAMP');
  });

  test('one countersignature, under notary.x509, with roots', async () => {
    await expectCode(
      async () => countersign((await stamped()).verified, { timestamper: timestamper(), roots: roots() }),
      'ERR_ENVELOPE_MALFORMED',
    );
    await expectCode(() => stamped({ scheme: 'notary.x509.signingAuthority' }), 'ERR_ENVELOPE_MALFORMED');
    await expectCode(() => stamped({ timestampRoots: undefined }), 'ERR_ENVELOPE_MALFORMED');
  });

  test('a service that refuses fails the signing', async () => {
    services.misbehave({ tsa: { status: 2 } });
    await expectCode(() => stamped(), 'ERR_PKI_TSA');
    services.misbehave();
  });
});
