// Certificates that say whatever they are told to (RFC 5280, 4).
import { bytes, hash } from './bytes.mjs';
import {
  bits,
  boolean,
  context,
  element,
  integer,
  namedBits,
  octets,
  oid,
  primitive,
  printable,
  sequence,
  time,
  utf8,
} from './der.mjs';
import { keyOf, signatureIdentifier, signed } from './keys.mjs';

const types = {
  CN: '2.5.4.3',
  SERIALNUMBER: '2.5.4.5',
  C: '2.5.4.6',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  STREET: '2.5.4.9',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  POSTALCODE: '2.5.4.17',
  DC: '0.9.2342.19200300.100.1.25',
  EMAIL: '1.2.840.113549.1.9.1',
};

/** A name: `[type, value]` pairs, one to an RDN; an array of pairs is one RDN with several values. */
export function nameOf(pairs) {
  return sequence(
    ...pairs.map((rdn) => {
      const list = Array.isArray(rdn[0]) ? rdn : [rdn];
      return element(0x31, ...list.map(([type, value]) => sequence(oid(types[type] ?? type), textOf(type, value))));
    }),
  );
}

function textOf(type, value) {
  if (typeof value !== 'string') return value;
  return type === 'C' || type === 'SERIALNUMBER' ? printable(value) : utf8(value);
}

export const usages = {
  digitalSignature: 0,
  contentCommitment: 1,
  keyEncipherment: 2,
  dataEncipherment: 3,
  keyAgreement: 4,
  keyCertSign: 5,
  cRLSign: 6,
  encipherOnly: 7,
  decipherOnly: 8,
};
export const purposes = {
  any: '2.5.29.37.0',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  ocspSigning: '1.3.6.1.5.5.7.3.9',
};

export const extension = (id, value, critical = false) => ({ id, value, critical });
export const basicConstraints = ({ ca, pathLength, critical = true }) =>
  extension(
    '2.5.29.19',
    sequence(...(ca ? [boolean(true)] : []), ...(pathLength === undefined ? [] : [integer(pathLength)])),
    critical,
  );
export const keyUsage = (list, critical = true) =>
  extension('2.5.29.15', namedBits(list.map((name) => usages[name])), critical);
export const extendedKeyUsage = (list, critical = false) =>
  extension('2.5.29.37', sequence(...list.map((name) => oid(purposes[name] ?? name))), critical);
const uri = (url) => primitive(6, bytes(url));
export const ocspAt = (...urls) =>
  extension('1.3.6.1.5.5.7.1.1', sequence(...urls.map((url) => sequence(oid('1.3.6.1.5.5.7.48.1'), uri(url)))));
export const crlAt = (...urls) =>
  extension('2.5.29.31', sequence(...urls.map((url) => sequence(context(0, context(0, uri(url)))))));
export const freshestCrlAt = (...urls) => ({ ...crlAt(...urls), id: '2.5.29.46' });
export const noCheck = () => extension('1.3.6.1.5.5.7.48.1.5', [0x05, 0x00]);

export const encodeExtensions = (list) =>
  sequence(
    ...list.map(({ id, value, critical }) => sequence(oid(id), ...(critical ? [boolean(true)] : []), octets(value))),
  );

const kinds = {
  leaf: [basicConstraints({ ca: false }), keyUsage(['digitalSignature']), extendedKeyUsage(['codeSigning'])],
  ca: [basicConstraints({ ca: true }), keyUsage(['keyCertSign', 'cRLSign'])],
  tsa: [keyUsage(['digitalSignature']), extendedKeyUsage(['timeStamping'], true)],
  ocsp: [keyUsage(['digitalSignature']), extendedKeyUsage(['ocspSigning']), noCheck()],
};

export const organization = [
  ['C', 'US'],
  ['ST', 'WA'],
  ['L', 'Seattle'],
  ['O', 'Conformance Kit'],
];

/** The first and last second of the kit's certificates. */
export const notBefore = '2020-01-01T00:00:00Z';
export const notAfter = '2119-12-31T23:59:59Z';

/**
 * A certificate with its key and chain. `by`: the issuer, absent for self-signed ones; `extensions`: a function over those of the
 * kind; `signWith`, `issuerName`, `algorithm`, `tbsAlgorithm`, `corrupt`, `hash`: what is not as it should be.
 */
export function issue(kind, name, options = {}) {
  const key = options.key ?? keyOf(options.spec ?? 'EC-256', `${kind} ${name}`);
  const subject = options.subject ?? nameOf([...organization, ['CN', name]]);
  const issuer = options.by ?? { subject, key };
  const signer = options.signWith ?? issuer.key;
  const defaults = kinds[kind];
  const extensions = options.extensions?.(defaults) ?? defaults;
  const serial = options.serial ?? serialOf(`${kind} ${name} ${options.salt ?? ''}`);
  const algorithm = options.algorithm ?? signatureIdentifier(signer, options);
  const tbs = sequence(
    ...(options.version === 1 ? [] : [context(0, integer(2))]),
    integer(serial),
    options.tbsAlgorithm ?? algorithm,
    options.issuerName ?? issuer.subject,
    sequence(time(options.notBefore ?? notBefore), time(options.notAfter ?? notAfter)),
    subject,
    options.spki ?? key.spki,
    ...(extensions.length === 0 || options.version === 1 ? [] : [context(3, encodeExtensions(extensions))]),
  );
  const der =
    options.change?.(signed(signer, tbs, { ...options, algorithm })) ?? signed(signer, tbs, { ...options, algorithm });
  return {
    name,
    key,
    subject,
    issuer: options.issuerName ?? issuer.subject,
    serial,
    der,
    chain: [der, ...(options.by?.chain ?? [])],
  };
}

/** 16 bytes that are the same for the same name, positive. */
export function serialOf(name) {
  return BigInt(`0x40${hash('sha256', name).subarray(0, 15).toString('hex')}`);
}

/** The extension of one id replaced, or left out when nothing takes its place. */
export const without = (id) => (list) => list.filter((one) => one.id !== id);
export const replacing = (one) => (list) => [...list.filter(({ id }) => id !== one.id), one];
export const adding =
  (...more) =>
  (list) => [...list, ...more];

export { bits };
