import {
  type CallOptions,
  defined,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJson,
} from '@notarykit/common/internal';
import {
  type Descriptor,
  type Digest,
  digestOf,
  isManifestMediaType,
  isNotFound,
  mediaTypes,
  OciError,
  parseDigest,
  parseManifest,
  parseReferrersList,
  type ReferrersOptions,
  referrersTag,
} from '@notarykit/oci/internal';
import type { RepositoryContext } from './context.js';
import { getManifest } from './manifests.js';

/** What the referrers tag of a subject names. */
export interface ReferrersList {
  /** The index as it is there, for a change of it: what others wrote is kept. */
  readonly document: JsonObject;
  readonly digest: Digest | undefined;
  readonly etag: string | undefined;
  /** There is no list yet, and the registry gives the subject itself for the name of its tag. */
  readonly alias: boolean;
  /** The tag names something that is not a list of referrers: it gives none and is never overwritten. */
  readonly notAList: boolean;
  /** Its entries, read one by one. */
  read(options: ReferrersOptions): readonly Descriptor[];
}

const nothing: ReferrersList = {
  document: {},
  digest: undefined,
  etag: undefined,
  alias: false,
  notAList: false,
  read: () => [],
};

/** Reads the referrers tag of a subject (distribution-spec, "Referrers Tag Schema"). */
export async function readReferrersTag(
  context: RepositoryContext,
  subject: Digest,
  options: CallOptions,
): Promise<ReferrersList> {
  const tag = referrersTag(subject);
  try {
    const { bytes, descriptor, etag } = await getManifest(context, tag, options);
    // GitLab takes the tag sha256-<hex> for the digest where there is no such tag (oras-project/oras-go#1396).
    if (digestOf(bytes, parseDigest(subject).algorithm) === subject) return { ...nothing, alias: true };
    const { mediaType, digest } = descriptor;
    if (mediaType === mediaTypes.imageIndex) return { ...nothing, ...listIn(bytes), digest, etag };
    context.logger?.warn?.('the referrers tag names no index', { repository: context.repository, tag, mediaType });
    return { ...nothing, digest, etag, notAList: true };
  } catch (error) {
    if (isNotFound(error)) return nothing;
    throw error;
  }
}

function listIn(bytes: Uint8Array): Pick<ReferrersList, 'document' | 'notAList' | 'read'> {
  // Once for all: what is not an index is an error here, not when somebody reads it.
  parseReferrersList(bytes);
  const document = parseJson(bytes) as JsonObject;
  const { subject } = document;
  return {
    document,
    // What refers to something is a referrer itself, no list of them.
    notAList: subject !== undefined && subject !== null,
    read: ({ onRefused }) => parseReferrersList(bytes, defined({ onRefused })),
  };
}

/** The entries of a list as they are there. */
export function entriesOf({ document }: ReferrersList): readonly JsonValue[] {
  const { manifests } = document;
  return isJsonArray(manifests) ? manifests : [];
}

/** What an entry names: type, digest and size. One of these wrong, and the content is refused under it. */
export function entryOf(entry: JsonValue | Descriptor): string {
  const { mediaType, digest, size } = (isJsonObject(entry as JsonValue) ? entry : {}) as Partial<Descriptor>;
  return JSON.stringify([mediaType, digest, size]);
}

/** The digest of an entry, if it has one. */
export function digestOfEntry(entry: JsonValue): string | undefined {
  const digest = isJsonObject(entry) ? entry['digest'] : undefined;
  return typeof digest === 'string' ? digest : undefined;
}

/** How many entries are read to find out what an index is. */
const mostRead = 3;

/**
 * Whether an index may be written as a list of referrers: an entry that could as well be a child of an image index (it has a platform, or no
 * artifact type) is read, and must refer to the subject.
 */
export async function namesOnlyReferrers(
  context: RepositoryContext,
  subject: Digest,
  list: ReferrersList,
  options: CallOptions,
): Promise<boolean> {
  const doubtful = entriesOf(list).filter((entry) => !hasType(entry) || hasPlatform(entry));
  for (const entry of doubtful.slice(0, mostRead)) {
    const found = await subjectInside(context, entry, options);
    if (found !== 'unknown') return found === subject;
  }
  return !doubtful.some(hasPlatform);
}

const hasType = (entry: JsonValue): boolean => isJsonObject(entry) && typeof entry['artifactType'] === 'string';
const hasPlatform = (entry: JsonValue): boolean => isJsonObject(entry) && isJsonObject(entry['platform']);

/** The subject of an entry's manifest, `unknown` when the manifest is not there or cannot be read. */
async function subjectInside(
  context: RepositoryContext,
  entry: JsonValue,
  options: CallOptions,
): Promise<Digest | 'none' | 'unknown'> {
  const digest = digestOfEntry(entry);
  if (digest === undefined) return 'unknown';
  try {
    parseDigest(digest);
    const { bytes, descriptor } = await getManifest(context, digest, options);
    if (!isManifestMediaType(descriptor.mediaType)) return 'unknown';
    return parseManifest(bytes, descriptor.mediaType, { twins: true }).subject?.digest ?? 'none';
  } catch (error) {
    if (error instanceof OciError) return 'unknown';
    throw error;
  }
}
