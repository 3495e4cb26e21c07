import { encodeBase64, utf8 } from '@notarykit/common';
import { parseCertificate, parseCertificates, parsePkcs12, parsePrivateKey } from '@notarykit/pki';
import {
  openTimestampResponse,
  parseCrl,
  parseCsr,
  parseOcspResponse,
  parsePublicKey,
  parseTimestampToken,
} from '@notarykit/pki/internal';
import {
  encodeBitString,
  encodeContext,
  encodeElement,
  encodeEnumerated,
  encodeGeneralizedTime,
  encodeInteger,
  encodeNull,
  encodeOctetString,
  encodeOid,
  encodeSequence,
  encodeSet,
  encodeTime,
  encodeUtf8String,
} from '../../../packages/pki/src/asn1/writer.js';
import { parseSignedData } from '../../../packages/pki/src/timestamp/cms.js';
import { reader } from './reader.js';

const times = <T>(n: number, make: (i: number) => T): readonly T[] => Array.from({ length: n }, (_, i) => make(i));

function deep(n: number): Uint8Array {
  // Built from the inside: each level knows its length.
  let inner: Uint8Array = encodeNull();
  for (let i = 0; i < n; i++) inner = encodeSequence(inner);
  return inner;
}

const day = new Date('2026-01-01T00:00:00Z');
const algorithm = encodeSequence(encodeOid('1.2.840.10045.4.3.2'));
const signature = encodeBitString(utf8('signature'));
const attribute = (i: number): Uint8Array =>
  encodeSet(encodeSequence(encodeOid(`2.5.4.${(i % 60) + 3}`), encodeUtf8String(`a${i}`)));
const nameOf = (n: number): Uint8Array => encodeSequence(...times(n, attribute));
const extension = (i: number, content: Uint8Array = encodeNull()): Uint8Array =>
  encodeSequence(encodeOid(`1.3.6.1.4.1.99999.${i}`), encodeOctetString(content));
const key = encodeSequence(
  encodeSequence(encodeOid('1.2.840.10045.2.1'), encodeOid('1.2.840.10045.3.1.7')),
  encodeBitString(Uint8Array.from([4, ...new Array<number>(64).fill(1)])),
);

const certificate = (name: Uint8Array, ...extensions: readonly Uint8Array[]): Uint8Array =>
  encodeSequence(
    encodeSequence(
      encodeContext(0, encodeInteger(2)),
      encodeInteger(1),
      algorithm,
      name,
      encodeSequence(encodeTime(day), encodeTime(day)),
      name,
      key,
      ...(extensions.length === 0 ? [] : [encodeContext(3, encodeSequence(...extensions))]),
    ),
    algorithm,
    signature,
  );
const altNames = (n: number): Uint8Array =>
  encodeSequence(
    encodeOid('2.5.29.17'),
    encodeOctetString(encodeSequence(...times(n, (i) => encodeElement(0x82, utf8(`a${i}.test`))))),
  );

const crl = (entries: readonly Uint8Array[], extensions: readonly Uint8Array[] = []): Uint8Array =>
  encodeSequence(
    encodeSequence(
      encodeInteger(1),
      algorithm,
      nameOf(1),
      encodeTime(day),
      encodeTime(day),
      ...(entries.length === 0 ? [] : [encodeSequence(...entries)]),
      ...(extensions.length === 0 ? [] : [encodeContext(0, encodeSequence(...extensions))]),
    ),
    algorithm,
    signature,
  );
const revoked = (i: number): Uint8Array => encodeSequence(encodeInteger(i + 1), encodeTime(day));

const single = (i: number): Uint8Array =>
  encodeSequence(
    encodeSequence(
      encodeSequence(encodeOid('1.3.14.3.2.26')),
      encodeOctetString(new Uint8Array(20)),
      encodeOctetString(new Uint8Array(20)),
      encodeInteger(i + 1),
    ),
    encodeElement(0x80),
    encodeGeneralizedTime(day),
  );
const ocsp = (singles: readonly Uint8Array[], extensions: readonly Uint8Array[] = []): Uint8Array => {
  const data = encodeSequence(
    encodeContext(1, nameOf(1)),
    encodeGeneralizedTime(day),
    encodeSequence(...singles),
    ...(extensions.length === 0 ? [] : [encodeContext(1, encodeSequence(...extensions))]),
  );
  const basic = encodeSequence(data, algorithm, signature);
  return encodeSequence(
    encodeEnumerated(0),
    encodeContext(0, encodeSequence(encodeOid('1.3.6.1.5.5.7.48.1.1'), encodeOctetString(basic))),
  );
};

const signedData = (certificates: readonly Uint8Array[], digests = 1, signers = 1): Uint8Array => {
  const digest = encodeSequence(encodeOid('2.16.840.1.101.3.4.2.1'));
  const info = encodeSequence(
    encodeInteger(1),
    encodeSequence(nameOf(1), encodeInteger(1)),
    digest,
    algorithm,
    encodeOctetString(new Uint8Array(1)),
  );
  return encodeSequence(
    encodeOid('1.2.840.113549.1.7.2'),
    encodeContext(
      0,
      encodeSequence(
        encodeInteger(3),
        encodeSet(...times(digests, () => digest)),
        encodeSequence(encodeOid('1.2.840.113549.1.9.16.1.4'), encodeContext(0, encodeOctetString(deep(1)))),
        ...(certificates.length === 0 ? [] : [encodeContext(0, ...certificates)]),
        encodeSet(...times(signers, () => info)),
      ),
    ),
  );
};

const shapes = {
  deep,
  wide: (n: number) => encodeSequence(...times(n, (i) => encodeInteger(i))),
  'deep and wide': (n: number) => encodeSequence(...times(n, () => deep(5))),
  'a long integer': (n: number) => encodeSequence(encodeInteger(new Uint8Array(n).fill(7))),
  'a long identifier': (n: number) => encodeSequence(encodeElement(6, new Uint8Array(n).fill(0x81), Uint8Array.of(1))),
  'many identifiers': (n: number) => encodeSequence(...times(n, (i) => encodeOid(`1.2.${i}`))),
};
const pem = (blocks: readonly Uint8Array[]): string =>
  blocks.map((der) => `-----BEGIN CERTIFICATE-----\n${encodeBase64(der)}\n-----END CERTIFICATE-----\n`).join('');

/** Readers of DER and BER: certificates, lists, answers, tokens, keys. */
export const derReaders = [
  reader('a certificate', (der: Uint8Array) => parseCertificate(der), {
    ...shapes,
    'a long name': (n) => certificate(nameOf(n)),
    'many extensions': (n) => certificate(nameOf(1), ...times(n, (i) => extension(i))),
    'an extension twice': (n) => certificate(nameOf(1), ...times(n, (i) => extension(Math.min(i, n - 2)))),
    'many names': (n) => certificate(nameOf(1), altNames(n)),
    'a deep extension': (n) => certificate(nameOf(1), extension(1, deep(n))),
  }),
  reader('certificates', (text: Uint8Array | string) => parseCertificates(text), {
    PEM: (n) => pem(times(n, () => certificate(nameOf(1)))),
    'one after the other': (n) => Buffer.concat(times(n, () => certificate(nameOf(1)))),
  }),
  reader('a CRL', (der: Uint8Array) => parseCrl(der), {
    ...shapes,
    entries: (n) => crl(times(n, revoked)),
    'entries of one number': (n) => crl(times(n, () => revoked(1))),
    extensions: (n) =>
      crl(
        [],
        times(n, (i) => extension(i)),
      ),
  }),
  reader('an OCSP answer', (der: Uint8Array) => parseOcspResponse(der), {
    ...shapes,
    answers: (n) => ocsp(times(n, single)),
    extensions: (n) =>
      ocsp(
        [single(1)],
        times(n, (i) => extension(i)),
      ),
  }),
  reader('CMS', (der: Uint8Array) => parseSignedData(der), {
    ...shapes,
    certificates: (n) => signedData(times(n, () => certificate(nameOf(1)))),
    'digest algorithms': (n) => signedData([], n),
    signers: (n) => signedData([], 1, n),
  }),
  reader('a timestamp token', (der: Uint8Array) => parseTimestampToken(der), {
    ...shapes,
    certificates: (n) => signedData(times(n, () => certificate(nameOf(1)))),
  }),
  reader(
    'an answer of a timestamping authority',
    (der: Uint8Array) => openTimestampResponse(der, { digest: new Uint8Array(32), hash: 'sha256', nonce: 1n } as never),
    shapes,
  ),
  reader('a request for a certificate', (der: Uint8Array) => parseCsr(der), shapes),
  reader('PKCS#12', (der: Uint8Array) => parsePkcs12(der, { password: 'a' }), shapes),
  reader('a private key', (der: Uint8Array) => parsePrivateKey(der), shapes),
  reader('a public key', (der: Uint8Array) => parsePublicKey(der as never), shapes),
];
