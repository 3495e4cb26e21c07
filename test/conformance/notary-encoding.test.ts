import { decodeBase64Url, encodeHex } from '@notarykit/common';
import {
  algorithmOf,
  type ExtendedAttribute,
  payloadMediaType,
  type SignedAttributes,
} from '@notarykit/signature-envelope';
import { expect, test } from 'vitest';
import { coseCodec } from '../../packages/signature-envelope/src/cose/codec.js';
import { jwsCodec } from '../../packages/signature-envelope/src/jws/codec.js';
import { countVectors, vectorJson, vectorSet } from '../vectors.js';

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
});
