import { type Bytes, type CallOptions, describeKind } from '@notarykit/common/internal';
import {
  canonicalRepository,
  type Descriptor,
  type FetchedManifest,
  type Platform,
  type ReferrersOptions,
  type Repository,
  type RepositoryName,
} from '@notarykit/oci/internal';
import { GraphError } from '../errors.js';
import type { Graph } from './graph.js';
import { type GraphLimits, graphLimits } from './limits.js';
import { expand, type PlatformManifest, type Platforms, platformOf } from './platforms.js';
import { type ContentCache, createContentCache, type ReadOptions } from './reader.js';
import type { Referrer } from './referrer.js';
import { type ListingSource, listNow, listReferrers, type ReferrerQuery } from './referrers.js';
import { type Artifact, type ArtifactReference, resolve } from './resolve.js';
import { type WalkQuery, walk } from './walk.js';

/** What a verdict that is remembered must name: what was read, and within which bounds. */
export interface ViewIdentity {
  /** The canonical name. */
  readonly repository: RepositoryName;
  readonly limits: GraphLimits;
  /** `Repository.source`: what stands behind the name. */
  readonly source?: string;
}

/**
 * What there is to see of a repository: the one place where references are resolved, indexes expanded and referrers listed. A view
 * is for one call: it keeps manifests and small blobs, by digest and within `keptBytes`, and lists that were read to their end. It
 * never remembers a tag. All it gives was hashed.
 */
export interface GraphView extends ViewIdentity {
  /**
   * Resolves a reference once; whatever is asked for by digest is that digest.
   *
   * @throws {GraphError} `ERR_GRAPH_REFERENCE` for a full reference that is not a tag or digest of this repository
   * @throws {OciError} `ERR_OCI_NOT_FOUND`, `ERR_OCI_DIGEST_MISMATCH`, `ERR_OCI_INVALID`
   */
  resolve(reference: ArtifactReference, call?: CallOptions): Promise<Artifact>;
  /**
   * A manifest with its bytes.
   *
   * @throws {OciError} `ERR_OCI_NOT_FOUND`, `ERR_OCI_INVALID`, `ERR_OCI_TOO_LARGE`, `ERR_OCI_DIGEST_MISMATCH`
   */
  manifest(node: Descriptor, options?: ReadOptions): Promise<FetchedManifest>;
  /**
   * What an artifact consists of: of an index each manifest in it once, those of indexes in indexes too. Manifests that the index
   * calls attestations are read, others are not.
   *
   * @throws {GraphError} `ERR_GRAPH_LIMIT` for more than `maxManifests` or `maxDepth`
   */
  platforms(artifact: Descriptor, call?: CallOptions): Promise<Platforms>;
  /** The platform of a manifest, in normal form: as the index states it; where it does not, as the image's config does. */
  platformOf(manifest: PlatformManifest, call?: CallOptions): Promise<Platform | undefined>;
  /**
   * The referrers of a subject, page by page, each manifest fetched when its turn comes. An entry that is not a referrer is given with the
   * reason; no entry ends the list. Leaving the loop ends the request under way.
   *
   * @throws {GraphError} `ERR_GRAPH_LIMIT` for more than `maxReferrers`
   * @throws whatever the repository says when the list itself cannot be read to its end
   */
  referrers(subject: Descriptor, query?: ReferrerQuery): AsyncIterable<Referrer>;
  /** The list as the repository has it now, unread and never remembered: for checks of what was just written. */
  listReferrersNow(subject: Descriptor, query?: Omit<ReferrersOptions, 'onRefused'>): AsyncIterable<Descriptor>;
  /**
   * A blob of at most `maxBlobBytes`.
   *
   * @throws {OciError} `ERR_OCI_TOO_LARGE`, `ERR_OCI_NOT_FOUND`, `ERR_OCI_DIGEST_MISMATCH`, `ERR_OCI_SIZE_MISMATCH`
   */
  bytes(blob: Descriptor, call?: CallOptions): Promise<Bytes>;
  /** A blob of any size, hashed while it is read: it ends without an error only if it is what the descriptor says. */
  stream(blob: Descriptor, call?: CallOptions): Promise<ReadableStream<Uint8Array>>;
  /**
   * All that belongs to an artifact, each node once and level by level.
   *
   * @throws {GraphError} `ERR_GRAPH_LIMIT` for more than `maxDepth` or `maxNodes`
   */
  walk(root: Descriptor, query: WalkQuery): Promise<Graph>;
  /** The same manifests and blobs, with no list remembered: for a second look. */
  again(): GraphView;
}

/**
 * Opens a view of a repository.
 *
 * @throws {GraphError} `ERR_GRAPH_INVALID` for an invalid limit
 *
 * @example
 * ```ts
 * const view = openGraph(repository);
 * const { descriptor } = await view.resolve('v1');
 * for await (const referrer of view.referrers(descriptor))
 *   if (referrer.kind === 'referrer') console.log(referrer.artifactType, referrer.descriptor.digest);
 * ```
 */
export function openGraph(repository: Repository, options: Partial<GraphLimits> = {}): GraphView {
  const limits = graphLimits(options);
  requireRepository(repository);
  return createView(repository, { lister: repository, limits, cache: createContentCache(repository, limits) });
}

/**
 * The name of a view of a repository, before anything is read: a verdict may be remembered.
 *
 * @throws {GraphError} `ERR_GRAPH_INVALID` for an invalid limit
 */
export function viewIdentity(repository: Repository, options: Partial<GraphLimits> = {}): ViewIdentity {
  return identityOf(requireRepository(repository), graphLimits(options));
}

/** The address of a repository is a likely mistake: it has no content. */
function requireRepository(repository: Repository): Repository {
  if (typeof (repository as Partial<Repository> | undefined | null)?.name === 'string') return repository;
  const message = `repository: expected a repository with a name (createRegistry, memoryRepository), found ${describeKind(repository)}`;
  throw new GraphError('ERR_GRAPH_INVALID', message);
}

function identityOf({ name, source }: Repository, limits: GraphLimits): ViewIdentity {
  const repository = canonicalRepository(name);
  return source === undefined ? { repository, limits } : { repository, limits, source };
}

/** A view together with the repository and the content that it reads through. */
export interface Session {
  readonly view: GraphView;
  readonly repository: Repository;
  readonly cache: ContentCache;
}

/**
 * Where a view keeps its session. A weak map would do the same, but an entry for each review of a busy admission controller made the
 * garbage collector the most of its cost.
 */
const behind: unique symbol = Symbol('session');

interface Opened {
  readonly [behind]: () => Session;
}

/**
 * What is behind a view of this repository: for what this package itself does over one, such as taking a part of an index.
 *
 * @throws {GraphError} `ERR_GRAPH_INVALID` for a view of another repository
 */
export function sessionOf(repository: Repository, view: GraphView): Session {
  const session = (view as Partial<Opened>)[behind]?.();
  // What wraps or copies a view is another one.
  if (session?.view === view && session.repository === repository) return session;
  throw new GraphError('ERR_GRAPH_INVALID', `expected a view of ${repository.name}, found one of ${view.repository}`);
}

function createView(repository: Repository, shared: Omit<ListingSource, 'listings'>): GraphView {
  const { cache, limits } = shared;
  const source: ListingSource = { ...shared, listings: new Map() };
  const referrers: GraphView['referrers'] = (subject, query) => listReferrers(source, subject, query);
  const view: GraphView & Opened = {
    [behind]: () => session,
    ...identityOf(repository, limits),
    resolve: (reference, call) => resolve(repository, reference, call),
    manifest: (node, options) => cache.manifest(node, options),
    platforms: (artifact, call = {}) => expand({ cache, limits, call }, artifact),
    platformOf: (manifest, call) => platformOf(cache, manifest, call),
    referrers,
    listReferrersNow: (subject, query) => listNow(source, subject, query),
    bytes: (blob, call) => cache.bytes(blob, call),
    stream: (blob, call) => cache.stream(blob, call),
    walk: (root, query) => walk({ cache, limits, referrers }, root, query),
    again: () => createView(repository, shared),
  };
  const session: Session = { view, repository, cache };
  return view;
}
