import {
  type Bytes,
  defined,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJson,
  quote,
  utf8,
} from '@notarykit/common/internal';
import { isDigest } from '@notarykit/oci/internal';
import { checkCase, knownNames } from './attributes.js';
import { checkOtherMembers, otherDescriptorMembers } from './descriptor-members.js';
import type { TargetArtifact } from './envelope.js';
import { EnvelopeError } from './errors.js';
import { overLimit, unexpected } from './failures.js';

/** Content type of every Notary envelope. */
export const payloadMediaType = 'application/vnd.cncf.notary.payload.v1+json';

/** Annotation names with this start are the Notary Project's own. */
export const reservedPrefix = 'io.cncf.notary';

/** Options of {@link encodePayload}. */
export interface EncodePayloadOptions {
  /** User metadata: signed annotations besides those that the descriptor has. */
  readonly metadata?: Readonly<Record<string, string>>;
}

const maxAnnotations = 1000;
const knownMembers = knownNames(['targetArtifact']);
const knownTargetMembers = knownNames(['mediaType', 'digest', 'size', 'annotations', ...otherDescriptorMembers]);

/**
 * The bytes to sign for an artifact (signature-specification.md, "Payload"): media type, digest, size and annotations; other
 * members of a descriptor are left out, as notation does.
 *
 * @throws {EnvelopeError} `ERR_ENVELOPE_MALFORMED` for a target that no reader would accept, a reserved or a taken name
 */
export function encodePayload(target: TargetArtifact, options: EncodePayloadOptions = {}): Bytes {
  const { mediaType, digest, size } = checkTarget(target);
  const annotations = mergeAnnotations(target.annotations ?? {}, options.metadata ?? {});
  return utf8(JSON.stringify({ targetArtifact: { mediaType, digest, size, ...annotations } }));
}

function mergeAnnotations(
  own: Readonly<Record<string, string>>,
  metadata: Readonly<Record<string, string>>,
): { annotations?: Record<string, string> } {
  for (const [key, value] of Object.entries(metadata)) {
    if (key.startsWith(reservedPrefix))
      throw new EnvelopeError(
        'ERR_ENVELOPE_MALFORMED',
        `metadata ${quote(key)}: the prefix "${reservedPrefix}" is reserved`,
      );
    if (Object.hasOwn(own, key))
      throw new EnvelopeError(
        'ERR_ENVELOPE_MALFORMED',
        `metadata ${quote(key)}: the artifact has an annotation of this name`,
      );
    if (key === '' || value === '' || key.includes('\0'))
      throw new EnvelopeError('ERR_ENVELOPE_MALFORMED', `metadata ${quote(key)}: expected a name and a value`);
  }
  const entries = [...Object.entries(own), ...Object.entries(metadata)].sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? {} : { annotations: Object.fromEntries(entries) };
}

/**
 * What was signed, out of the payload's bytes. Members that the specification does not define are ignored, never acted on; those that
 * a descriptor has besides must be of its types.
 *
 * @throws {CodecError} `ERR_CODEC_JSON`, `ERR_CODEC_UTF8`, `ERR_CODEC_LIMIT`
 * @throws {EnvelopeError} `ERR_ENVELOPE_MALFORMED`, `ERR_ENVELOPE_LIMIT`
 */
export function decodePayload(payload: Uint8Array): TargetArtifact {
  // Strict JSON: with duplicate members two readers could see two target artifacts (RFC 8259, 4).
  const document = parseJson(payload, { maxDepth: 32, numbers: 'integers' });
  if (!isJsonObject(document)) throw unexpected('payload', 'an object', document);
  checkCase(Object.keys(document), knownMembers);
  const target = document['targetArtifact'];
  if (!isJsonObject(target)) throw unexpected('targetArtifact', 'an object', target);
  checkCase(Object.keys(target), knownTargetMembers);
  const annotations = decodeAnnotations(target['annotations']);
  checkOtherMembers(target);
  const { mediaType, digest, size } = checkTarget(target);
  return { mediaType, digest, size, ...defined({ annotations }) };
}

function checkTarget(target: TargetArtifact | JsonObject): Pick<TargetArtifact, 'mediaType' | 'digest' | 'size'> {
  const { mediaType, digest, size } = target as JsonObject;
  if (typeof mediaType !== 'string' || mediaType === '')
    throw unexpected('targetArtifact.mediaType', 'a media type', mediaType);
  if (typeof digest !== 'string' || !isDigest(digest)) throw unexpected('targetArtifact.digest', 'a digest', digest);
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
    throw unexpected('targetArtifact.size', 'an integer from 0 to 2^53-1', size);
  return { mediaType, digest, size };
}

function decodeAnnotations(value: JsonValue | undefined): Readonly<Record<string, string>> | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isJsonObject(value)) throw unexpected('targetArtifact.annotations', 'an object', value);
  const entries = Object.entries(value);
  if (entries.length > maxAnnotations)
    throw overLimit('targetArtifact.annotations', maxAnnotations, entries.length, 'of them');
  for (const [key, text] of entries)
    if (typeof text !== 'string') throw unexpected(`targetArtifact.annotations[${quote(key)}]`, 'text', text);
  return value as Record<string, string>;
}
