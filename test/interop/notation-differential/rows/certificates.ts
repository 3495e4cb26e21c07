import type { Row } from '../row.js';

/** Rows of certificates, chains and stores. */
export const certificates: readonly Row[] = [
  {
    id: 'D4',
    notation: 'anyExtendedKeyUsage on the certificate that signs is accepted',
    here: 'refused',
    why: 'signature-specification.md, "Certificate Requirements"',
    side: 'stricter',
    ours: /must not have anyExtendedKeyUsage/,
  },
  {
    id: 'D5',
    notation: 'SHA-1 on a lone self-signed certificate is accepted',
    here: 'refused everywhere in a chain',
    why: 'signature-specification.md, "Certificate Requirements"',
    side: 'stricter',
    ours: /"envelopeRefused".*is signed with algorithm [^,]*\b1\.2\.840\.(?:10045\.4\.1|113549\.1\.1\.5)\)?,/,
  },
  {
    id: 'D6',
    notation: 'basic constraints of an authority need not be critical',
    here: 'they must be; `allowNonCriticalBasicConstraints`, an option of every verb that signs or verifies, accepts them',
    why: 'signature-specification.md, "Certificate Requirements"',
    side: 'stricter',
    ours: /basic constraints are not critical/,
  },
  {
    id: 'D8',
    notation: 'a modulus of 2047 bits is one of 2048',
    here: 'refused',
    why: 'signature-specification.md, "Signature Algorithm Requirements"',
    side: 'stricter',
    ours: /expected a key of RSA 2048.*found RSA of \d+ bits/,
  },
  {
    id: 'other extensions',
    notation:
      'a certificate of a signing chain is not read where another extension than the three that count is malformed, or critical where it must not be',
    here: 'ignored, critical or not',
    why: 'signature-specification.md, "Certificate Requirements": only basic constraints, key usage and extended key usage are honoured',
    side: 'tolerant',
    theirs:
      /x509: (?:invalid (?:subject key identifier|authority key identifier|NameConstraints extension|subject alternative names?|certificate policies|CRL distribution points?|authority info access|policy \w+|inhibit \w+)|(?:authority info access|subject key identifier|authority key identifier|CRL distribution points?) incorrectly marked critical|SAN |failed to parse \w+ constraint|cannot parse (?:dnsName|URI|IP))/,
  },
  {
    id: 'the last second',
    notation: 'a certificate has ended half a second after its `notAfter`',
    here: 'valid to the end of that second, whichever time decides',
    why: 'RFC 5280, 4.1.2.5: the bounds are inclusive; 4.1.2.5.2: whole seconds',
    side: 'tolerant',
    theirs: /was not valid when the digital signature was produced|it was expired at/,
    named: true,
  },
  {
    id: 'arcs of OIDs from 2^31',
    notation: 'a certificate with one is not read',
    here: 'read and compared exactly',
    why: 'RFC 5280, appendix B, names the least that is read and no most; X.667 has arcs of 128 bits',
    side: 'tolerant',
    theirs:
      /malformed extension OID field|invalid attribute type|x509: malformed OID|invalid policy identifier|invalid extended key usages|base 128 integer too large/,
  },
  {
    id: 'keys of authorities',
    notation: 'P-224 and RSA of any size are verified',
    here: 'what such a key signed is refused, and so is what a key of RSA with more than 16,384 bits did; the message says which kind of key',
    why: 'signature-specification.md, "Signature Algorithm Requirements", knows neither',
    side: 'stricter',
    ours: /"envelopeRefused".*is signed with a key of a kind that is not supported/,
  },
  {
    id: 'bytes after what was read',
    notation:
      'more elements than its type has are passed over in names, extensions, keys and algorithms of a certificate',
    here: 'refused',
    why: 'RFC 5280, 4.1: a certificate is one document in DER',
    side: 'stricter',
    ours: /(?:x5c|x5chain)\[\d+\]: expected the end of |expected a NULL at byte \d+, found content|expected an? .* \(tag 0x\w+\) at byte \d+, found/,
  },
  {
    id: 'what is not DER',
    notation: 'not noticed in elements that nothing reads',
    here: 'refused anywhere in a certificate',
    why: 'RFC 5280, 4.1: a certificate is DER',
    side: 'stricter',
    ours: /(?:x5c|x5chain)\[\d+\]: expected an? (?:INTEGER|BOOLEAN|BIT STRING|OBJECT IDENTIFIER)/,
  },
  {
    id: 'forms of times',
    notation: 'UTCTime without seconds or with an offset, GeneralizedTime before 2050 are read',
    here: 'refused',
    why: 'RFC 5280, 4.1.2.5',
    side: 'stricter',
    ours: /expected a validity of two times/,
  },
  {
    id: 'parameters of algorithms',
    notation: 'not looked at, but for RSASSA-PSS',
    here: 'RSA has NULL or none, ECDSA and Ed25519 have none',
    why: 'RFC 4055, 5; RFC 5758, 3.2; RFC 8410, 3',
    side: 'stricter',
    ours: /(?:is signed with algorithm|expected an allowed signature algorithm, found) [^,|]*\b1\.2\.840\.(?:10045\.4\.3\.\d|113549\.1\.1\.1[0-3])\b/,
  },
  {
    id: 'stores with a certificate that cannot be used',
    notation: 'self-signed certificates by SHA-1 or with another kind of key are read',
    here: "the store is refused, and the message says why; `unusableCertificates: 'setAside'` goes on without them",
    why: 'what cannot be checked is not an anchor',
    side: 'stricter',
    ours: /"storeRefused".*is signed with (?:algorithm|a key of a kind)/,
  },
];
