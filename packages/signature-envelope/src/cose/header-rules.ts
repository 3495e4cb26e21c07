import { unexpected } from '../failures.js';
import { type CborKey, CborTag, type CborValue, readCbor } from './cbor.js';
import { labels } from './labels.js';

type Header = ReadonlyMap<CborKey, CborValue>;
type Form = readonly [expected: string, holds: (value: CborValue) => boolean];

const isBytes = (value: CborValue): boolean => value instanceof Uint8Array;
const mediaType = /^(?! )[^/]+\/[^/]+(?<! )$/;
const isType = (value: CborValue): boolean =>
  typeof value === 'number' ? value >= 0 : typeof value === 'string' && mediaType.test(value);

/** What the values of registered labels are (RFC 9052, 3.1; RFC 9338, 3; RFC 9596, 2), wherever they stand. */
const forms: ReadonlyMap<CborKey, Form> = new Map<CborKey, Form>([
  [labels.keyId, ['a byte string', isBytes]],
  [labels.iv, ['a byte string', isBytes]],
  [labels.partialIv, ['a byte string', isBytes]],
  [labels.countersignature, ['COSE countersignatures', isCountersignatures]],
  [labels.countersignature0, ['a byte string', isBytes]],
  [labels.countersignatureV2, ['COSE countersignatures', isCountersignatures]],
  [labels.countersignature0V2, ['a byte string', isBytes]],
  [labels.type, ['a media type or the number of one', isType]],
]);

/** Labels whose values are added after signing: the signature cannot cover them. */
const neverProtected: ReadonlySet<CborKey> = new Set<CborKey>([
  labels.countersignature,
  labels.countersignature0,
  labels.countersignatureV2,
  labels.countersignature0V2,
]);

/**
 * Checks registered labels that Notary envelopes have no use for: each value is of its label's type, or the envelope is one
 * that other readers of COSE refuse.
 *
 * @throws {EnvelopeError} `ERR_ENVELOPE_MALFORMED`
 */
export function checkRegisteredLabels(protectedHeader: Header, unprotected: Header): void {
  for (const label of protectedHeader.keys())
    if (neverProtected.has(label)) throw unexpected('protected', 'no countersignature', `label ${label}`);
  for (const header of [protectedHeader, unprotected]) checkForms(header);
  const both = [...protectedHeader.keys(), ...unprotected.keys()];
  if (both.includes(labels.iv) && both.includes(labels.partialIv))
    throw unexpected('headers', 'an IV or a partial IV', 'both');
}

function checkForms(header: Header): void {
  for (const [label, value] of header) {
    const [expected, holds] = forms.get(label) ?? [];
    if (holds?.(value) === false) throw unexpected(`label ${label}`, `${expected}`, value);
  }
}

function isCountersignatures(value: CborValue): boolean {
  return isCountersignature(value) || (Array.isArray(value) && value.every(isCountersignature));
}

/** COSE_Countersignature: protected header, unprotected header, signature (RFC 9338, 3.1). */
function isCountersignature(value: CborValue): boolean {
  if (!Array.isArray(value) || value.length !== 3) return false;
  const [protectedBytes, unprotected, signature] = value as readonly CborValue[];
  if (!(protectedBytes instanceof Uint8Array) || !(unprotected instanceof Map)) return false;
  if (!(signature instanceof Uint8Array) || signature.length === 0) return false;
  checkRegisteredLabels(readHeader(protectedBytes), unprotected as Header);
  return true;
}

function readHeader(bytes: Uint8Array): Header {
  if (bytes.length === 0) return new Map();
  const { value, length } = readCbor(bytes);
  if (!(value instanceof Map) || length !== bytes.length)
    throw unexpected('protected header of a countersignature', 'one map', value);
  return value as Header;
}

const [least, most] = [-(2n ** 63n), 2n ** 63n - 1n];

/**
 * Checks a value of the unprotected header, however deep: no tags, and integers of 64 bits with sign, which is what readers
 * of COSE hold them in.
 *
 * @throws {EnvelopeError} `ERR_ENVELOPE_MALFORMED`
 */
export function checkUnprotectedValue(value: CborValue): void {
  if (value instanceof CborTag) throw unexpected('unprotected', 'values without tags', `tag ${value.tag}`);
  if (typeof value === 'bigint' && (value < least || value > most))
    throw unexpected('unprotected', 'integers from -2^63 to 2^63-1', value);
  if (Array.isArray(value)) value.forEach(checkUnprotectedValue);
  else if (value instanceof Map) value.forEach(checkUnprotectedValue);
}
