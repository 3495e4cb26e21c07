import { readBytes } from '@notarykit/common';
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

/** Reads the graph of entries; `coming` is a manifest that is not written yet. */
export type GraphReader = (entries: readonly Descriptor[], coming?: GraphNode) => Promise<LayoutGraph>;

/** Reads manifests once: a layout is content-addressed, so what was read and checked stays true. */
export function createGraphReader(files: LayoutFiles): GraphReader {
  const known = new Map<Digest, GraphNode>();
  return async (entries, coming) => {
    const graph = new Map<Digest, GraphNode>();
    const queue = [...entries];
    for (let at = 0; at < queue.length; at++) {
      const descriptor = queue[at] as Descriptor;
      if (graph.has(descriptor.digest) || !isManifestMediaType(descriptor.mediaType)) continue;
      const isComing = coming?.descriptor.digest === descriptor.digest;
      const node = isComing ? coming : (known.get(descriptor.digest) ?? (await readNode(files, descriptor)));
      if (node === undefined) continue;
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
async function readNode(files: LayoutFiles, descriptor: Descriptor): Promise<GraphNode | undefined> {
  const blob = await files.openBlob(descriptor.digest);
  if (blob === undefined) return undefined;
  const { mediaType, digest, size } = descriptor;
  if (blob.size !== size || size > maxManifestSize) {
    await blob.close();
    return undefined;
  }
  try {
    const bytes = await readBytes(verifyStream(blob.stream(0, blob.size), descriptor), { limit: maxManifestSize });
    return nodeOf({ mediaType, digest, size }, parseManifest(bytes, mediaType));
  } catch (error) {
    if (error instanceof OciError) return undefined;
    throw error;
  }
}

/** What a manifest says about others. */
export function nodeOf(descriptor: Descriptor, manifest: Manifest): GraphNode {
  const artifactType = artifactTypeOf(manifest);
  return {
    descriptor: {
      ...plain(descriptor),
      ...(artifactType === undefined ? {} : { artifactType }),
      ...(manifest.annotations === undefined ? {} : { annotations: manifest.annotations }),
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
