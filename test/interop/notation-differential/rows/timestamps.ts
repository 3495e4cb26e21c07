import type { Row } from '../row.js';

/** Rows of timestamps and the path of their signer. */
export const timestamps: readonly Row[] = [
  {
    id: 'several signers',
    notation: 'the first signer that verifies counts',
    here: 'exactly one signer',
    why: 'RFC 3161, 2.4.2',
    side: 'stricter',
    ours: /expected exactly one signer/,
  },
  {
    id: 'accuracy',
    notation: 'any',
    here: 'a day at most, parts of a second at most 999, none below 0',
    why: 'RFC 3161, 2.4.2; an interval of years vouches for nothing',
    side: 'stricter',
    ours: /expected an accuracy of at most a day|as a part of a second|"timestampRefused".*expected an INTEGER from 0/,
  },
  {
    id: 'critical extensions of the TSTInfo',
    notation: 'ignored',
    here: 'refused',
    why: 'RFC 3161, 2.4.2',
    side: 'stricter',
    ours: /expected no critical extension/,
  },
  {
    id: 'signed attributes',
    notation: 'the first of a type counts',
    here: 'each once, with one value',
    why: 'RFC 5652, 11: two readers could see two',
    side: 'stricter',
    ours: /expected (?:each signed attribute once|one value of the signed attribute)/,
  },
  {
    id: 'forms of DER in tokens',
    notation:
      'more elements than a type has, NULLs with content, forms of integers and times that are not DER are read',
    here: 'refused',
    why: 'X.690, 8.3.2, 8.8 and 11; RFC 3161, 2.4.2',
    side: 'stricter',
    ours: /"timestampRefused","code":"ERR_PKI_(?:ASN1|CERTIFICATE)"/,
  },
  {
    id: 'BER in tokens',
    notation: 'indefinite lengths and OCTET STRINGs in pieces are refused',
    here: 'read; whatever else is not DER is refused',
    why: 'RFC 5652, 2',
    side: 'tolerant',
    theirs:
      /failed to convert from BER to DER: asn1: (?:structure error: decoding BER length octets: indefinite length not supported|syntax error: decoding BER length octets: long form length octets with early EOF)|cannot unmarshal TSTInfo from timestamp token: asn1: syntax error: sequence truncated/,
  },
  {
    id: 'policies of the path',
    notation: 'evaluated',
    here: 'an authority below the trusted one that demands policies is refused',
    why: 'RFC 5280, 6.1.3: they are not evaluated here',
    side: 'stricter',
    ours: /"timestampRefused","code":"ERR_PKI_CHAIN".*polic/,
  },
  {
    id: 'directory name constraints',
    notation: 'refused when critical, ignored when not',
    here: 'evaluated: a name outside is refused whether they are critical or not',
    why: 'RFC 5280, 4.2.1.10',
    side: 'stricter',
    ours: /"timestampRefused","code":"ERR_PKI_CHAIN".*a directory name that an authority above it excludes/,
  },
  {
    id: 'critical extensions that Go does not process',
    notation:
      'a path with a constraint on directory or registered names, or a critical alternative name of such a kind, is refused',
    here: 'constraints on directory names are evaluated, others refuse a certificate that has a name of their kind, alternative names are read: what is within is accepted',
    why: 'RFC 5280, 4.2.1.6 and 4.2.1.10: the constraint is processed, or the certificate rejected where an instance of that name form appears',
    side: 'tolerant',
    theirs: /cms verification failure: x509: unhandled critical extension/,
  },
  {
    id: 'malformed extensions of the path',
    notation: 'some are read in part',
    here: 'a certificate of the path with a malformed extension that this profile knows is refused',
    why: 'RFC 5280, 6.1.5',
    side: 'stricter',
    ours: /"timestampRefused","code":"ERR_PKI_CHAIN".*has a malformed extension/,
  },
  {
    id: 'response content type',
    notation: 'exactly `application/timestamp-reply`',
    here: 'parameters are allowed',
    why: 'RFC 9110, 8.3.1',
    side: 'tolerant',
    shown: 'test/integration/pki/timestamp.test.ts: a content type with parameters is the same type',
  },
];
