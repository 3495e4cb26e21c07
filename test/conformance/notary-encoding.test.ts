import { utf8 } from '@notarykit/common';
import { decodeBase64Url, encodeHex } from '@notarykit/common/internal';
import { describe as describeContent, mediaTypes } from '@notarykit/oci';
import {
  algorithmOf,
  buildSignatureManifest,
  decodeEnvelope,
  type ExtendedAttribute,
  inspectEnvelope,
  parseSignatureManifest,
  type SignedAttributes,
  verifyIntegrity,
} from '@notarykit/signature-envelope';
import { payloadMediaType } from '@notarykit/signature-envelope/internal';
import { expect, test } from 'vitest';
import { coseCodec } from '../../packages/signature-envelope/src/cose/codec.js';
import { jwsCodec } from '../../packages/signature-envelope/src/jws/codec.js';
import { countVectors, vectorBytes, vectorJson, vectorList, vectorSet } from '../vectors.js';

const unhex = (hex: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
const attributes = (signingTime: Date, expiry: Date, extended: readonly ExtendedAttribute[]): SignedAttributes => ({
  contentType: payloadMediaType,
  signingScheme: 'notary.x509',
  signingTime,
  expiry,
  extended,
});
const extended = (names: readonly string[]): readonly ExtendedAttribute[] =>
  names.map((key) => {
    const critical = key === 'signedCritKey1';
    return { key, critical, value: critical ? 'signedCritValue1' : 'signedValue1' };
  });

vectorSet('notary', 'notary', () => {
  test('JWS is written byte for byte as notation-core-go pins it', (context) => {
    const vector = vectorJson('notary', 'notation-core-go/signature/jws/testdata/conformance.json');
    const signed = attributes(
      new Date('2022-08-29T13:50:00Z'),
      new Date('2099-08-30T13:50:00Z'),
      extended(['signedKey4', 'signedKey1', 'signedCritKey1', 'signedKey3', 'signedKey2']),
    );
    const written = jwsCodec.encode({
      protectedHeader: jwsCodec.encodeProtectedHeader(signed, algorithmOf('EC-256')),
      payload: decodeBase64Url(vector.payload),
      signature: decodeBase64Url(vector.signature),
      certificateChain: [],
      unsignedAttributes: { signingAgent: vector.header['io.cncf.notary.signingAgent'] },
    });
    const { header, ...members } = JSON.parse(new TextDecoder().decode(written));
    expect(members).toEqual({ payload: vector.payload, protected: vector.protected, signature: vector.signature });
    expect(header).toEqual({ ...vector.header, x5c: [] });
    countVectors(context, 1, 1);
  });

  test('COSE is written byte for byte as notation-core-go pins it', (context) => {
    const vector = vectorJson('notary', 'notation-core-go/signature/cose/testdata/conformance.json');
    const signed = attributes(
      new Date(vector.signingTime * 1000),
      new Date(vector.expiry * 1000),
      extended(['signedKey1', 'signedCritKey1']),
    );
    const protectedHeader = coseCodec.encodeProtectedHeader(signed, algorithmOf('RSA-3072'));
    expect(encodeHex(protectedHeader)).toBe(vector.protectedHeaders.cborHex.toLowerCase());
    const expected: string = vector.expectedOutput.cborHex.toLowerCase();
    const written = coseCodec.encode({
      protectedHeader,
      payload: unhex(vector.payload),
      signature: unhex(expected.slice(-768)),
      certificateChain: [],
      unsignedAttributes: { signingAgent: 'NotationConformanceTest/1.0.0' },
    });
    expect(encodeHex(written)).toBe(expected);
    countVectors(context, 1, 1);
  });

  test('a signature manifest is written byte for byte as notation-go writes it', async (context) => {
    const bytes = vectorBytes('notary', 'generated', 'manifest', 'signature-envelope.jws.json');
    const envelope = await verifyIntegrity(decodeEnvelope(bytes, 'application/jose+json'));
    const subject = describeContent(mediaTypes.imageManifest, utf8('{}'));
    const built = buildSignatureManifest(subject, { envelope });
    const expected = vectorBytes('notary', 'generated', 'manifest', 'signature-manifest.json');
    expect(new TextDecoder().decode(built.bytes)).toBe(new TextDecoder().decode(expected));
    const [digest, size] = new TextDecoder()
      .decode(vectorBytes('notary', 'generated', 'manifest', 'digest.txt'))
      .trim()
      .split(' ');
    expect(built.descriptor).toEqual({ mediaType: mediaTypes.imageManifest, digest, size: Number(size) });
    countVectors(context, 1, 1);
  });

  test('signature manifests of the layouts are read, and their envelopes found', (context) => {
    const layouts = ['notary', 'notation/test/e2e/testdata/registry/oci_layout'] as const;
    let read = 0;
    for (const name of vectorList(...layouts)) {
      const blob = (digest: string) => vectorBytes(...layouts, name, 'blobs', 'sha256', digest.slice(7));
      for (const digest of vectorList(...layouts, name, 'blobs', 'sha256')) {
        const text = new TextDecoder().decode(blob(`sha256:${digest}`).slice(0, 4096));
        if (!text.includes('"application/vnd.cncf.notary.signature"') || !text.includes('"layers"')) continue;
        const manifest = parseSignatureManifest(blob(`sha256:${digest}`), mediaTypes.imageManifest);
        expect(manifest.form, digest).toBe('legacy');
        expect(blob(manifest.envelope.digest).length, digest).toBe(manifest.envelope.size);
        read++;
      }
    }
    expect(read).toBeGreaterThan(5);
    countVectors(context, read, read);
  });

  test('timestamped envelopes are inspected with their countersignature', async (context) => {
    const folder = ['notary', 'notation-go/verifier/testdata/timestamp/sigEnv'] as const;
    const files = vectorList(...folder).filter((file) => /WithTimestamp/.test(file));
    for (const file of files) {
      const mediaType = file.startsWith('jws') ? 'application/jose+json' : 'application/cose';
      const { unsignedAttributes, certificates } = await inspectEnvelope(
        decodeEnvelope(vectorBytes(...folder, file), mediaType),
      );
      expect(unsignedAttributes['timestampSignature'], file).toMatchObject({
        timestamp: expect.stringMatching(/^\[2024-[^,]+Z, 2024-[^,]+Z]$/),
        certificates: expect.arrayContaining([expect.objectContaining({ SHA256Fingerprint: expect.any(String) })]),
      });
      expect(certificates[0]?.issuedTo, file).toMatch(/^CN=(testTSA|alpine),O=Notary,L=Seattle,ST=WA,C=US$/);
    }
    countVectors(context, files.length, files.length);
  });
});
