import type { Bytes } from '@notarykit/common/internal';
import type { Certificate } from '@notarykit/pki/internal/core';
import { checkCase, knownNames, readSignedAttributes, signedNames, unsignedNames } from '../attributes.js';
import { certificateOf } from '../certificate-cache.js';
import { readChain } from '../chain.js';
import { checkAlgorithm } from '../check-algorithm.js';
import type { UnsignedAttributes, UnverifiedEnvelope } from '../envelope.js';
import { EnvelopeError } from '../errors.js';
import { overLimit, unexpected } from '../failures.js';
import type { ResolvedLimits } from '../limits.js';
import { type CborKey, CborTag, type CborValue, readCbor } from './cbor.js';
import { checkRegisteredLabels, checkUnprotectedValue } from './header-rules.js';
import { labels, sign1Tag } from './labels.js';
import { parseProtectedHeader } from './protected-header.js';
import { sigStructure } from './sig-structure.js';

/** Headers that count only where the signature covers them. */
const protectedOnly: ReadonlySet<CborKey> = new Set<CborKey>([
  labels.algorithm,
  labels.critical,
  labels.contentType,
  ...Object.values(signedNames),
]);
const knownUnprotected = knownNames([...Object.values(signedNames), unsignedNames.timestampSignature]);

/** The four elements of a COSE_Sign1 (RFC 9052, 4.2). */
export interface Sign1 {
  /** Content of the byte string, exactly as received. */
  readonly protectedHeader: Bytes;
  readonly unprotected: ReadonlyMap<CborKey, CborValue>;
  readonly payload: Bytes;
  readonly signature: Bytes;
}

/** Decodes a tagged COSE_Sign1 message (signature-envelope-cose.md). */
export function decodeCose(bytes: Bytes, limits: ResolvedLimits): UnverifiedEnvelope {
  const { protectedHeader, unprotected, payload, signature } = parseSign1(bytes);
  const header = parseProtectedHeader(protectedHeader);
  const certificateChain = readX5chain(unprotected.get(labels.x5chain), limits);
  const signedAttributes = readSignedAttributes(header, limits.extendedAttributes);
  const label = header.entries.get(labels.algorithm);
  const algorithm = checkAlgorithm(certificateChain, (row) => row.cose === label, label);
  checkUnprotected(unprotected, header.entries as ReadonlyMap<CborKey, CborValue>);
  return {
    verified: false,
    format: 'cose',
    bytes,
    payload,
    signedAttributes,
    unsignedAttributes: readUnsigned(unprotected, limits),
    certificateChain,
    algorithm,
    signature,
    signedBytes: sigStructure(protectedHeader, payload),
  };
}

/** Takes the message apart; nothing of what the headers mean is looked at. */
export function parseSign1(bytes: Bytes): Sign1 {
  // Before anything is read: the descriptor says COSE, and JWS text must not come out as strange CBOR.
  if ((bytes[0] ?? 0) >> 5 !== 6) throw unexpected('COSE envelope', 'tag 18 (COSE_Sign1)', 'no tag');
  const { value, length } = readCbor(bytes);
  // Bytes after the message are covered by no signature, but by the digest: two readers could see two messages.
  if (length !== bytes.length) throw unexpected('COSE envelope', 'one message', 'bytes after it');
  if (!(value instanceof CborTag) || value.tag !== sign1Tag)
    throw unexpected('COSE envelope', 'tag 18 (COSE_Sign1)', 'another tag');
  const items = value.value;
  if (!Array.isArray(items) || items.length !== 4) throw unexpected('COSE envelope', 'an array of four', items);
  const [protectedHeader, unprotected, payload, signature] = items as readonly CborValue[];
  if (!(unprotected instanceof Map)) throw unexpected('unprotected', 'a map', 'another CBOR type');
  return {
    protectedHeader: bytesOf(protectedHeader, 'protected'),
    unprotected: unprotected as ReadonlyMap<CborKey, CborValue>,
    payload: bytesOf(payload, 'payload'),
    signature: bytesOf(signature, 'signature'),
  };
}

function bytesOf(value: CborValue | undefined, where: string): Bytes {
  if (!(value instanceof Uint8Array))
    throw unexpected(where, 'a byte string', value === null ? 'null' : 'another CBOR type');
  if (value.length === 0) throw unexpected(where, 'a byte string', 'an empty byte string');
  return value as Bytes;
}

function checkUnprotected(
  unprotected: ReadonlyMap<CborKey, CborValue>,
  protectedEntries: ReadonlyMap<CborKey, CborValue>,
): void {
  checkRegisteredLabels(protectedEntries, unprotected);
  checkCase(unprotected.keys(), knownUnprotected);
  for (const [label, value] of unprotected) {
    if (protectedOnly.has(label))
      throw new EnvelopeError(
        'ERR_ENVELOPE_MALFORMED',
        `unprotected: label "${label}" counts only in the protected header`,
      );
    // RFC 9052, 3: a label should not be in both headers. It is refused here, as readers could use either value.
    if (protectedEntries.has(label))
      throw new EnvelopeError('ERR_ENVELOPE_MALFORMED', `label "${label}" is in both headers`);
    checkUnprotectedValue(value);
  }
}

function readX5chain(value: CborValue | undefined, limits: ResolvedLimits): readonly Certificate[] {
  // One byte string stands for a chain of one in RFC 9360; notation reads arrays only, and so do we.
  if (!Array.isArray(value)) throw unexpected('x5chain', 'an array of certificates', value, 'ERR_ENVELOPE_CHAIN');
  return readChain('x5chain', value as readonly CborValue[], limits, (entry, where) => {
    if (!(entry instanceof Uint8Array))
      throw unexpected(where, 'a byte string', 'another CBOR type', 'ERR_ENVELOPE_CHAIN');
    if (entry.length > limits.certificateSize) throw overLimit(where, limits.certificateSize, entry.length, 'bytes');
    return certificateOf(entry);
  });
}

/** Values of another type are passed over, as notation does: nothing is decided by them. */
function readUnsigned(unprotected: ReadonlyMap<CborKey, CborValue>, limits: ResolvedLimits): UnsignedAttributes {
  const agent = unprotected.get(unsignedNames.signingAgent);
  const token = unprotected.get(unsignedNames.timestampSignature);
  if (token instanceof Uint8Array && token.length > limits.timestampSize)
    throw overLimit(unsignedNames.timestampSignature, limits.timestampSize, token.length, 'bytes');
  return {
    ...(typeof agent === 'string' ? { signingAgent: agent } : {}),
    ...(token instanceof Uint8Array && token.length > 0 ? { timestampSignature: token as Bytes } : {}),
  };
}
