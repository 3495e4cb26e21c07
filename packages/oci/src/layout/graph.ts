import { type Bytes, decodeUtf8, defined, readBytes } from '@notarykit/common/internal';
import { verifyStream } from '../content.js';
import type { Descriptor } from '../descriptor.js';
import type { Digest } from '../digest.js';
import { OciError } from '../errors.js';
import { artifactTypeOf, type Manifest, maxManifestSize, parseManifest } from '../manifest.js';
import { isManifestMediaType } from '../media-types.js';
import type { LayoutFiles } from './files.js';
import { maxIndexEntries, plain } from './index-document.js';

/** A manifest of a layout, and what it says about others. */
export interface GraphNode {
  /** With the artifact type and annotations that a list of referrers shows. */
  readonly descriptor: Descriptor;
  readonly subject: Digest | undefined;
  /** Manifests among the children of an index. */
  readonly manifests: readonly Descriptor[];
}

/** The manifests that can be reached from `index.json`, by digest. */
export type LayoutGraph = ReadonlyMap<Digest, GraphNode>;

/** A manifest that cannot be parsed, and whose referrer it seems to be. */
export interface Claim {
  readonly descriptor: Descriptor;
  readonly subject: Digest;
}

/** What there is besides entries and their manifests. */
export interface GraphOptions {
  /** A manifest that is not written yet. */
  readonly coming?: GraphNode | undefined;
  /** Told of each manifest that cannot be parsed and names a subject. */
  readonly onClaim?: (claim: Claim) => void;
  /** Called for each manifest that is not there or cannot be read. */
  readonly onUnread?: () => void;
}

/** Reads the graph of entries. */
export type GraphReader = (entries: readonly Descriptor[], options?: GraphOptions) => Promise<LayoutGraph>;

/** Reads manifests once: a layout is content-addressed, so what was read and checked stays true. */
export function createGraphReader(files: LayoutFiles): GraphReader {
  const known = new Map<Digest, GraphNode>();
  return async (entries, { coming, onClaim, onUnread } = {}) => {
    const graph = new Map<Digest, GraphNode>();
    const queue = [...entries];
    for (let at = 0; at < queue.length; at++) {
      const descriptor = queue[at] as Descriptor;
      if (graph.has(descriptor.digest) || !isManifestMediaType(descriptor.mediaType)) continue;
      const isComing = coming?.descriptor.digest === descriptor.digest;
      const node = isComing ? coming : (known.get(descriptor.digest) ?? (await readNode(files, descriptor, onClaim)));
      if (node === undefined) {
        onUnread?.();
        continue;
      }
      if (!isComing) known.set(descriptor.digest, node);
      graph.set(descriptor.digest, node);
      if (graph.size > maxIndexEntries)
        throw new OciError(
          'ERR_OCI_LIMIT',
          `expected at most ${maxIndexEntries} manifests in a layout, found more: use another layout for new ones`,
        );
      queue.push(...node.manifests);
    }
    return graph;
  };
}

/** A manifest, `undefined` when it is not there (layouts may be sparse) or cannot be read: the rest of the layout stays usable. */
async function readNode(
  files: LayoutFiles,
  descriptor: Descriptor,
  onClaim: GraphOptions['onClaim'],
): Promise<GraphNode | undefined> {
  const bytes = await readWhole(files, descriptor);
  if (bytes === undefined) return undefined;
  try {
    return nodeOf(plain(descriptor), parseManifest(bytes, descriptor.mediaType));
  } catch (error) {
    if (!(error instanceof OciError)) throw error;
    const subject = claimedSubject(bytes);
    if (subject !== undefined) onClaim?.({ descriptor: plain(descriptor), subject });
    return undefined;
  }
}

async function readWhole(files: LayoutFiles, descriptor: Descriptor): Promise<Bytes | undefined> {
  const blob = await files.openBlob(descriptor.digest);
  if (blob === undefined) return undefined;
  if (blob.size !== descriptor.size || blob.size > maxManifestSize) {
    await blob.close();
    return undefined;
  }
  try {
    return await readBytes(verifyStream(blob.stream(0, blob.size), descriptor), { limit: maxManifestSize });
  } catch (error) {
    if (error instanceof OciError) return undefined;
    throw error;
  }
}

/** The subject that a document seems to name, read without care: it is listed so that a reader can say what is wrong with it. */
function claimedSubject(bytes: Bytes): Digest | undefined {
  try {
    const document = JSON.parse(decodeUtf8(bytes)) as { readonly subject?: { readonly digest?: unknown } } | null;
    const digest = document?.subject?.digest;
    return typeof digest === 'string' ? (digest as Digest) : undefined;
  } catch {
    return undefined;
  }
}

/** What a manifest says about others. */
export function nodeOf(descriptor: Descriptor, manifest: Manifest): GraphNode {
  const artifactType = artifactTypeOf(manifest);
  return {
    descriptor: {
      ...plain(descriptor),
      ...defined({ artifactType, annotations: manifest.annotations }),
    },
    subject: manifest.subject?.digest,
    manifests: manifest.kind === 'index' ? manifest.manifests : [],
  };
}

/** Manifests that are a child of another: `index.json` need not list them. */
export function childrenOf(graph: LayoutGraph): ReadonlySet<Digest> {
  const children = new Set<Digest>();
  for (const [parent, { manifests }] of graph) {
    for (const { digest } of manifests) if (digest !== parent) children.add(digest);
  }
  return children;
}
