import type { Bytes } from '@notarykit/common/internal';
import type { SignatureAlgorithm } from '../algorithms.js';
import { knownNames, type Label, type ProtectedHeader, signedNames } from '../attributes.js';
import type { SignedAttributes } from '../envelope.js';
import { EnvelopeError } from '../errors.js';
import { unexpected } from '../failures.js';
import { fromAttribute, toAttribute } from './attribute-value.js';
import { CborFloat, type CborKey, CborTag, type CborValue, readCbor } from './cbor.js';
import { epochTag, labels } from './labels.js';
import { encodeCbor } from './write-cbor.js';

/** 9999-12-31T23:59:59Z, in seconds. */
const latest = 253_402_300_799;

const known = knownNames(Object.values(signedNames));

/** The protected header of a COSE message, out of its byte string (signature-envelope-cose.md, "Protected Headers"). */
export function parseProtectedHeader(bytes: Uint8Array): ProtectedHeader {
  if (bytes.length === 0) throw unexpected('protected', 'a map', 'an empty byte string');
  const { value, length } = readCbor(bytes);
  if (length !== bytes.length) throw unexpected('protected', 'one map', 'bytes after it');
  if (!(value instanceof Map)) throw unexpected('protected', 'a map', 'another CBOR type');
  return {
    entries: value as ReadonlyMap<CborKey, CborValue>,
    algorithm: labels.algorithm,
    critical: labels.critical,
    contentType: labels.contentType,
    known,
    // RFC 9052, 3.1: labels 0 to 7 should be left out of crit, since every implementation must process them; 8 belongs to them.
    registered: (label) => typeof label === 'number' && label >= 0 && label <= 8,
    readTime: (time, where) => readTime(time as CborValue, where),
    readAttribute: (attribute, where) => toAttribute(attribute as CborValue, where),
  };
}

/** A fraction is dropped, as in JWS times: notation reads floats, though no tool is known to write them. */
function readTime(value: CborValue, where: string): Date {
  const seconds = value instanceof CborTag && value.tag === epochTag ? secondsOf(value.value) : undefined;
  if (seconds === undefined || !(seconds >= 0 && seconds <= latest))
    throw new EnvelopeError('ERR_ENVELOPE_TIME', `${where}: expected tag 1 with seconds from 0 to ${latest}`);
  return new Date(Math.floor(seconds) * 1000);
}

function secondsOf(value: CborValue): number | undefined {
  if (value instanceof CborFloat) return value.value;
  return typeof value === 'number' ? value : undefined;
}

/** Deterministic bytes; `crit` in the order of notation-core-go: scheme, authentic signing time, expiry, extended. */
export function encodeProtectedHeader(attributes: SignedAttributes, algorithm: SignatureAlgorithm): Bytes {
  const { signingTime, authenticSigningTime, expiry } = attributes;
  const header = new Map<Label, CborValue>([
    [labels.algorithm, algorithm.cose],
    [labels.critical, criticalLabels(attributes)],
    [labels.contentType, attributes.contentType],
    [signedNames.signingScheme, attributes.signingScheme],
  ]);
  if (signingTime !== undefined) header.set(signedNames.signingTime, epoch(signingTime));
  if (authenticSigningTime !== undefined) header.set(signedNames.authenticSigningTime, epoch(authenticSigningTime));
  if (expiry !== undefined) header.set(signedNames.expiry, epoch(expiry));
  for (const name of ['verificationPlugin', 'verificationPluginMinVersion'] as const) {
    const value = attributes[name];
    if (value !== undefined) header.set(signedNames[name], value);
  }
  for (const { key, value } of attributes.extended) header.set(key, fromAttribute(value));
  return encodeCbor(header);
}

function criticalLabels(attributes: SignedAttributes): readonly Label[] {
  return [
    signedNames.signingScheme,
    ...(attributes.authenticSigningTime === undefined ? [] : [signedNames.authenticSigningTime]),
    ...(attributes.expiry === undefined ? [] : [signedNames.expiry]),
    ...(attributes.verificationPlugin === undefined ? [] : [signedNames.verificationPlugin]),
    ...(attributes.verificationPluginMinVersion === undefined ? [] : [signedNames.verificationPluginMinVersion]),
    ...attributes.extended.filter(({ critical }) => critical).map(({ key }) => key),
  ];
}

function epoch(time: Date): CborTag {
  return new CborTag(epochTag, Math.floor(time.getTime() / 1000));
}
