import { isJsonObject, type JsonValue, quote } from '@notarykit/common/internal';
import { checkDigest, type Digest, digestOf } from './digest.js';
import { OciError } from './errors.js';
import { checkMediaType } from './media-types.js';

/** The platform that a manifest of an index is for (image-spec, image-index.md). */
export interface Platform {
  readonly architecture: string;
  readonly os: string;
  readonly 'os.version'?: string;
  readonly 'os.features'?: readonly string[];
  readonly variant?: string;
}

/** Annotations: text by key. */
export type Annotations = Readonly<Record<string, string>>;

/** Type, digest and size of a piece of content (image-spec, descriptor.md). */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly artifactType?: string;
  readonly annotations?: Annotations;
  readonly platform?: Platform;
  readonly urls?: readonly string[];
  /** The content itself, base64; checked against the digest before use. */
  readonly data?: string;
}

/** The descriptor of bytes, with their SHA-256 digest and their size in bytes. */
export function describe(mediaType: string, bytes: Uint8Array): Descriptor {
  return { mediaType, digest: digestOf(bytes), size: bytes.length };
}

/** Whether two descriptors are about the same content: media type, digest and size (never annotations). */
export function sameContent(a: Descriptor, b: Descriptor): boolean {
  return a.digest === b.digest && a.size === b.size && a.mediaType === b.mediaType;
}

const maxAnnotations = 1000;

/**
 * Reads a descriptor out of parsed JSON; `where` names its place in messages.
 *
 * @throws {OciError} `ERR_OCI_INVALID`, `ERR_OCI_LIMIT`
 */
export function parseDescriptor(value: JsonValue | undefined, where: string): Descriptor {
  if (!isJsonObject(value)) throw invalid(where, 'an object', value);
  const { mediaType, digest, size, artifactType, data } = value;
  if (typeof mediaType !== 'string') throw invalid(`${where}.mediaType`, 'a media type', mediaType);
  checkMediaType(mediaType, `${where}.mediaType`);
  if (typeof digest !== 'string') throw invalid(`${where}.digest`, 'a digest', digest);
  checkDigest(digest);
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
    throw invalid(`${where}.size`, 'an integer from 0 to 2^53-1', size);
  if (artifactType !== undefined && typeof artifactType !== 'string')
    throw invalid(`${where}.artifactType`, 'text', artifactType);
  if (data !== undefined && typeof data !== 'string') throw invalid(`${where}.data`, 'base64 text', data);
  return {
    mediaType,
    digest: digest as Digest,
    size,
    ...(artifactType ? { artifactType } : {}),
    ...optional('annotations', parseAnnotations(value['annotations'], `${where}.annotations`)),
    ...optional('platform', parsePlatform(value['platform'], `${where}.platform`)),
    ...optional('urls', parseTexts(value['urls'], `${where}.urls`)),
    ...(data === undefined ? {} : { data }),
  };
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}

/** @internal */
export function parseAnnotations(value: JsonValue | undefined, where: string): Annotations | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isJsonObject(value)) throw invalid(where, 'an object', value);
  const entries = Object.entries(value);
  if (entries.length > maxAnnotations)
    throw new OciError(
      'ERR_OCI_LIMIT',
      `${where}: expected at most ${maxAnnotations} annotations, found ${entries.length}`,
    );
  const annotations = Object.create(null) as Record<string, string>;
  for (const [key, text] of entries) {
    if (typeof text !== 'string') throw invalid(`${where}[${quote(key)}]`, 'text', text);
    annotations[key] = text;
  }
  return annotations;
}

function parseTexts(value: JsonValue | undefined, where: string): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
    throw invalid(where, 'an array of strings', value);
  return value as string[];
}

function parsePlatform(value: JsonValue | undefined, where: string): Platform | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isJsonObject(value)) throw invalid(where, 'an object', value);
  const text = (name: string): string | undefined => {
    const member = value[name];
    if (member !== undefined && typeof member !== 'string') throw invalid(`${where}.${name}`, 'text', member);
    return member;
  };
  return {
    architecture: text('architecture') ?? '',
    os: text('os') ?? '',
    ...optional('os.version', text('os.version')),
    ...optional('os.features', parseTexts(value['os.features'], `${where}.os.features`)),
    ...optional('variant', text('variant')),
  };
}

/** @internal */
export function invalid(where: string, expected: string, found: unknown): OciError {
  return new OciError(
    'ERR_OCI_INVALID',
    `${where}: expected ${expected}, found ${found === undefined ? 'nothing' : quote(found)}`,
  );
}
