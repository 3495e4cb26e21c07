import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBase64, decodeBase64Url, encodeBase64, encodeBase64Url } from './base64.js';

describe('base64', () => {
  it('decode(encode(x)) = x, as Buffer encodes it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
        expect(encodeBase64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
        expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
        expect(decodeBase64Url(encodeBase64Url(bytes))).toEqual(bytes);
      }),
    );
  });

  it.each([['YQ=='], ['+A'], ['a/'], ['Y Q'], ['YQ\n'], ['YR'], ['Y'], ['YQé']])('J16 base64url refuses %j', (text) => {
    expect(() => decodeBase64Url(text)).toThrowError(expect.objectContaining({ code: 'ERR_CODEC_BASE64' }));
  });

  it.each([['YQ'], ['YQ='], ['_w=='], ['YR=='], ['YQ==\n'], ['====']])('J17 base64 refuses %j', (text) => {
    expect(() => decodeBase64(text)).toThrowError(expect.objectContaining({ code: 'ERR_CODEC_BASE64' }));
  });
});
