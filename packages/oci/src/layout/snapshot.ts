import type { Bytes } from '@notarykit/common/internal';
import type { Descriptor } from '../descriptor.js';
import type { Digest } from '../digest.js';
import type { RefusedEntry } from '../repository.js';
import type { LayoutFiles } from './files.js';
import type { Claim, GraphNode, GraphReader, LayoutGraph } from './graph.js';
import { parseIndexDocument } from './index-document.js';
import { findTag, tagOf } from './tags.js';

/** The graph of an `index.json`. */
export interface SnapshotGraph {
  readonly graph: LayoutGraph;
  /** Manifests by the subject that they name, in the order of the graph. */
  readonly bySubject: ReadonlyMap<Digest, readonly GraphNode[]>;
  readonly claims: readonly Claim[];
}

/** What one `index.json` says. */
export interface LayoutSnapshot {
  readonly entries: readonly Descriptor[];
  readonly refused: readonly RefusedEntry[];
  /** The entry of a tag. @throws {OciError} `ERR_OCI_INVALID` when it has two */
  tagged(tag: string): Descriptor | undefined;
  /** The first entry of a digest. */
  entry(digest: Digest): Descriptor | undefined;
  graph(): Promise<SnapshotGraph>;
}

/**
 * Reads `index.json` with each call, and takes it apart only when it is not the one of the last call: looking at each of
 * many artifacts would parse all of it each time.
 */
export function createSnapshots(files: LayoutFiles, graphOf: GraphReader): () => Promise<LayoutSnapshot> {
  let last: { readonly bytes: Bytes; readonly snapshot: LayoutSnapshot } | undefined;
  return async () => {
    const bytes = await files.readIndex();
    if (last?.bytes === bytes) return last.snapshot;
    const snapshot = snapshotOf(bytes, graphOf, files.fixed === true);
    last = { bytes, snapshot };
    return snapshot;
  };
}

function snapshotOf(bytes: Bytes, graphOf: GraphReader, fixed: boolean): LayoutSnapshot {
  const refused: RefusedEntry[] = [];
  const entries = parseIndexDocument(bytes, (entry) => void refused.push(entry));
  const byTag = grouped(entries, tagOf);
  const byDigest = grouped(entries, ({ digest }) => digest);
  let kept: SnapshotGraph | undefined;
  return {
    entries,
    refused,
    tagged: (tag) => findTag(byTag.get(tag) ?? [], tag),
    entry: (digest) => byDigest.get(digest)?.[0],
    async graph() {
      if (kept !== undefined) return kept;
      const { complete, ...found } = await readGraph(entries, graphOf);
      // What is not there yet, or cannot be read now, may be there with the next call.
      if (complete || fixed) kept = found;
      return found;
    },
  };
}

async function readGraph(
  entries: readonly Descriptor[],
  graphOf: GraphReader,
): Promise<SnapshotGraph & { readonly complete: boolean }> {
  const claims: Claim[] = [];
  let complete = true;
  const graph = await graphOf(entries, {
    onClaim: (claim) => void claims.push(claim),
    onUnread: () => {
      complete = false;
    },
  });
  return { graph, bySubject: grouped([...graph.values()], ({ subject }) => subject), claims, complete };
}

function grouped<T, K>(items: readonly T[], keyOf: (item: T) => K | undefined): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
