import { isNondistributable, successors } from '@notarykit/artifact-graph';
import type { CallOptions } from '@notarykit/common';
import {
  type Descriptor,
  type FetchedManifest,
  fetchManifest,
  isManifestMediaType,
  isNotFound,
  type Repository,
  sameContent,
} from '@notarykit/oci';
import type { BundledArtifact } from './document.js';
import { bundleProblem } from './problem.js';

/** Checks that an artifact, its referrers, and the content that was promised are in the bundle. */
export async function checkComplete(
  repository: Repository,
  { descriptor, referrers }: BundledArtifact,
  content: boolean,
  call: CallOptions,
): Promise<void> {
  await checkGraph(repository, descriptor, content, call);
  for (const referrer of referrers) {
    const { subject } = await checkGraph(repository, referrer, true, call);
    // Under another artifact's name it would speak for what it is not about.
    if (subject === undefined || !sameContent(subject, descriptor))
      throw bundleProblem('MALFORMED', `${referrer.digest} does not refer to ${descriptor.digest}, as the bundle says`);
  }
}

async function checkGraph(
  repository: Repository,
  descriptor: Descriptor,
  content: boolean,
  call: CallOptions,
): Promise<FetchedManifest['manifest']> {
  const { manifest } = await fetchPresent(repository, descriptor, call);
  if (!content) return manifest;
  for (const { role, descriptor: child } of successors(manifest)) {
    if (role === 'subject' || isNondistributable(child)) continue;
    if (role === 'manifest' && isManifestMediaType(child.mediaType)) await checkGraph(repository, child, content, call);
    else if (!(await repository.exists(child, call))) throw missing(child);
  }
  return manifest;
}

async function fetchPresent(
  repository: Repository,
  descriptor: Descriptor,
  call: CallOptions,
): Promise<FetchedManifest> {
  try {
    return await fetchManifest(repository, descriptor, call);
  } catch (error) {
    if (isNotFound(error)) throw missing(descriptor, error);
    throw error;
  }
}

function missing({ digest }: Descriptor, cause?: unknown): Error {
  return bundleProblem('PART_MISSING', `the bundle names ${digest}, which is not in it`, cause);
}
