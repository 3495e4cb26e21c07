// Reads an envelope that an implementation has made: attributes by their name, and what was signed.
import { readCbor, Tag } from './read-cbor.mjs';

const jwsAlgorithms = ['PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'];
const coseAlgorithms = {
  '-37': 'PS256',
  '-38': 'PS384',
  '-39': 'PS512',
  '-7': 'ES256',
  '-35': 'ES384',
  '-36': 'ES512',
};

/** `{ algorithm, contentType, critical, attributes, payload, signature, toBeSigned, chain }`; times in milliseconds. */
export const readEnvelope = (bytes, format) => (format === 'jws' ? readJws(bytes) : readCose(bytes));

function readJws(bytes) {
  const document = JSON.parse(bytes.toString('utf8'));
  const extra = Object.keys(document).filter((name) => !['payload', 'protected', 'header', 'signature'].includes(name));
  if (extra.length > 0) throw new Error(`members that the format does not have: ${extra.join(', ')}`);
  const { alg, cty, crit, ...attributes } = JSON.parse(fromBase64url(document.protected).toString('utf8'));
  if (!jwsAlgorithms.includes(alg)) throw new Error(`algorithm ${alg}`);
  return {
    algorithm: alg,
    contentType: cty,
    critical: crit,
    attributes: withTimes(attributes, (value) => Date.parse(value)),
    payload: fromBase64url(document.payload),
    signature: fromBase64url(document.signature),
    toBeSigned: Buffer.from(`${document.protected}.${document.payload}`),
    chain: document.header.x5c.map((text) => Buffer.from(text, 'base64')),
  };
}

/** Base64url of RFC 7515: no padding, nothing but its characters. */
function fromBase64url(text) {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) throw new Error('a member is not base64url');
  return Buffer.from(text, 'base64url');
}

function readCose(bytes) {
  const message = readCbor(bytes);
  if (!(message instanceof Tag) || message.number !== 18) throw new Error('a COSE_Sign1 has tag 18');
  const [header, unprotected, payload, signature] = message.value;
  const map = readCbor(header);
  const attributes = Object.fromEntries([...map].filter(([label]) => typeof label === 'string'));
  return {
    algorithm: coseAlgorithms[map.get(1)],
    contentType: map.get(3),
    critical: map.get(2),
    attributes: withTimes(attributes, (value) =>
      value instanceof Tag && value.number === 1 ? value.value * 1000 : Number.NaN,
    ),
    payload,
    signature,
    toBeSigned: sigStructure(header, payload),
    chain: unprotected.get(33),
  };
}

/** RFC 9052, 4.4, with empty external data. */
function sigStructure(header, payload) {
  const string = (data) => Buffer.concat([headOf(data.length), data]);
  const context = Buffer.from('Signature1');
  return Buffer.concat([
    Buffer.of(0x84, 0x60 | context.length),
    context,
    string(header),
    string(Buffer.alloc(0)),
    string(payload),
  ]);
}

function headOf(length) {
  if (length < 24) return Buffer.of(0x40 | length);
  if (length < 0x100) return Buffer.of(0x58, length);
  return Buffer.of(0x59, length >> 8, length & 0xff);
}

const prefix = 'io.cncf.notary.';

/** Attributes without the prefix of their names, times read by `parse`. */
function withTimes(attributes, parse) {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => {
      const short = name.startsWith(prefix) ? name.slice(prefix.length) : name;
      return [short, /(time|expiry)$/i.test(short) ? parse(value) : value];
    }),
  );
}
