import { isNondistributable, successors } from '@notarykit/artifact-graph';
import type { CallOptions } from '@notarykit/common';
import {
  type Descriptor,
  type FetchedManifest,
  fetchManifest,
  isManifestMediaType,
  isNotFound,
  type Repository,
} from '@notarykit/oci';
import type { Parts } from './parts.js';
import { bundleProblem } from './problem.js';

/** How much of a manifest's graph is taken. */
export interface GatherOptions extends CallOptions {
  /** Configs, layers and blobs too. Without them, manifests of an index may be missing at the source. */
  readonly content: boolean;
}

const deepest = 16;

/** Takes a manifest, the manifests of an index, and their content if that is asked for. Subjects and referrers are not followed. */
export async function gather(
  repository: Repository,
  descriptor: Descriptor,
  parts: Parts,
  { content, ...call }: GatherOptions,
  depth = 0,
): Promise<void> {
  if (depth > deepest)
    throw bundleProblem('MALFORMED', `${descriptor.digest}: an index is nested deeper than ${deepest}`);
  const fetched = await fetchChild(repository, descriptor, depth > 0 && !content, call);
  if (fetched === undefined) return;
  parts.add(descriptor, fetched.bytes);
  for (const { role, descriptor: child } of successors(fetched.manifest)) {
    if (role === 'subject' || parts.has(child.digest)) continue;
    if (role === 'manifest' && isManifestMediaType(child.mediaType))
      await gather(repository, child, parts, { content, ...call }, depth + 1);
    else if (content && !isNondistributable(child)) await parts.refer(repository, child, call);
  }
}

/** A manifest; one of an index that holds less than it names is passed over where that is allowed. */
async function fetchChild(
  repository: Repository,
  descriptor: Descriptor,
  optional: boolean,
  call: CallOptions,
): Promise<FetchedManifest | undefined> {
  try {
    return await fetchManifest(repository, descriptor, call);
  } catch (error) {
    if (optional && isNotFound(error)) return undefined;
    throw error;
  }
}
