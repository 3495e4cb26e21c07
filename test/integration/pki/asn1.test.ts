import { isCodedError } from '@notarykit/common';
import { parseCertificate } from '@notarykit/pki';
import {
  DerReader,
  decodeBigInteger,
  decodeOid,
  decodeTime,
  encodeElement,
  encodeInteger,
  encodeOid,
  encodeSequence,
  encodeSet,
  encodeTime,
  normalizeBer,
  readDerDocument,
  scanDer,
  Tag,
} from '@notarykit/pki/internal/asn1';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createIssuer, extension, issueDer, issueRoot } from './issue.ts';

const hex = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

function codeOf(run: () => unknown): string {
  try {
    run();
    return 'accepted';
  } catch (error) {
    if (isCodedError(error)) return error.code;
    throw error;
  }
}

/** One element nested so many times. */
function nested(depth: number): Uint8Array {
  let bytes: Uint8Array = encodeElement(Tag.null);
  for (let i = 0; i < depth; i++) bytes = encodeSequence(bytes);
  return bytes;
}

describe('the DER reader', () => {
  test.each([
    ['an indefinite length', '3080 0000'],
    ['an indefinite length deeper inside', '3006 3080 0500 0000'],
    ['a length of one octet written in two', '308100'],
    ['a length with a leading zero', '3082 0001 00'],
    ['a length of five octets', '3085 0000000001 00'],
    ['a length longer than the input', '3005 0500'],
    ['an element longer than its parent', '3003 0402 0000'],
    ['trailing bytes', '3000 00'],
    ['a second document', '0500 0500'],
    ['nothing', ''],
    ['one octet', '30'],
    ['a tag of two octets', '1f0100'],
    ['a constructed OCTET STRING', '2404 0402 0000'],
    ['a constructed BIT STRING', '2304 0302 0000'],
    ['a constructed UTF8String', '2c03 0c01 61'],
    ['a primitive SEQUENCE', '1000'],
    ['a primitive SET', '1100'],
    ['an end-of-contents element', '0000'],
    ['the BOOLEAN 0x01', '0101 01'],
    ['a BOOLEAN of two octets', '0102 ffff'],
    ['a BOOLEAN without content', '0100'],
    ['a padded INTEGER', '0202 0001'],
    ['a padded negative INTEGER', '0202 ff80'],
    ['an INTEGER without content', '0200'],
    ['a NULL with content', '0501 00'],
    ['a BIT STRING with unused bits set', '0302 0103'],
    ['a BIT STRING with 8 unused bits', '0302 0800'],
    ['an empty BIT STRING with unused bits', '0301 01'],
    ['a BIT STRING without content', '0300'],
    ['an OBJECT IDENTIFIER without content', '0600'],
    ['an OBJECT IDENTIFIER with a padded arc', '0603 558001'],
    ['an OBJECT IDENTIFIER that is cut', '0602 5580'],
  ])('A1 refuses %s', (_name, text) => {
    expect(codeOf(() => scanDer(hex(text)))).toBe('ERR_PKI_ASN1');
  });

  test('A1 an element longer than what it is read from is refused where it is met', () => {
    expect(codeOf(() => new DerReader(hex('0405 00')).advance())).toBe('ERR_PKI_ASN1');
    expect(codeOf(() => new DerReader(hex('3003 0402 0000')).enter(Tag.sequence, 'it').advance())).toBe('ERR_PKI_ASN1');
  });

  test('A1 accepts valid DER', () => {
    for (const text of ['3000', '0101ff', '020180', '02020080', '0303010102', '0603550403', '0500', '30040402ffff']) {
      expect(codeOf(() => scanDer(hex(text)))).toBe('accepted');
    }
  });

  test('A2 an arc beyond 2^32 is another identifier, exactly', () => {
    const [forged, real] = [encodeOid('2.5.29.4294967315'), encodeOid('2.5.29.19')];
    expect(decodeOid(new DerReader(forged).any())).toBe('2.5.29.4294967315');
    expect(decodeOid(new DerReader(real).any())).toBe('2.5.29.19');
    expect(decodeOid(new DerReader(encodeOid(`2.5.${2n ** 80n}`)).any())).toBe(`2.5.${2n ** 80n}`);
  });

  test('A2 an extension with such an arc is not basic constraints', () => {
    const root = createIssuer();
    const forged = extension(
      '2.5.29.4294967315',
      encodeSequence(encodeElement(Tag.boolean, Uint8Array.of(0xff))),
      true,
    );
    const certificate = parseCertificate(issueDer(root, root, { extensions: [forged] }));
    expect(certificate.basicConstraints).toBeUndefined();
  });

  test('A2 an object identifier of 10,000 octets is refused', () => {
    expect(codeOf(() => scanDer(encodeElement(Tag.oid, new Uint8Array(10_000).fill(1))))).toBe('ERR_PKI_LIMIT');
  });

  test('A3 nesting is bounded', () => {
    expect(codeOf(() => scanDer(nested(31)))).toBe('accepted');
    expect(codeOf(() => scanDer(nested(33)))).toBe('ERR_PKI_LIMIT');
    expect(codeOf(() => scanDer(nested(10_000)))).toBe('ERR_PKI_LIMIT');
    expect(codeOf(() => normalizeBer(nested(10_000)))).toBe('ERR_PKI_LIMIT');
  });

  test('A3 the number of elements is bounded', () => {
    const many = encodeElement(Tag.sequence, hex('0500'.repeat(100_000)));
    expect(codeOf(() => scanDer(many))).toBe('ERR_PKI_LIMIT');
    expect(codeOf(() => scanDer(many, { maxElements: 200_000 }))).toBe('accepted');
    expect(codeOf(() => normalizeBer(many))).toBe('ERR_PKI_LIMIT');
    const pieces = encodeElement(0x24, ...Array.from({ length: 20_001 }, () => encodeElement(Tag.octetString)));
    expect(codeOf(() => normalizeBer(pieces))).toBe('ERR_PKI_LIMIT');
  });

  test('A3 a certificate over 64 KiB is refused, and one nested too deep', () => {
    const root = createIssuer();
    const der = issueDer(root, root, { extensions: [extension('1.2.3', new Uint8Array(70_000))] });
    expect(codeOf(() => parseCertificate(der))).toBe('ERR_PKI_LIMIT');
    expect(codeOf(() => parseCertificate(der, { maxBytes: 100_000 }))).toBe('accepted');
    const deep = issueDer(root, root, { subjectPublicKeyInfo: encodeSequence(nested(40)) });
    expect(codeOf(() => parseCertificate(deep))).toBe('ERR_PKI_LIMIT');
  });

  test('A1 a certificate with bytes after it, another after it, or a length in another form is refused', () => {
    const { der } = issueRoot(createIssuer());
    const body = der.subarray(4);
    for (const changed of [
      [...der, 0, 0, 0, 0],
      [...der, ...der],
      [0x30, 0x83, 0, der[2], der[3], ...body],
      [0x30, 0x80, ...body, 0, 0],
    ]) {
      expect(codeOf(() => parseCertificate(Uint8Array.from(changed as number[])))).toBe('ERR_PKI_ASN1');
    }
  });
});

describe('reading and writing', () => {
  test('integers of any size come back', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 512n), max: 2n ** 512n }), (value) => {
        const der = encodeInteger(value);
        scanDer(der);
        expect(decodeBigInteger(new DerReader(der).any())).toBe(value);
      }),
    );
  });

  test('object identifiers come back', () => {
    const arcs = fc.array(fc.bigInt({ min: 0n, max: 2n ** 40n }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.constantFrom('0.39', '1.0', '2.47', '2.999'), arcs, (head, tail) => {
        const dotted = [head, ...tail].join('.');
        expect(decodeOid(new DerReader(encodeOid(dotted)).any())).toBe(dotted);
      }),
    );
  });

  test('times come back in whole seconds', () => {
    const dates = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(dates, (date) => {
        const read = decodeTime(new DerReader(encodeTime(date)).any());
        expect(read.getTime()).toBe(Math.floor(date.getTime() / 1000) * 1000);
      }),
    );
  });

  test('any bytes are a document or a coded error, and BER made regular is stable', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        codeOf(() => scanDer(bytes));
        codeOf(() => expect(normalizeBer(normalizeBer(bytes))).toEqual(normalizeBer(bytes)));
      }),
      { numRuns: 2000 },
    );
  });

  test('BER is made DER', () => {
    expect(normalizeBer(hex('3080 2480 0401aa 0402bbcc 0000 0000'))).toEqual(hex('3005 0403aabbcc'));
    expect(normalizeBer(hex('30840000000205 00'))).toEqual(hex('30020500'));
    expect(codeOf(() => normalizeBer(hex('3080 0500')))).toBe('ERR_PKI_ASN1');
    expect(codeOf(() => normalizeBer(hex('2480 0500 0000')))).toBe('ERR_PKI_ASN1');
  });

  test.each([
    ['a NULL as a piece of an OCTET STRING', '2480 0500 0000'],
    ['a constructed BIT STRING', '3080 2380 030200aa 030200bb 0000 0000'],
    ['a constructed UTF8String', '3080 2c80 0c0141 0c0142 0000 0000'],
    ['a boolean of another value', '3003 010101'],
    ['a padded integer', '3004 02020001'],
    ['a length of nine octets', '3089 000000000000000002 0500'],
    ['a child longer than its parent', '3003 3005 0500'],
    ['a NULL with content', '3003 050100'],
    ['the end of contents where a length is definite', '3002 0000'],
    ['an object identifier with a padded arc', '3005 0603 2a8001'],
    ['a primitive of indefinite length', '3080 0480 0000'],
    ['a tag of two octets', '3080 1f8101 00 0000'],
  ])('A2 BER is lengths and pieces of OCTET STRINGs: %s is refused', (_, text) => {
    expect(codeOf(() => normalizeBer(hex(text)))).toBe('ERR_PKI_ASN1');
  });

  test('A2 pieces of OCTET STRINGs are joined, however deep', () => {
    expect(normalizeBer(hex('3080 2480 2480 0401aa 0000 0401bb 0000 0000'))).toEqual(hex('3004 0402aabb'));
    expect(normalizeBer(hex('3080 2480 0000 0000'))).toEqual(hex('3002 0400'));
  });

  test('A2 what is made of BER is DER', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        let der: Uint8Array;
        try {
          der = normalizeBer(bytes);
        } catch {
          return;
        }
        scanDer(der);
      }),
      { numRuns: 3000 },
    );
  });

  test('a SET OF is written in the order of its encodings', () => {
    expect(encodeSet(encodeInteger(2), encodeInteger(1), encodeInteger(300))).toEqual(
      hex('310a 020101 020102 0202012c'),
    );
    expect(readDerDocument(encodeSet(), Tag.set, 'a set').more).toBe(false);
  });
});
