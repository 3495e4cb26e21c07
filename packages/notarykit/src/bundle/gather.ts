import { isNondistributable } from '@notarykit/artifact-graph/internal';
import type { CallOptions } from '@notarykit/common/internal';
import { type Descriptor, isManifestMediaType } from '@notarykit/oci/internal';
import type { GatherSource } from './gather-source.js';
import type { Parts } from './parts.js';

/** How much of a manifest's graph is taken. */
export interface GatherOptions extends CallOptions {
  /** Configs, layers and blobs too. Without them, manifests of an index may be missing at the source. */
  readonly content: boolean;
}

/**
 * Takes a manifest, the manifests of an index, and their content if that is asked for, each once. Subjects and referrers are not
 * followed.
 *
 * @throws {GraphError} `ERR_GRAPH_LIMIT`
 */
export async function gather(
  source: GatherSource,
  descriptor: Descriptor,
  parts: Parts,
  { content, ...call }: GatherOptions,
): Promise<void> {
  const { view } = source;
  const { nodes } = await view.walk(descriptor, {
    ...call,
    referrers: 'none',
    sparse: !content,
    follow: ({ role, descriptor: child }) => {
      if (role === 'subject' || parts.has(child.digest)) return false;
      if (role === 'manifest' && isManifestMediaType(child.mediaType)) return true;
      return content && !isNondistributable(child);
    },
  });
  for (const { descriptor: node, manifest } of nodes.values()) {
    if (manifest === undefined) await parts.refer(source, node, call);
    else parts.add(node, (await view.manifest(node, { ...call, reading: 'tolerant' })).bytes);
  }
}
