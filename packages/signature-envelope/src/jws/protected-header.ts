import {
  type Bytes,
  formatTime,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJson,
  parseTime,
  utf8,
} from '@notarykit/common/internal';
import type { SignatureAlgorithm } from '../algorithms.js';
import { knownNames, type Label, type ProtectedHeader, signedNames } from '../attributes.js';
import type { AttributeValue, SignedAttributes } from '../envelope.js';
import { EnvelopeError } from '../errors.js';
import { unexpected } from '../failures.js';
import { canonicalJson } from './canonical-json.js';

/** Headers of RFC 7515, 4.1 and RFC 7797 that `crit` may never list (RFC 7515, 4.1.11). */
const registered: ReadonlySet<Label> = new Set([
  'alg',
  'cty',
  'crit',
  'jku',
  'jwk',
  'kid',
  'x5u',
  'x5c',
  'x5t',
  'x5t#S256',
  'typ',
  'b64',
]);

const known = knownNames(['alg', 'cty', 'crit', ...Object.values(signedNames)]);

/** The protected header of a JWS, read strictly; signatures-envelope-jws.md, "Protected Headers". */
export function parseProtectedHeader(bytes: Bytes): ProtectedHeader {
  const document = parseJson(bytes, { maxDepth: 32 });
  if (!isJsonObject(document)) throw unexpected('protected', 'an object', document);
  // RFC 7797 would change what the signature covers.
  if (document['b64'] !== undefined)
    throw new EnvelopeError('ERR_ENVELOPE_MALFORMED', 'protected: header "b64" is not supported');
  return {
    entries: entriesOf(document),
    algorithm: 'alg',
    critical: 'crit',
    contentType: 'cty',
    known,
    registered: (label) => registered.has(label),
    readTime,
    readAttribute: (value) => toAttribute(value as JsonValue),
  };
}

function entriesOf(document: JsonObject): ReadonlyMap<string, JsonValue> {
  const entries = new Map<string, JsonValue>();
  for (const name of Object.keys(document)) entries.set(name, document[name] as JsonValue);
  return entries;
}

function readTime(value: unknown, where: string): Date {
  if (typeof value !== 'string') throw unexpected(where, 'a time of RFC 3339', value, 'ERR_ENVELOPE_TIME');
  try {
    return parseTime(value);
  } catch (cause) {
    throw unexpected(where, 'a time of RFC 3339 such as "2025-01-01T00:00:00Z"', value, 'ERR_ENVELOPE_TIME', cause);
  }
}

function toAttribute(value: JsonValue): AttributeValue {
  if (isJsonArray(value)) return value.map(toAttribute);
  return value as AttributeValue;
}

/** Names in byte order; `crit` in the order of notation-core-go: scheme, extended, authentic signing time, expiry. */
export function encodeProtectedHeader(attributes: SignedAttributes, algorithm: SignatureAlgorithm): Bytes {
  const { signingTime, authenticSigningTime, expiry } = attributes;
  const header: Record<string, AttributeValue> = {
    alg: algorithm.jws,
    cty: attributes.contentType,
    crit: criticalNames(attributes),
    [signedNames.signingScheme]: attributes.signingScheme,
  };
  if (signingTime !== undefined) header[signedNames.signingTime] = formatTime(signingTime);
  if (authenticSigningTime !== undefined) header[signedNames.authenticSigningTime] = formatTime(authenticSigningTime);
  if (expiry !== undefined) header[signedNames.expiry] = formatTime(expiry);
  for (const name of ['verificationPlugin', 'verificationPluginMinVersion'] as const) {
    const value = attributes[name];
    if (value !== undefined) header[signedNames[name]] = value;
  }
  for (const { key, value } of attributes.extended) header[textKey(key)] = value;
  return utf8(canonicalJson(header));
}

function criticalNames(attributes: SignedAttributes): readonly string[] {
  return [
    signedNames.signingScheme,
    ...(attributes.verificationPlugin === undefined ? [] : [signedNames.verificationPlugin]),
    ...(attributes.verificationPluginMinVersion === undefined ? [] : [signedNames.verificationPluginMinVersion]),
    ...attributes.extended.filter(({ critical }) => critical).map(({ key }) => textKey(key)),
    ...(attributes.authenticSigningTime === undefined ? [] : [signedNames.authenticSigningTime]),
    ...(attributes.expiry === undefined ? [] : [signedNames.expiry]),
  ];
}

function textKey(key: Label): string {
  if (typeof key !== 'string') throw unexpected('attribute name', 'text, since only COSE knows integers', key);
  return key;
}
