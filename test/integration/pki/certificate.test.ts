import { constants, generateKeyPairSync, sign } from 'node:crypto';
import { isCodedError } from '@notarykit/common';
import { type Certificate, encodePem, formatName, parseCertificate, parseCertificates, parsePem } from '@notarykit/pki';
import { ecdsaFromDer, encodeName, parseName, verifyCertificateSignature } from '@notarykit/pki/internal';
import {
  encodeAsciiString,
  encodeBitString,
  encodeContext,
  encodeElement,
  encodeInteger,
  encodeNull,
  encodeOid,
  encodeSequence,
  encodeSet,
  encodeUtf8String,
  Tag,
} from '@notarykit/pki/internal/asn1';
import { describe, expect, test } from 'vitest';
import {
  basicConstraints,
  caExtensions,
  createIssuer,
  extension,
  issue,
  issueDer,
  issueRoot,
  keyUsage,
  nameOf,
  type Parts,
  rsaWithSha256,
  spkiOf,
} from './issue.ts';

function codeOf(run: () => unknown): string {
  try {
    run();
    return 'accepted';
  } catch (error) {
    if (isCodedError(error)) return error.code;
    throw error;
  }
}

const root = createIssuer('Root');
const codeWith = (parts: Parts): string => codeOf(() => parseCertificate(issueDer(root, root, parts)));
const utcTime = (text: string): Uint8Array<ArrayBuffer> => encodeAsciiString(Tag.utcTime, text);
const generalizedTime = (text: string): Uint8Array<ArrayBuffer> => encodeAsciiString(Tag.generalizedTime, text);

describe('certificates', () => {
  test('the fields of a certificate', () => {
    const certificate = issue(createIssuer('Leaf'), root, { extensions: [basicConstraints(true, 3), keyUsage(0x86)] });
    expect(formatName(certificate.subject)).toBe('CN=Leaf');
    expect(certificate.version).toBe(3);
    expect(certificate.notBefore.toISOString()).toBe('2025-01-01T00:00:00.000Z');
    expect(certificate.basicConstraints).toEqual({ critical: true, ca: true, pathLength: 3 });
    expect([...(certificate.keyUsage?.usages ?? [])]).toEqual(['digitalSignature', 'keyCertSign', 'cRLSign']);
    expect(certificate.publicKey).toMatchObject({ type: 'ec', curve: 'P-256', bits: 256 });
  });

  test('the certificate keeps its own copy of the bytes', () => {
    const der = issueDer(root, root);
    const certificate = parseCertificate(der);
    const before = certificate.fingerprint;
    der.fill(0);
    expect(parseCertificate(certificate.der).fingerprint).toBe(before);
  });

  test.each([
    ['another algorithm', { outerAlgorithm: rsaWithSha256 }],
    ['other parameters', { outerAlgorithm: encodeSequence(encodeOid('1.2.840.10045.4.3.2'), encodeNull()) }],
  ])('A4 %s outside than inside is refused', (_name, parts) => {
    expect(codeWith(parts)).toBe('ERR_PKI_CERTIFICATE');
  });

  test.each([
    ['extensions in version 1', { version: new Uint8Array() }],
    ['extensions in version 2', { version: encodeContext(0, encodeInteger(1)) }],
    ['version 1 written out', { version: encodeContext(0, encodeInteger(0)), extensions: [] }],
    ['version 4', { version: encodeContext(0, encodeInteger(3)) }],
    ['the same extension twice', { extensions: [keyUsage(0x80), keyUsage(0x80)] }],
    [
      'an unknown extension twice',
      { extensions: [extension('1.2.3', new Uint8Array()), extension('1.2.3', new Uint8Array())] },
    ],
  ])('A5 %s is refused', (_name, parts) => {
    expect(codeWith(parts)).toBe('ERR_PKI_CERTIFICATE');
  });

  test('A5 version 1 without extensions is read', () => {
    expect(issue(root, root, { version: new Uint8Array(), extensions: [] }).version).toBe(1);
  });

  test.each([
    ['year 0', generalizedTime('00000101000000Z')],
    ['a fraction of a second', generalizedTime('20500101000000.5Z')],
    ['a zone offset', utcTime('500101000000+0100')],
    ['no zone', utcTime('500101000000')],
    ['no seconds', utcTime('5001010000Z')],
    ['31 February', utcTime('260231000000Z')],
    ['29 February of a common year', utcTime('250229000000Z')],
    ['month 13', utcTime('251301000000Z')],
    ['day 0', utcTime('250100000000Z')],
    ['hour 24', utcTime('250101240000Z')],
    ['second 60', utcTime('250101000060Z')],
    ['a four digit year in a UTCTime', utcTime('20500101000000Z')],
    ['a two digit year in a GeneralizedTime', generalizedTime('500101000000Z')],
    ['a text of another type', encodeUtf8String('250101000000Z')],
    ['blanks', utcTime(' 50101000000Z')],
  ])('A7 a validity with %s is refused', (_name, notAfter) => {
    expect(codeWith({ notAfter })).toBe('ERR_PKI_CERTIFICATE');
  });

  test.each([
    ['the year 9999', generalizedTime('99991231235959Z'), '9999-12-31T23:59:59.000Z'],
    ['a UTCTime of 2049', utcTime('491231235959Z'), '2049-12-31T23:59:59.000Z'],
    ['a UTCTime of 1950', utcTime('500101000000Z'), '1950-01-01T00:00:00.000Z'],
    ['a GeneralizedTime before 2050', generalizedTime('20300101000000Z'), '2030-01-01T00:00:00.000Z'],
    ['a leap day', utcTime('240229000000Z'), '2024-02-29T00:00:00.000Z'],
  ])('A7 %s is read', (_name, notAfter, expected) => {
    expect(issue(root, root, { notAfter }).notAfter.toISOString()).toBe(expected);
  });

  test.each([
    ['basic constraints', extension('2.5.29.19', encodeOid('1.2.3'))],
    ['a path length below zero', extension('2.5.29.19', encodeSequence(encodeInteger(-1)))],
    ['a key usage', extension('2.5.29.15', encodeInteger(1))],
    ['an extended key usage', extension('2.5.29.37', encodeNull())],
  ])('A10 malformed %s refuse the certificate', (_name, malformed) => {
    expect(codeWith({ extensions: [malformed] })).toBe('ERR_PKI_ASN1');
  });

  test.each(['2.5.29.14', '2.5.29.35', '1.3.6.1.5.5.7.1.1', '2.5.29.31'])(
    'A12 a malformed %s is listed, and refuses nothing',
    (oid) => {
      const certificate = issue(root, root, { extensions: [extension(oid, new Uint8Array([1, 2, 3]))] });
      expect(certificate.malformedExtensions).toEqual([oid]);
    },
  );
});

describe('signatures of certificates', () => {
  const leaf = createIssuer('Leaf');
  const verdict = (parts: Parts): Promise<boolean> =>
    verifyCertificateSignature(issue(leaf, root, parts), issueRoot(root));

  test('accepts a valid signature', async () => {
    expect(await verdict({})).toBe(true);
  });

  test.each<[string, (signature: Uint8Array) => Uint8Array]>([
    ['of BER length', (s) => Uint8Array.from([0x30, 0x81, s.length - 2, ...s.subarray(2)])],
    ['of indefinite length', (s) => Uint8Array.from([0x30, 0x80, ...s.subarray(2), 0, 0])],
    ['with trailing bytes', (s) => Uint8Array.from([...s, 0])],
    ['with trailing bytes inside', (s) => Uint8Array.from([0x30, s.length, ...s.subarray(2), 5, 0])],
    ['with a padded r', (s) => Uint8Array.from([0x30, s.length - 1, 0x02, (s[3] as number) + 1, 0, ...s.subarray(4)])],
    ['with r = 0', (s) => encodeSequence(encodeInteger(0), s.subarray(4 + (s[3] as number)))],
    ['with a negative s', (s) => encodeSequence(s.subarray(2, 4 + (s[3] as number)), encodeInteger(-1))],
    ['with r longer than the field', () => encodeSequence(encodeInteger(2n ** 400n), encodeInteger(1))],
    ['as r ‖ s', () => new Uint8Array(64).fill(1)],
    ['empty', () => new Uint8Array()],
  ])('A19 an ECDSA signature %s is refused', async (_name, signature) => {
    expect(await verdict({ signature })).toBe(false);
  });

  test('A19 zero and negative numbers are refused before any key sees them', () => {
    for (const [r, s] of [
      [0, 1],
      [1, 0],
      [-1, 1],
      [1, -1],
    ] as const) {
      expect(codeOf(() => ecdsaFromDer(encodeSequence(encodeInteger(r), encodeInteger(s)), 'P-256'))).toBe(
        'ERR_PKI_ASN1',
      );
    }
    expect(ecdsaFromDer(encodeSequence(encodeInteger(1), encodeInteger(2)), 'P-256')).toHaveLength(64);
  });

  test.each<[string, (signature: Uint8Array) => Uint8Array]>([
    ['one byte short', (s) => s.subarray(1)],
    ['one byte long', (s) => Uint8Array.from([0, ...s])],
    ['all zero', (s) => new Uint8Array(s.length)],
    ['with one bit changed', (s) => s.map((byte, i) => (i === 9 ? byte ^ 1 : byte))],
  ])('A20 an RSA signature %s is refused', async (_name, signature) => {
    const issuer = createIssuer('RSA root', 'rsa');
    const authority = issueRoot(issuer);
    expect(await verifyCertificateSignature(issue(leaf, issuer), authority)).toBe(true);
    expect(await verifyCertificateSignature(issue(leaf, issuer, { signature }), authority)).toBe(false);
  });

  test('A20 an RSA key with exponent 1, or an even modulus, verifies nothing', async () => {
    const modulus = Uint8Array.from([0x80, ...new Uint8Array(254).fill(7), 1]);
    for (const [n, e] of [
      [modulus, 1],
      [modulus, 2n ** 31n + 1n],
      [modulus, 2n ** 40n + 1n],
      [modulus.map((byte, i) => (i === 255 ? 2 : byte)), 65_537],
    ] as const) {
      const key = encodeBitString(encodeSequence(encodeInteger(n), encodeInteger(e)));
      const spki = encodeSequence(encodeSequence(encodeOid('1.2.840.113549.1.1.1'), encodeNull()), key);
      const authority = issue(root, root, { subjectPublicKeyInfo: spki });
      expect(authority.publicKey.type).toBe('unsupported');
      expect(await verifyCertificateSignature(issue(leaf, root, { innerAlgorithm: rsaWithSha256 }), authority)).toBe(
        false,
      );
    }
  });

  test.each([
    ['SHA-1 with RSA', '1.2.840.113549.1.1.5'],
    ['MD5 with RSA', '1.2.840.113549.1.1.4'],
    ['SHA-1 with ECDSA', '1.2.840.10045.4.1'],
    ['an unknown algorithm', '1.2.3.4'],
  ])('A6 %s is refused', async (_name, oid) => {
    const innerAlgorithm = encodeSequence(encodeOid(oid), ...(oid.startsWith('1.2.840.1135') ? [encodeNull()] : []));
    expect(await verdict({ innerAlgorithm })).toBe(false);
  });

  const identifier = (oid: string, ...parameters: Uint8Array[]) => encodeSequence(encodeOid(oid), ...parameters);
  /** RSASSA-PSS with SHA-256, its hash named with NULL parameters or with none, in both places. */
  const pss = (saltLength: number, hash = true, mask = true) => {
    const sha256 = (isNull: boolean) => identifier('2.16.840.1.101.3.4.2.1', ...(isNull ? [encodeNull()] : []));
    const mgf1 = identifier('1.2.840.113549.1.1.8', sha256(mask));
    const parts = [encodeContext(0, sha256(hash)), encodeContext(1, mgf1), encodeContext(2, encodeInteger(saltLength))];
    return identifier('1.2.840.113549.1.1.10', encodeSequence(...parts));
  };
  const signedByPss = async (saltLength: number, innerAlgorithm: Uint8Array<ArrayBuffer>) => {
    const issuer = createIssuer('PSS root', 'rsa');
    const parts = { innerAlgorithm, serial: encodeInteger(7) };
    const { tbs } = issue(leaf, issuer, parts);
    const key = { key: issuer.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
    const certificate = issue(leaf, issuer, { ...parts, signature: () => new Uint8Array(sign('sha256', tbs, key)) });
    return verifyCertificateSignature(certificate, issueRoot(issuer));
  };

  test('A6 RSASSA-PSS: NULL and absent parameters of a hash are the same', async () => {
    for (const hash of [true, false])
      for (const mask of [true, false]) expect(await signedByPss(32, pss(32, hash, mask))).toBe(true);
  });

  test.each([20, 31, 33, 48, 222])('A6 RSASSA-PSS with a salt of %i bytes for SHA-256 is refused', async (length) => {
    expect(await signedByPss(length, pss(length))).toBe(false);
  });

  test('A6 an algorithm of another kind than the key is refused', async () => {
    expect(await verdict({ innerAlgorithm: rsaWithSha256 })).toBe(false);
  });

  test('a key that no platform can import fails verification', async () => {
    const spki = spkiOf(root.publicKey);
    spki[spki.length - 1] = (spki[spki.length - 1] as number) ^ 1;
    expect(await verifyCertificateSignature(issue(leaf, root), issue(root, root, { subjectPublicKeyInfo: spki }))).toBe(
      false,
    );
  });

  describe('A6 an authority with an Ed25519 key (RFC 8410)', () => {
    const edwards = { name: nameOf('Edwards'), ...generateKeyPairSync('ed25519') };
    const algorithm = encodeSequence(encodeOid('1.3.101.112'));
    const authority = issue(edwards, root, { extensions: caExtensions });
    /** A certificate whose to-be-signed part the key signs, as RFC 8410, 6, wants it: the part itself, no hash of it. */
    const below = (parts: Parts): Certificate => {
      const draft = issue(leaf, { ...root, name: edwards.name }, { innerAlgorithm: algorithm, ...parts });
      const signature = new Uint8Array(sign(null, draft.tbs, edwards.privateKey));
      const outer = parts.outerAlgorithm ?? parts.innerAlgorithm ?? algorithm;
      return parseCertificate(encodeSequence(draft.tbs, outer, encodeBitString(signature)));
    };

    test('is one, and what it signs is checked', async () => {
      expect(authority.publicKey).toMatchObject({ type: 'ed25519', bits: 256 });
      expect(await verifyCertificateSignature(below({}), authority)).toBe(true);
      expect(await verifyCertificateSignature(below({}), issueRoot(root))).toBe(false);
      expect(await verifyCertificateSignature(issue(leaf, root), authority)).toBe(false);
    });

    test.each([
      `00${'00'.repeat(31)}`,
      `01${'00'.repeat(31)}`,
      `01${'00'.repeat(30)}80`,
      `ec${'ff'.repeat(30)}7f`,
      `ed${'ff'.repeat(30)}7f`,
      `ee${'ff'.repeat(31)}`,
      '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
      '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
      'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    ])('refuses a key for which anyone can sign: %s', async (point) => {
      const key = encodeBitString(Uint8Array.from(Buffer.from(point, 'hex')));
      const weak = issue(edwards, root, {
        extensions: caExtensions,
        subjectPublicKeyInfo: encodeSequence(algorithm, key),
      });
      expect(weak.publicKey.type).toBe('unsupported');
      // R is the neutral point and S is zero: it holds for every message under the first of these keys, and for some under the others.
      const { tbs } = below({});
      const forged = parseCertificate(
        encodeSequence(tbs, algorithm, encodeBitString(new Uint8Array(64).fill(1, 0, 1))),
      );
      expect(await verifyCertificateSignature(forged, weak)).toBe(false);
    });

    test('parameters, NULL too, are another algorithm', async () => {
      const withNull = below({ innerAlgorithm: encodeSequence(encodeOid('1.3.101.112'), encodeNull()) });
      expect(await verifyCertificateSignature(withNull, authority)).toBe(false);
    });

    test('refuses a changed signature, and one of another length', async () => {
      const { tbs, signature } = below({});
      const changed = signature.map((byte, i) => (i === 40 ? byte ^ 1 : byte));
      for (const other of [changed, signature.subarray(1), new Uint8Array(64), new Uint8Array(65)]) {
        const certificate = parseCertificate(encodeSequence(tbs, algorithm, encodeBitString(other)));
        expect(await verifyCertificateSignature(certificate, authority)).toBe(false);
      }
    });
  });

  test('keys of other kinds are read, as unsupported', () => {
    for (const pair of [generateKeyPairSync('ed448'), generateKeyPairSync('ec', { namedCurve: 'secp256k1' })]) {
      expect(issue(leaf, root, { subjectPublicKeyInfo: spkiOf(pair.publicKey) }).publicKey.type).toBe('unsupported');
    }
    const explicit = generateKeyPairSync('ec', { namedCurve: 'P-256', paramEncoding: 'explicit' });
    expect(issue(leaf, root, { subjectPublicKeyInfo: spkiOf(explicit.publicKey) }).publicKey.type).toBe('unsupported');
  });
});

describe('names', () => {
  const attribute = (oid: string, value: Uint8Array): Uint8Array => encodeSequence(encodeOid(oid), value);
  const rdn = (...attributes: Uint8Array[]): Uint8Array => encodeSet(...attributes);

  test("a name is written in Go's order, whatever the certificate's", () => {
    const name = parseName(encodeName({ CN: 'x', O: 'Notary', C: 'US', ST: 'WA', L: 'Seattle', SERIALNUMBER: '7' }));
    expect(formatName(name)).toBe('SERIALNUMBER=7,CN=x,O=Notary,L=Seattle,ST=WA,C=US');
  });

  test('values are escaped as RFC 4514 asks', () => {
    const name = parseName(encodeName({ CN: ' a,b+"c"\\<d>;=é ', O: '#x' }));
    expect(formatName(name)).toBe('CN=\\ a\\,b\\+\\"c\\"\\\\\\<d\\>\\;=é\\ ,O=\\#x');
  });

  test('joins units, uses the last common name, and writes other attributes last, in hexadecimal', () => {
    const name = parseName(
      encodeSequence(
        rdn(attribute('1.2.840.113549.1.9.1', encodeAsciiString(Tag.ia5String, 'a@b'))),
        rdn(attribute('2.5.4.11', encodeUtf8String('A'))),
        rdn(attribute('2.5.4.11', encodeUtf8String('B'))),
        rdn(attribute('2.5.4.3', encodeUtf8String('first'))),
        rdn(attribute('2.5.4.3', encodeUtf8String('last'))),
      ),
    );
    expect(formatName(name)).toBe('CN=last,OU=A+OU=B,1.2.840.113549.1.9.1=#0c03614062');
  });

  test.each([
    ['PrintableString with @', encodeAsciiString(Tag.printableString, 'a@b')],
    ['UTF8String that is not UTF-8', encodeElement(Tag.utf8String, Uint8Array.of(0xff))],
    ['IA5String beyond ASCII', encodeElement(Tag.ia5String, Uint8Array.of(0x80))],
    ['BMPString of odd length', encodeElement(Tag.bmpString, Uint8Array.of(0, 0x41, 0))],
    ['BMPString with a lone surrogate', encodeElement(Tag.bmpString, Uint8Array.of(0xd8, 0))],
    ['UniversalString beyond Unicode', encodeElement(Tag.universalString, Uint8Array.of(0, 0x11, 0, 0))],
  ])('I10 a %s is refused', (_name, value) => {
    expect(codeOf(() => parseName(encodeSequence(rdn(attribute('2.5.4.3', value)))))).toBe('ERR_PKI_ASN1');
  });

  test.each([
    ['BMPString', encodeElement(Tag.bmpString, Uint8Array.of(0x26, 0x3a)), '☺'],
    ['UniversalString', encodeElement(Tag.universalString, Uint8Array.of(0, 1, 0xf6, 0)), '😀'],
    ['TeletexString', encodeElement(Tag.teletexString, Uint8Array.of(0xe9)), 'é'],
  ])('I10 a %s is decoded, its type stays known', (_name, value, expected) => {
    const found = parseName(encodeSequence(rdn(attribute('2.5.4.3', value)))).rdns[0]?.[0];
    expect(found?.value).toBe(expected);
    expect(found?.der).toEqual(value);
  });
});

describe('PEM', () => {
  const certificate = issueRoot(root);
  const pem = encodePem('CERTIFICATE', certificate.der);

  test('what was written is read, with either line end, and without the last', () => {
    for (const text of [
      pem,
      pem.replaceAll('\n', '\r\n'),
      pem.trimEnd(),
      pem.replaceAll('\n', ' \t\n'),
      `\n${pem}\n${pem}`,
    ]) {
      expect(parseCertificates(text)[0]?.fingerprint).toBe(certificate.fingerprint);
    }
    expect(parseCertificates(new TextEncoder().encode(pem + pem))).toHaveLength(2);
  });

  const bag =
    'Bag Attributes\n    localKeyID: 01 02 \n    friendlyName: net-monitor\nsubject=CN = x, O = "A, B"\nissuer=CN = y\n';
  const printed = `0 s:CN = x\nCertificate:\n    Data:\n        Modulus:\n            00:b1:2c\n${pem}`;
  const utf16 = (text: string, big = false): Uint8Array => {
    const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
    return new Uint8Array(big ? bytes.swap16() : bytes);
  };

  test.each<[string, string | Uint8Array]>([
    ['attributes of a bag before each block', bag + pem + bag + pem],
    ['words between blocks and at the end', `${pem}and then\n${pem}the end`],
    ['a certificate printed before its block, beginning with a 0', new TextEncoder().encode(printed + pem)],
    ['a byte order mark', `\ufeff${pem}${pem}`],
    ['a byte order mark in bytes', new TextEncoder().encode(`\ufeff${pem}${pem}`)],
    ['blanks before the lines', `certificates: |\n${(pem + pem).replaceAll(/^(?=.)/gm, '  ')}`],
    ['UTF-16 of the shell of Windows', utf16(`${pem}${pem}`.replaceAll('\n', '\r\n'))],
    ['UTF-16, big end first', utf16(`${pem}${pem}`, true)],
    [
      'words that are not UTF-8',
      Uint8Array.from([...Buffer.from('friendlyName: Schl\xfcssel\n', 'latin1'), ...Buffer.from(pem + pem)]),
    ],
  ])('I15 as programs print it is read: %s', (_name, text) => {
    expect(parseCertificates(text).map(({ fingerprint }) => fingerprint)).toEqual(
      Array(2).fill(certificate.fingerprint),
    );
  });

  test('refuses a private key beside certificates, or skips it on request', () => {
    const file = `${bag}${encodePem('PRIVATE KEY', new Uint8Array(3))}${bag}${pem}`;
    expect(codeOf(() => parseCertificates(file))).toBe('ERR_PKI_CERTIFICATE');
    expect(parseCertificates(file, { privateKeys: 'skip' })).toHaveLength(1);
    const other = `${pem}${encodePem(['X509', 'CRL'].join(' '), new Uint8Array(3))}`;
    expect(codeOf(() => parseCertificates(other, { privateKeys: 'skip' }))).toBe('ERR_PKI_CERTIFICATE');
  });

  test('DER certificates one after the other are read', () => {
    const der = issueRoot(root).der;
    expect(parseCertificates(Uint8Array.from([...der, ...der]))).toHaveLength(2);
  });

  test.each([
    ['a block whose first line is lost, behind words', `hello\n${pem}${pem.split('\n').slice(1).join('\n')}`],
    ['a block whose first and last line are lost', `${pem}${pem.split('\n').slice(1, 3).join('\n')}`],
    ['a block on one line behind another', `${pem}${pem.replaceAll('\n', ' ')}`],
    ['a block in quotation marks behind another', `${pem}"${pem.replaceAll('\n', '\\n')}"`],
    ['a beginning with another number of dashes', `${pem}${pem.replace('-----BEGIN', '------BEGIN')}`],
    ['words alone', 'Bag Attributes\n    localKeyID: 01 02\n'],
    ['a private key', encodePem('PRIVATE KEY', new Uint8Array(3))],
    ['a certificate and a private key', pem + encodePem('PRIVATE KEY', new Uint8Array(3))],
    ['no end', pem.slice(0, 60)],
    ['another end', pem.replace('END CERTIFICATE', 'END CERT')],
    ['base64 that is not canonical', pem.replace(/=*\n-----END/, '==\n-----END').replace('MII', 'M!I')],
    ['nothing', ''],
    ['a no-break space after a line', pem.replaceAll('\n', '\u00a0\n')],
    ['a form feed after a line', pem.replaceAll('\n', '\f\n')],
    ['headers', pem.replace('-----\n', '-----\nProc-Type: 4,ENCRYPTED\n\n')],
  ])('I15 %s is refused', (_name, text) => {
    expect(codeOf(() => parseCertificates(text))).toBe('ERR_PKI_CERTIFICATE');
  });

  test('more certificates than the limit are refused', () => {
    expect(codeOf(() => parseCertificates(pem + pem, { maxCertificates: 1 }))).toBe('ERR_PKI_LIMIT');
    expect(parsePem(pem)).toHaveLength(1);
  });
});
