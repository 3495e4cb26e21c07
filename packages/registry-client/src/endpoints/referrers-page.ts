import { defined, isJsonObject, type JsonValue, parseJson } from '@notarykit/common/internal';
import {
  type Descriptor,
  type Digest,
  digestOf,
  mediaTypes,
  OciError,
  parseDigest,
  parseReferrersList,
  type ReferrersOptions,
} from '@notarykit/oci/internal';
import type { RegistryResponse } from '../http/message.js';
import { mediaTypeOf, protocolError, type RepositoryContext } from './context.js';

/**
 * What the answer to a request for referrers is: a list that says so itself (`declared`); one that is sent as another type, so that it
 * may be something else that looks like one (`undeclared`); or what has nothing to do with referrers: a web page, an error text, the
 * subject itself (`other`).
 */
export type PageKind = 'declared' | 'undeclared' | 'other';

/** Judges an answer by its body, for registries answer with the wrong type: to take a list for something else would lose signatures. */
export function kindOfPage(subject: Digest, { headers, bytes }: RegistryResponse): PageKind {
  // GitLab takes the path for a reference and answers with the image itself (oras-project/oras#2148).
  if (digestOf(bytes, parseDigest(subject).algorithm) === subject) return 'other';
  const type = mediaTypeOf(headers.get('content-type'))?.toLowerCase();
  if (type === undefined || type === mediaTypes.imageIndex) return 'declared';
  if (bytes.length === 0 || !/json|octet-stream|^text\/plain$/.test(type)) return 'other';
  return looksLikeList(bytes, type.includes('json')) ? 'undeclared' : 'other';
}

/** An index, whatever it is sent as. What says that it is JSON and cannot be read may be a list; another kind of manifest is not a list. */
function looksLikeList(bytes: Uint8Array, saysJson: boolean): boolean {
  let document: JsonValue;
  try {
    document = parseJson(bytes);
  } catch {
    return saysJson;
  }
  if (!isJsonObject(document)) return false;
  const { mediaType, manifests } = document;
  return mediaType === mediaTypes.imageIndex || (mediaType === undefined && manifests !== undefined);
}

/**
 * The entries of a page.
 *
 * @throws {RegistryError} `ERR_REGISTRY_PROTOCOL` for what cannot be read as a list
 */
export function entriesOfPage(
  context: RepositoryContext,
  subject: Digest,
  { bytes }: RegistryResponse,
  { onRefused }: ReferrersOptions,
): readonly Descriptor[] {
  try {
    return parseReferrersList(bytes, defined({ onRefused }));
  } catch (error) {
    if (!(error instanceof OciError) || error.code !== 'ERR_OCI_INVALID') throw error;
    throw protocolError(context, `the list of referrers of ${subject} cannot be read: ${error.message}`, error);
  }
}
