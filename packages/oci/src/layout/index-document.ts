import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJson,
  quote,
  utf8,
} from '@notarykit/common/internal';
import { type Descriptor, invalid, parseDescriptor } from '../descriptor.js';
import { OciError } from '../errors.js';
import { parseIndexMembers } from '../manifest.js';
import { mediaTypes } from '../media-types.js';
import { coreOf, parseEntries } from '../referrers-list.js';
import type { RefusedEntry } from '../repository.js';
import { tagOf } from './tags.js';

/** Most bytes of `index.json`, for who reads it and for who writes it: 64 MiB. It lists a store, not the children of an image. */
export const maxIndexSize: number = 64 * 1024 * 1024;
/** Most entries of `index.json`, and most manifests that they may lead to. */
export const maxIndexEntries: number = 200_000;
const version = '1.0.0';

/** What is in `index.json`. */
export interface LayoutIndex {
  /** With all that their writers gave them, members that no specification names included. */
  readonly entries: readonly Descriptor[];
  /** The members besides `manifests`: annotations, and whatever else was there. */
  readonly members: JsonObject;
}

const ownMembers: JsonObject = { schemaVersion: 2, mediaType: mediaTypes.imageIndex };

/** The bytes of an `oci-layout` file. */
export function buildLayoutFile(): Uint8Array {
  return utf8(JSON.stringify({ imageLayoutVersion: version }));
}

/** @throws {OciError} `ERR_OCI_INVALID`, `ERR_OCI_UNSUPPORTED` unless these are the bytes of an `oci-layout` file of version 1.0.0 */
export function checkLayoutFile(bytes: Uint8Array): void {
  let document: unknown;
  try {
    document = parseJson(bytes, { maxDepth: 16 });
  } catch (cause) {
    throw new OciError('ERR_OCI_INVALID', 'oci-layout is not JSON', { cause });
  }
  const found = isJsonObject(document as null)
    ? (document as { imageLayoutVersion?: unknown }).imageLayoutVersion
    : undefined;
  if (found === version) return;
  if (typeof found !== 'string') throw new OciError('ERR_OCI_INVALID', 'oci-layout names no imageLayoutVersion');
  throw new OciError('ERR_OCI_UNSUPPORTED', `expected a layout of version ${version}, found ${quote(found)}`);
}

/**
 * Reads `index.json`: at most {@link maxIndexSize} bytes and {@link maxIndexEntries} entries. An entry without type, digest and size
 * is passed to `onRefused` and left out; without it, it is an error, so that a writer of the document loses nothing.
 *
 * @throws {OciError} `ERR_OCI_INVALID`, `ERR_OCI_TOO_LARGE`, `ERR_OCI_LIMIT`
 */
export function readIndexDocument(bytes: Uint8Array, onRefused?: (entry: RefusedEntry) => void): LayoutIndex {
  if (bytes.length > maxIndexSize)
    throw new OciError(
      'ERR_OCI_TOO_LARGE',
      `index.json: expected at most ${maxIndexSize} bytes, found ${bytes.length}`,
    );
  const { manifests = null, ...members } = parseIndexMembers(bytes);
  // Encoders in Go write an empty list as null.
  const list = manifests === null ? [] : manifests;
  if (!isJsonArray(list)) throw invalid('manifests', 'an array of descriptors', list);
  if (list.length > maxIndexEntries)
    throw new OciError(
      'ERR_OCI_LIMIT',
      `index.json: expected at most ${maxIndexEntries} entries, found ${list.length}`,
    );
  return { members, entries: onRefused === undefined ? list.map(entryOf) : parseEntries(list, onRefused, entryOf) };
}

/** The entries of `index.json` that can be read. */
export function parseIndexDocument(
  bytes: Uint8Array,
  onRefused: (entry: RefusedEntry) => void = () => undefined,
): readonly Descriptor[] {
  return readIndexDocument(bytes, onRefused).entries;
}

/** An entry as its writer made it: what we do not know, or would not take in a manifest, is carried along. */
function entryOf(value: JsonValue, i: number): Descriptor {
  const descriptor = parseDescriptor(coreOf(value), `manifests[${i}]`);
  const given = Object.entries(value as JsonObject).filter(([, member]) => member !== null);
  return { ...Object.fromEntries(given), ...plain(descriptor) };
}

/** Only type, digest and size: what an entry says about its place is not part of the content. */
export function plain({ mediaType, digest, size }: Descriptor): Descriptor {
  return { mediaType, digest, size };
}

/**
 * The bytes of `index.json`: entries in the order of tag and digest, so that equal content gives equal bytes. `members` are those
 * besides `manifests`.
 *
 * @throws {OciError} `ERR_OCI_LIMIT` for what {@link readIndexDocument} would not read
 */
export function buildIndexDocument(entries: readonly Descriptor[], members: JsonObject = ownMembers): Uint8Array {
  if (entries.length > maxIndexEntries) throw full(`${entries.length} entries`, `${maxIndexEntries}`);
  const keys = new Map(entries.map((entry) => [entry, `${tagOf(entry) ?? '\uffff'}\u0000${entry.digest}`]));
  const key = (entry: Descriptor): string => keys.get(entry) as string;
  const manifests = [...entries].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  const bytes = utf8(JSON.stringify({ ...members, manifests }));
  if (bytes.length > maxIndexSize) throw full(`${bytes.length} bytes`, `${maxIndexSize}`);
  return bytes;
}

function full(found: string, most: string): OciError {
  return new OciError(
    'ERR_OCI_LIMIT',
    `index.json would have ${found} and a layout takes at most ${most}; nothing was written: delete what is not needed, or use another layout`,
  );
}
