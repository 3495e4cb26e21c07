// Timestamp tokens (RFC 3161, 2.4.2; RFC 5652; RFC 5816) that say whatever they are told to.
import { hash } from './bytes.mjs';
import {
  context,
  element,
  generalizedTime,
  integer,
  octets,
  oid,
  primitive,
  sequence,
  setOf,
  utcTime,
} from './der.mjs';
import { hashIdentifier, signatureIdentifier, signDer } from './keys.mjs';
import { encodeExtensions } from './x509.mjs';

export const stampedAt = '2025-06-01T00:00:00Z';

const attribute = (type, ...values) => sequence(oid(type), setOf(...values));
const ids = {
  signedData: '1.2.840.113549.1.7.2',
  tstInfo: '1.2.840.113549.1.9.16.1.4',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
};

export function tstInfo(message, options) {
  const { imprintHash = 'sha256', accuracy = { seconds: 1 } } = options;
  const imprint = sequence(hashIdentifier(imprintHash), octets(options.imprint ?? hash(imprintHash, message)));
  return sequence(
    integer(options.version ?? 1),
    oid(options.policy ?? '1.2.3.4.1'),
    imprint,
    integer(7),
    generalizedTime(options.genTime ?? stampedAt, options.fraction),
    ...(accuracy === null ? [] : [accuracyOf(accuracy)]),
    ...(options.tstExtensions === undefined ? [] : [context(1, encodeExtensions(options.tstExtensions).subarray(2))]),
  );
}

const number = (value) => integer(value).subarray(2);
const accuracyOf = ({ seconds, millis, micros }) =>
  sequence(
    ...(seconds === undefined ? [] : [integer(seconds)]),
    ...(millis === undefined ? [] : [primitive(0, number(millis))]),
    ...(micros === undefined ? [] : [primitive(1, number(micros))]),
  );

/** A token over a message, by a timestamping certificate as `issue` makes it. */
export function token(message, options) {
  const content = tstInfo(message, options);
  const infos = Array.from({ length: options.signers ?? 1 }, () => signerInfo(content, options));
  const certificates = options.certificates ?? options.signer.chain.slice(0, -1);
  const signedData = sequence(
    integer(options.signedDataVersion ?? 3),
    setOf(hashIdentifier('sha256')),
    sequence(oid(options.contentType ?? ids.tstInfo), context(0, octets(content))),
    ...(certificates.length === 0 ? [] : [context(0, ...certificates)]),
    setOf(...infos),
  );
  return sequence(oid(ids.signedData), context(0, signedData));
}

function signerInfo(content, options) {
  const { signer } = options;
  const attributes = options.attributes?.(attributesOf(content, options)) ?? attributesOf(content, options);
  const list = setOf(...attributes);
  const signature = signDer(options.signWith ?? signer.key, list, { hash: 'sha256' });
  if (options.corrupt === true) signature[signature.length - 1] ^= 1;
  const header = list[1] < 0x80 ? 2 : 2 + (list[1] & 0x7f);
  return sequence(
    integer(1),
    sequence(signer.issuer, integer(signer.serial)),
    hashIdentifier('sha256'),
    element(0xa0, list.subarray(header)),
    signatureIdentifier(signer.key, { hash: 'sha256' }),
    octets(signature),
  );
}

/** Content type, message digest, signing time, and which certificate signs: in this order. */
function attributesOf(content, options) {
  const { names = 'v2', genTime = stampedAt } = options;
  const certificate = options.namedCertificate ?? options.signer.der;
  const id = sequence(octets(hash('sha256', certificate).subarray(0, names === 'v1' ? 20 : 32)));
  const type = names === 'v1' ? ids.signingCertificate : ids.signingCertificateV2;
  return [
    attribute(ids.contentType, oid(options.attributeContentType ?? ids.tstInfo)),
    attribute(ids.messageDigest, octets(options.messageDigest ?? hash('sha256', content))),
    attribute('1.2.840.113549.1.9.5', utcTime(genTime)),
    ...(names === 'none' ? [] : [attribute(type, sequence(sequence(id)))]),
  ];
}
