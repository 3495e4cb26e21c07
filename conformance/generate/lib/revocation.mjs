// CRLs (RFC 5280, 5) and OCSP answers (RFC 6960, 4.2) that hold from 2025 to the end of 2100.
import { createHash } from 'node:crypto';
import { bytes } from './bytes.mjs';
import { bits, context, enumerated, generalizedTime, integer, octets, oid, primitive, sequence, time } from './der.mjs';
import { signatureIdentifier, signDer, signed } from './keys.mjs';
import { encodeExtensions, extension } from './x509.mjs';

export const thisUpdate = '2025-01-01T00:00:00Z';
export const nextUpdate = '2101-12-31T00:00:00Z';
export const revokedAt = '2025-03-01T00:00:00Z';

export const reasons = { keyCompromise: 1, superseded: 4, certificateHold: 6, removeFromCRL: 8 };
export const invalidityDate = (date) => extension('2.5.29.24', generalizedTime(date));
export const reasonCode = (name) => extension('2.5.29.21', enumerated(reasons[name]));

/** One entry of a CRL. */
export function entry({ serial, at = revokedAt, reason, invalidSince, extensions = [] }) {
  const list = [
    ...(reason === undefined ? [] : [reasonCode(reason)]),
    ...(invalidSince === undefined ? [] : [invalidityDate(invalidSince)]),
    ...extensions,
  ];
  return sequence(integer(serial), time(at), ...(list.length === 0 ? [] : [encodeExtensions(list)]));
}

/** A CRL of an issuer; `nextUpdate: null` and `number: null` leave them out, `base` makes it a delta CRL. */
export function crl(issuer, options = {}) {
  const { revoked = [], number = 1, base, extensions = [], signWith = issuer.key } = options;
  const next = options.nextUpdate === undefined ? nextUpdate : options.nextUpdate;
  const list = [
    ...(number === null ? [] : [extension('2.5.29.20', integer(number))]),
    ...(base === undefined ? [] : [extension('2.5.29.27', integer(base), true)]),
    ...extensions,
  ];
  const tbs = sequence(
    integer(1),
    signatureIdentifier(signWith, options),
    options.issuerName ?? issuer.subject,
    time(options.thisUpdate ?? thisUpdate),
    ...(next === null ? [] : [time(next)]),
    ...(revoked.length === 0 ? [] : [sequence(...revoked.map(entry))]),
    ...(list.length === 0 ? [] : [context(0, encodeExtensions(list))]),
  );
  return signed(signWith, tbs, options);
}

const sha1 = (data) => createHash('sha1').update(data).digest();

/** The bits of a public key: the last element of its SubjectPublicKeyInfo, without its header and the byte of unused bits. */
function keyBits(spki) {
  const header = (at) => (spki[at + 1] < 0x80 ? 2 : 2 + (spki[at + 1] & 0x7f));
  const algorithm = header(0);
  const last = algorithm + header(algorithm) + spki[algorithm + 1];
  return spki.subarray(last + header(last) + 1);
}

export function certId(issuer, serial) {
  const algorithm = sequence(oid('1.3.14.3.2.26'), [0x05, 0x00]);
  return sequence(algorithm, octets(sha1(issuer.subject)), octets(sha1(keyBits(issuer.key.spki))), integer(serial));
}

/** One certificate's status. */
function single(issuer, { serial, status = 'good', ...options }) {
  const next = options.nextUpdate === undefined ? nextUpdate : options.nextUpdate;
  const list = [
    ...(options.invalidSince === undefined ? [] : [invalidityDate(options.invalidSince)]),
    ...(options.extensions ?? []),
  ];
  return sequence(
    certId(options.of ?? issuer, serial),
    statusOf(status, options),
    generalizedTime(options.thisUpdate ?? thisUpdate),
    ...(next === null ? [] : [context(0, generalizedTime(next))]),
    ...(list.length === 0 ? [] : [context(1, encodeExtensions(list))]),
  );
}

function statusOf(status, { reason, at = revokedAt }) {
  if (status === 'good') return primitive(0, []);
  if (status === 'unknown') return primitive(2, []);
  return context(1, generalizedTime(at), ...(reason === undefined ? [] : [context(0, enumerated(reasons[reason]))]));
}

/** An OCSP answer of an issuer, or of a delegate (`signer`) whose certificates are put into it. */
export function ocsp(issuer, responses, options = {}) {
  const signer = options.signer ?? issuer;
  const tbs = sequence(
    context(1, signer.subject),
    generalizedTime(options.producedAt ?? thisUpdate),
    sequence(...responses.map((one) => single(issuer, one))),
  );
  const signature = signDer(options.signWith ?? signer.key, tbs);
  if (options.corrupt === true) signature[signature.length - 1] ^= 1;
  const certificates = options.signer === undefined ? [] : [context(0, sequence(signer.der))];
  const basic = sequence(tbs, signatureIdentifier(signer.key), bits(signature), ...certificates);
  return sequence(enumerated(0), context(0, sequence(oid('1.3.6.1.5.5.7.48.1.1'), octets(basic))));
}

/** An answer that carries nothing signed: 1 malformed, 2 internal error, 3 try later, 6 unauthorized. */
export const ocspError = (status) => bytes(sequence(enumerated(status)));
