import {
  type Bytes,
  decodeBase64,
  decodeBase64Url,
  decodeUtf8,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJson,
  utf8,
} from '@notarykit/common/internal';
import type { Certificate } from '@notarykit/pki/internal/core';
import { checkCase, knownNames, readSignedAttributes, signedNames, unsignedNames } from '../attributes.js';
import { certificateOfText } from '../certificate-cache.js';
import { readChain } from '../chain.js';
import { checkAlgorithm } from '../check-algorithm.js';
import type { UnsignedAttributes, UnverifiedEnvelope } from '../envelope.js';
import { EnvelopeError } from '../errors.js';
import { overLimit, unexpected } from '../failures.js';
import type { ResolvedLimits } from '../limits.js';
import { parseProtectedHeader } from './protected-header.js';

const members = ['payload', 'protected', 'header', 'signature'];
/** The signing agent as notation wrote it before 1.0; it only informs. */
const oldSigningAgent = 'io.cncf.notary.SigningAgent';
/** Headers that count only where the signature covers them. */
const protectedNames: ReadonlySet<string> = new Set(['alg', 'cty', 'crit', 'b64', ...Object.values(signedNames)]);

const knownMembers = knownNames(members);
const knownUnprotected = knownNames(['x5c', unsignedNames.timestampSignature, ...protectedNames]);

const compactForm = /^[A-Za-z0-9_-]{1,8192}\.[A-Za-z0-9_-]{0,8192}\./;

/** Decodes a JWS in flattened JSON serialisation (signature-envelope-jws.md). */
export function decodeJws(bytes: Bytes, limits: ResolvedLimits): UnverifiedEnvelope {
  const envelope = parseEnvelope(bytes);
  const payload = textOf(envelope, 'payload');
  const protectedHeader = textOf(envelope, 'protected');
  const unprotected = checkUnprotected(envelope['header']);
  const header = parseProtectedHeader(decodeBase64Url(protectedHeader));
  const certificateChain = readX5c(unprotected['x5c'], limits);
  const signedAttributes = readSignedAttributes(header, limits.extendedAttributes);
  const name = header.entries.get('alg');
  // The key of the leaf decides about the algorithm, never the header: "none" and HMAC with the public key have no row (RFC 8725, 3.1).
  const algorithm = checkAlgorithm(certificateChain, (row) => row.jws === name, name);
  return {
    verified: false,
    format: 'jws',
    bytes,
    payload: decodeBase64Url(payload),
    signedAttributes,
    unsignedAttributes: readUnsigned(unprotected, limits),
    certificateChain,
    algorithm,
    signature: decodeBase64Url(textOf(envelope, 'signature')),
    // The texts as they appear in the envelope, never a second encoding of them (RFC 7515, 5.2).
    signedBytes: utf8(`${protectedHeader}.${payload}`),
  };
}

function parseEnvelope(bytes: Bytes): JsonObject {
  // The descriptor says JWS: bytes that begin like a tagged COSE message are refused as what they are.
  if (bytes[0] === 0xd2) throw unexpected('JWS envelope', 'a JSON object', 'a CBOR tag');
  const text = decodeUtf8(bytes);
  if (compactForm.test(text)) throw unexpected('JWS envelope', 'the flattened JSON serialisation', 'the compact one');
  const envelope = parseJson(text, { maxDepth: 32 });
  if (!isJsonObject(envelope)) throw unexpected('JWS envelope', 'an object', envelope);
  const names = Object.keys(envelope);
  checkCase(names, knownMembers);
  // Unknown members too: the general serialisation has "signatures", of which another reader could take a second one (RFC 7515, 7.2.1).
  const extra = names.find((name) => !knownMembers.exact.has(name));
  if (extra !== undefined) throw unexpected('JWS envelope', `only the members ${members.join(', ')}`, extra);
  return envelope;
}

function textOf(envelope: JsonObject, name: string): string {
  const text = envelope[name];
  if (typeof text !== 'string') throw unexpected(name, 'base64url text', text);
  if (text === '') throw unexpected(name, 'base64url text', 'empty text');
  return text;
}

function checkUnprotected(header: JsonValue | undefined): JsonObject {
  if (!isJsonObject(header)) throw unexpected('header', 'an object', header);
  checkCase(Object.keys(header), knownUnprotected);
  // A signed attribute in the unsigned header could be changed by anyone; a name must not be in both (RFC 7515, 7.2.1).
  const moved = Object.keys(header).find((name) => protectedNames.has(name));
  if (moved !== undefined)
    throw new EnvelopeError('ERR_ENVELOPE_MALFORMED', `header: "${moved}" counts only in the protected header`);
  return header;
}

function readX5c(list: JsonValue | undefined, limits: ResolvedLimits): readonly Certificate[] {
  if (!isJsonArray(list))
    throw unexpected('x5c', 'an array of certificates', list, list === undefined ? 'ERR_ENVELOPE_CHAIN' : undefined);
  return readChain('x5c', list, limits, (entry, where) => {
    if (typeof entry !== 'string') throw unexpected(where, 'base64 text', entry);
    // Three bytes in four characters: a longer text is refused before it is decoded.
    if (entry.length * 3 > (limits.certificateSize + 3) * 4)
      throw overLimit(where, limits.certificateSize, (entry.length * 3) / 4, 'bytes');
    return certificateOfText(entry);
  });
}

function readUnsigned(header: JsonObject, limits: ResolvedLimits): UnsignedAttributes {
  const agent = header[unsignedNames.signingAgent] ?? header[oldSigningAgent];
  const token = header[unsignedNames.timestampSignature];
  if (agent !== undefined && typeof agent !== 'string') throw unexpected(unsignedNames.signingAgent, 'text', agent);
  if (token !== undefined && typeof token !== 'string')
    throw unexpected(unsignedNames.timestampSignature, 'base64 text', token);
  if (token !== undefined && token.length * 3 > (limits.timestampSize + 3) * 4)
    throw overLimit(unsignedNames.timestampSignature, limits.timestampSize, (token.length * 3) / 4, 'bytes');
  return {
    ...(agent === undefined ? {} : { signingAgent: agent }),
    ...(token === undefined || token === '' ? {} : { timestampSignature: decodeBase64(token) }),
  };
}
