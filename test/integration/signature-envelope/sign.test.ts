import { createPublicKey, randomBytes } from 'node:crypto';
import { encodeHex } from '@notarykit/common/internal';
import { localSigner } from '@notarykit/kms-providers/local';
import { webCryptoSigner } from '@notarykit/kms-providers/webcrypto';
import {
  decodeEnvelope,
  type ExtendedAttribute,
  inspectEnvelope,
  signEnvelope,
  verifyIntegrity,
} from '@notarykit/signature-envelope';
import { type AttributeValue, signatureAlgorithms } from '@notarykit/signature-envelope/internal';
import { type Authority, createAuthority, type Issued } from '@notarykit/testing';
import { decode as decodeCborg } from 'cborg';
import fc from 'fast-check';
import { flattenedVerify } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectCode } from '../../forge/expect-code.js';

const target = {
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest: `sha256:${'a'.repeat(64)}`,
  size: 528,
} as const;
const now = new Date('2025-01-01T00:00:00Z');
const expiry = new Date('2030-01-01T00:00:00Z');

let authority: Authority;
let leaf: Issued;
beforeAll(async () => {
  authority = await createAuthority();
  leaf = await authority.issueLeaf();
});

describe('signEnvelope', () => {
  for (const { keySpec, jws, plugin } of signatureAlgorithms) {
    for (const format of ['jws', 'cose'] as const) {
      for (const scheme of ['notary.x509', 'notary.x509.signingAuthority'] as const) {
        test(`${keySpec} ${format} ${scheme}: what is written is read back`, async () => {
          const { signer } = await authority.issueLeaf({ keySpec });
          const options = { signer, format, scheme, now, expiry, metadata: { 'io.wabbit-networks.buildId': '123' } };
          const { envelope, mediaType, verified } = await signEnvelope(target, options);
          const again = await verifyIntegrity(decodeEnvelope(envelope, mediaType));
          expect(again).toEqual(verified);
          expect(again.algorithm.jws).toBe(jws);
          const time = scheme === 'notary.x509' ? { signingTime: now } : { authenticSigningTime: now };
          expect(again.signedAttributes).toMatchObject({ signingScheme: scheme, ...time, expiry });
          expect(again.targetArtifact).toEqual({ ...target, annotations: { 'io.wabbit-networks.buildId': '123' } });
          expect(await inspectEnvelope(again)).toMatchObject({
            signatureAlgorithm: plugin,
            signatureEnvelopeType: mediaType,
            signedAttributes: { signingTime: '2025-01-01T00:00:00Z', expiry: '2030-01-01T00:00:00Z' },
            userDefinedAttributes: { 'io.wabbit-networks.buildId': '123' },
            unsignedAttributes: { signingAgent: 'notarykit/0.1.0' },
            signedArtifact: target,
          });
        });
      }
    }
  }

  test('jose verifies what we write', async () => {
    for (const { keySpec, jws } of signatureAlgorithms) {
      const issued = await authority.issueLeaf({ keySpec });
      const { envelope, verified } = await signEnvelope(target, { signer: issued.signer, expiry });
      const document = JSON.parse(new TextDecoder().decode(envelope));
      const spki = verified.certificateChain[0]!.publicKey.der;
      const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
      const crit = { 'io.cncf.notary.signingScheme': true, 'io.cncf.notary.expiry': true };
      const { payload } = await flattenedVerify({ ...document, header: {} }, key, { crit, algorithms: [jws] });
      expect(payload).toEqual(verified.payload);
    }
  });

  test('cborg reads what we write', async () => {
    const { envelope, verified } = await signEnvelope(target, { signer: leaf.signer, format: 'cose', expiry });
    const tags: ((decode: () => unknown) => unknown)[] = [];
    for (const number of [1, 18]) tags[number] = (decode) => decode();
    const strict = { useMaps: true, strict: true, rejectDuplicateMapKeys: true, allowIndefinite: false, tags } as never;
    const [header, unprotected, payload, signature] = decodeCborg(envelope, strict);
    expect(payload).toEqual(verified.payload);
    expect(signature).toEqual(verified.signature);
    expect([...unprotected.keys()]).toEqual([33, 'io.cncf.notary.signingAgent']);
    const map: Map<unknown, unknown> = decodeCborg(header, strict);
    expect(map.get(1)).toBe(-7);
    expect(map.get('io.cncf.notary.expiry')).toBe(expiry.getTime() / 1000);
  });

  test('attributes of any shape come back as they were', async () => {
    const value: fc.Arbitrary<AttributeValue> = fc.letrec<{ value: AttributeValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom(null, true, false),
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (Object.is(n, -0) ? 0 : n)),
        fc.integer(),
        fc.string({ unit: 'grapheme' }),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.string({ unit: 'grapheme', maxLength: 5 }), tie('value'), { maxKeys: 3 }),
      ),
    })).value;
    const key = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
      .filter((k) => !/^(alg|cty|crit|b64)$/i.test(k) && !k.includes('\0'));
    const attribute: fc.Arbitrary<ExtendedAttribute> = fc.record({ key, value, critical: fc.boolean() });
    const list = fc.uniqueArray(attribute, { maxLength: 4, selector: (a) => a.key });
    const registered = /^(jku|jwk|kid|x5u|x5c|x5t|x5t#S256|typ)$/;
    await fc.assert(
      fc.asyncProperty(list, fc.constantFrom('jws' as const, 'cose' as const), async (attributes, format) => {
        const extendedAttributes = attributes.map((a) =>
          registered.test(String(a.key)) ? { ...a, critical: false } : a,
        );
        const { verified } = await signEnvelope(target, { signer: leaf.signer, format, extendedAttributes });
        const byKey = (a: ExtendedAttribute, b: ExtendedAttribute) => (String(a.key) < String(b.key) ? -1 : 1);
        const plain = (list: readonly ExtendedAttribute[]) => JSON.parse(JSON.stringify([...list].sort(byKey)));
        expect(plain(verified.signedAttributes.extended)).toEqual(plain(extendedAttributes));
      }),
      { numRuns: 60 },
    );
  });

  test('COSE attributes may have integer names and bytes', async () => {
    const extendedAttributes = [{ key: 100, value: { bytes: Uint8Array.of(1, 2) }, critical: true }];
    const { verified } = await signEnvelope(target, { signer: leaf.signer, format: 'cose', extendedAttributes });
    const [attribute] = verified.signedAttributes.extended;
    expect(attribute).toMatchObject({ key: 100, value: { bytes: Uint8Array.of(1, 2) }, critical: true });
    await expectCode(() => signEnvelope(target, { signer: leaf.signer, extendedAttributes }), 'ERR_ENVELOPE_MALFORMED');
  });

  test('a plugin is named among the critical attributes', async () => {
    for (const format of ['jws', 'cose'] as const) {
      const plugin = { verificationPlugin: 'io.example.plugin', verificationPluginMinVersion: '1.0.0' };
      const { verified } = await signEnvelope(target, { signer: leaf.signer, format, ...plugin });
      expect(verified.signedAttributes).toMatchObject(plugin);
    }
  });

  test('refuses to write what no reader would accept', async () => {
    const sign =
      (changes: object, options: object = {}) =>
      () =>
        signEnvelope({ ...target, ...changes }, { signer: leaf.signer, ...options });
    const cases = [
      sign({ digest: 'sha256:AA' }),
      sign({ size: -1 }),
      sign({ size: 2 ** 53 }),
      sign({ size: 1.5 }),
      sign({ mediaType: '' }),
      sign({}, { metadata: { 'io.cncf.notary.x': '1' } }),
      sign({}, { metadata: { 'io.cncf.notaryx': '1' } }),
      sign({ annotations: { a: '1' } }, { metadata: { a: '2' } }),
      sign({}, { metadata: { '': '1' } }),
      sign({}, { metadata: { a: '' } }),
      sign({}, { extendedAttributes: [{ key: 'alg', value: 1, critical: false }] }),
      sign({}, { extendedAttributes: [{ key: 'io.cncf.notary.expiry', value: 1, critical: false }] }),
      sign(
        {},
        {
          extendedAttributes: [
            { key: 'x', value: 1, critical: false },
            { key: 'x', value: 2, critical: false },
          ],
        },
      ),
      sign({}, { extendedAttributes: [{ key: 'x', value: Number.NaN, critical: false }] }),
      sign({}, { extendedAttributes: [{ key: 'x', value: Number.NaN, critical: false }], format: 'cose' }),
      sign({}, { format: 'xml' }),
    ];
    for (const work of cases) await expectCode(work, 'ERR_ENVELOPE_MALFORMED');
  });

  test('local keys sign, in PEM and DER, with a chain in any order', async () => {
    for (const { keySpec } of signatureAlgorithms) {
      const issued = await authority.issueLeaf({ keySpec });
      const der = Buffer.from(issued.privateKeyPem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
      for (const privateKey of [issued.privateKeyPem, new Uint8Array(der)]) {
        const signer = localSigner({ privateKey, certificateChain: [...issued.chain].reverse() });
        expect((await signEnvelope(target, { signer })).verified.certificateChain.length).toBe(3);
      }
      const signer = webCryptoSigner({ privateKey: issued.privateKey, certificateChain: issued.pem });
      expect((await signEnvelope(target, { signer, format: 'cose' })).verified.algorithm.keySpec).toBe(keySpec);
    }
    const foreign = localSigner({
      privateKey: leaf.privateKeyPem,
      certificateChain: (await authority.issueLeaf()).pem,
    });
    await expectCode(() => signEnvelope(target, { signer: foreign }), 'ERR_SIGNER_VALIDATION');
    const garbage = localSigner({ privateKey: randomBytes(100), certificateChain: leaf.pem });
    await expectCode(() => signEnvelope(target, { signer: garbage }), 'ERR_SIGNER_VALIDATION');
  });

  test('the payload is the descriptor in its plain order, metadata sorted', async () => {
    const { verified } = await signEnvelope(
      { ...target, annotations: { z: '1' } },
      { signer: leaf.signer, metadata: { a: '2' } },
    );
    expect(new TextDecoder().decode(verified.payload)).toBe(
      `{"targetArtifact":{"mediaType":"${target.mediaType}","digest":"${target.digest}","size":528,"annotations":{"a":"2","z":"1"}}}`,
    );
    expect(encodeHex(verified.bytes.slice(0, 2))).toBe('7b22');
  });
});
