import { isCodedError, isJsonObject, type JsonValue } from '@notarykit/common/internal';
import { type Descriptor, parseDescriptor } from './descriptor.js';
import { OciError } from './errors.js';
import { checkOwnType, listOf, parseDocument } from './manifest.js';
import { mediaTypes } from './media-types.js';
import type { ReferrersOptions, RefusedEntry } from './repository.js';

/** Options of {@link parseReferrersList}. */
export interface ParseReferrersListOptions extends Pick<ReferrersOptions, 'onRefused'> {
  /** What the list is: an OCI index (the default) or a Docker manifest list. */
  readonly mediaType?: string;
}

/**
 * The entries of a list of referrers: an index, whose entries are read one by one. One that is not a descriptor (a thousand and one
 * annotations, an invalid media type) is passed to `onRefused` and left out: anyone who may push a manifest writes the entry.
 *
 * @throws {OciError} `ERR_OCI_INVALID`, `ERR_OCI_TOO_LARGE`, `ERR_OCI_LIMIT` when the list itself is not an index
 */
export function parseReferrersList(bytes: Uint8Array, options: ParseReferrersListOptions = {}): readonly Descriptor[] {
  const { mediaType = mediaTypes.imageIndex, onRefused } = options;
  const document = parseDocument(bytes, mediaType);
  checkOwnType(document['mediaType'], mediaType, {});
  return parseEntries(listOf(document, 'manifests'), onRefused);
}

/** Descriptors out of parsed JSON, one by one. @internal */
export function parseEntries(
  items: readonly JsonValue[],
  onRefused: ((entry: RefusedEntry) => void) | undefined,
  parse: (item: JsonValue, i: number) => Descriptor = (item, i) => parseDescriptor(item, `manifests[${i}]`),
): readonly Descriptor[] {
  const entries: Descriptor[] = [];
  for (const [i, item] of items.entries()) {
    try {
      entries.push(parse(item, i));
    } catch (error) {
      if (!isCodedError(error)) throw error;
      onRefused?.({ ...readable(item), cause: error });
    }
  }
  return entries;
}

/** What can be read of an entry. */
function readable(item: JsonValue): Pick<RefusedEntry, 'descriptor'> {
  try {
    return { descriptor: parseDescriptor(coreOf(item), 'entry') };
  } catch (error) {
    if (error instanceof OciError) return {};
    throw error;
  }
}

/** Type, digest and size of an entry, whatever they are. @internal */
export function coreOf(item: JsonValue): JsonValue {
  if (!isJsonObject(item)) return item;
  const { mediaType = null, digest = null, size = null } = item;
  return { mediaType, digest, size };
}
