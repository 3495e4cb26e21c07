import { type CallOptions, mapConcurrent } from '@notarykit/common/internal';
import type { Descriptor } from '@notarykit/oci/internal';
import { callOptions } from '../call-options.js';
import { nodeKey } from './graph.js';
import type { GraphView } from './view.js';

/** A manifest, and the subject that it must be listed at. */
export interface ReferrerEdge {
  readonly subject: Descriptor;
  /** With its own artifact type, where it has one: a reader that filters by that type must find it. */
  readonly referrer: Descriptor;
}

/**
 * Referrers that a reader of the repository does not find, as it answers now. An entry with another media type or size leads nowhere
 * to the manifest, and one with another artifact type only those who ask for any: neither counts.
 */
export async function findUnlisted(
  view: GraphView,
  edges: readonly ReferrerEdge[],
  options: CallOptions & { readonly concurrency?: number } = {},
): Promise<readonly ReferrerEdge[]> {
  const bySubject = new Map<string, ReferrerEdge[]>();
  for (const edge of edges) {
    const key = nodeKey(edge.subject);
    const others = bySubject.get(key);
    if (others === undefined) bySubject.set(key, [edge]);
    else others.push(edge);
  }
  const lost = await mapConcurrent([...bySubject.values()], options.concurrency ?? 3, (ofOne) =>
    unlistedAt(view, ofOne, callOptions(options)),
  );
  return lost.flat();
}

async function unlistedAt(
  view: GraphView,
  edges: readonly ReferrerEdge[],
  call: CallOptions,
): Promise<readonly ReferrerEdge[]> {
  const unseen = new Map(edges.map((edge) => [entryKey(edge.referrer), edge]));
  const misTyped = new Set<string>();
  const subject = edges[0]?.subject;
  if (subject === undefined) return [];
  for await (const entry of view.listReferrersNow(subject, call)) {
    const key = entryKey(entry);
    const type = unseen.get(key)?.referrer.artifactType;
    if (type === undefined || type === entry.artifactType) unseen.delete(key);
    else misTyped.add(type);
    if (unseen.size === 0) break;
  }
  for (const artifactType of misTyped)
    for await (const entry of view.listReferrersNow(subject, { ...call, artifactType })) {
      const key = entryKey(entry);
      if (unseen.get(key)?.referrer.artifactType === artifactType) unseen.delete(key);
    }
  return [...unseen.values()];
}

const entryKey = ({ mediaType, digest, size }: Descriptor): string => `${mediaType} ${digest} ${size}`;
