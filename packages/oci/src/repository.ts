import type { CallOptions, CodedError } from '@notarykit/common/internal';
import type { Descriptor } from './descriptor.js';
import type { Digest } from './digest.js';

/** Reads content by descriptor. */
export interface ContentReader {
  exists(descriptor: Descriptor, options?: CallOptions): Promise<boolean>;
  /**
   * The content, checked while it is read: reading to the end without an error means that size and digest are right.
   *
   * @throws {OciError} `ERR_OCI_NOT_FOUND`; on the stream `ERR_OCI_DIGEST_MISMATCH`, `ERR_OCI_SIZE_MISMATCH`
   */
  fetch(descriptor: Descriptor, options?: CallOptions): Promise<ReadableStream<Uint8Array>>;
}

/** Content to write: bytes, or a factory that gives the same stream each time it is called, so that a retry is honest. */
export type ContentSource = Uint8Array | (() => ReadableStream<Uint8Array>);

/** Options of {@link ContentWriter.push}. */
export interface PushOptions extends CallOptions {
  /** The caller has just found out that the content is missing, so it need not be requested again. */
  readonly absent?: boolean;
  /** A manifest with a subject is written only; the caller lists it by {@link ReferrerLister.listReferrers}. */
  readonly unlisted?: boolean;
}

/** Writes content by descriptor. */
export interface ContentWriter {
  /** Writes content; a manifest is written by digest, without a tag. Content that is there already is success. */
  push(descriptor: Descriptor, content: ContentSource, options?: PushOptions): Promise<void>;
}

/** Options of {@link TagResolver.tag}. */
export interface TagOptions extends CallOptions {
  /** Set the tag only if it is at this digest now; `null`: only if there is no such tag. */
  readonly ifMatch?: Digest | null;
}

/** Resolves and sets tags. */
export interface TagResolver {
  /**
   * The descriptor that a tag or digest names now.
   *
   * @throws {OciError} `ERR_OCI_NOT_FOUND`
   */
  resolve(tagOrDigest: string, options?: CallOptions): Promise<Descriptor>;
  /**
   * Points a tag at a manifest that is in the repository.
   *
   * @throws {OciError} `ERR_OCI_CONFLICT` when `ifMatch` is given and the tag is elsewhere
   */
  tag(descriptor: Descriptor, tag: string, options?: TagOptions): Promise<void>;
  /**
   * Optional ability: points several tags at a manifest in one step. Gives those that were found there afterwards, in the order asked for;
   * none where the place cannot do it or cannot keep `ifMatch` in doing it. The others are the caller's to set one by one.
   *
   * @throws what refused all of them; none was set then, as far as the place tells
   */
  tagTogether?(descriptor: Descriptor, tags: readonly string[], options?: TagOptions): Promise<readonly string[]>;
  /**
   * How far `ifMatch` can be relied on: `compare-and-swap` if no other writer can come between the comparison and the update.
   * Absent where that depends on the registry: then the tag is compared just before.
   */
  readonly tagGuarantee?: 'compare-and-swap';
}

/** Options of {@link ReferrerLister.referrers}. */
export interface ReferrersOptions extends CallOptions {
  readonly artifactType?: string;
  /** Told of each entry that the list holds and that cannot be given: it ends no list. */
  readonly onRefused?: (entry: RefusedEntry) => void;
}

/** An entry of a list of referrers that cannot be given to anybody. */
export interface RefusedEntry {
  /** What can be read of it: media type, digest and size, or nothing. */
  readonly descriptor?: Descriptor;
  readonly cause: CodedError;
}

/** Lists referrers. */
export interface ReferrerLister {
  /**
   * The manifests whose `subject` is this one, in the registry's order, by the referrers API or its tag-schema fallback. A hint:
   * what counts is the `subject` inside the hashed manifest. A list that cannot be read to its end is an error; a single entry that
   * cannot be read is passed over, and `onRefused` is called.
   */
  referrers(subject: Descriptor, options?: ReferrersOptions): AsyncIterable<Descriptor>;
  /**
   * Optional ability, where a list is a document that is written as a whole: lists manifests that were pushed `unlisted`, many at a time,
   * with the artifact type and annotations that a list shows. Where there is a referrers API nothing is to be done.
   */
  listReferrers?(subject: Descriptor, referrers: readonly Descriptor[], options?: CallOptions): Promise<void>;
}

/** A place where the content, tags and referrers of one repository are: a registry, an OCI layout, memory. */
export interface Repository extends ContentReader, ContentWriter, TagResolver, ReferrerLister {
  /** `registry/repository` as it is in references and trust-policy scopes; adapters give `canonicalRepository(name)`. */
  readonly name: string;
  /**
   * What is behind the name, where that may differ: scheme, host and port as they are asked, a folder, the digest of a bundle.
   * Two repositories of one name and one source hold the same content. Absent: nothing about it may be remembered.
   */
  readonly source?: string;
}

/** Optional ability: take a blob over from another repository of the same registry without moving its bytes. */
export interface Mounter {
  /** Whether the blob is now here. A registry that refuses answers `false`; nothing is lost. */
  mount(descriptor: Descriptor, from: Repository, options?: CallOptions): Promise<boolean>;
}

/** Optional ability: remove manifests, blobs and tags. */
export interface ContentDeleter {
  delete(descriptor: Descriptor, options?: CallOptions): Promise<void>;
  untag(tag: string, options?: CallOptions): Promise<void>;
}

/** Optional ability: list tags, in byte order. */
export interface TagLister {
  tags(options?: CallOptions): AsyncIterable<string>;
}

/** Optional ability: list everything that is stored, reachable or not. */
export interface ContentLister {
  /** Each piece of content once; `application/octet-stream` where no manifest says what it is. */
  contents(options?: CallOptions): AsyncIterable<Descriptor>;
}

/** Optional ability: read a part of a blob; the part is not checked against the digest. */
export interface RangeReader {
  fetchRange(
    descriptor: Descriptor,
    offset: number,
    length: number,
    options?: CallOptions,
  ): Promise<ReadableStream<Uint8Array>>;
}
