import { type Graph, type GraphView, isNondistributable } from '@notarykit/artifact-graph/internal';
import { type CallOptions, mapConcurrent } from '@notarykit/common/internal';
import { type Descriptor, isNotFound, type Manifest, type Repository, sameContent } from '@notarykit/oci/internal';
import type { BundledArtifact } from './document.js';
import { bundleProblem } from './problem.js';

/** A bundle that is being checked. */
export interface Completeness {
  readonly repository: Repository;
  readonly view: GraphView;
  /** Content that was found to be there, with all below it: nothing is looked at twice. */
  readonly found: Set<string>;
}

/** Checks that an artifact, its referrers, and the content that was promised are in the bundle. */
export async function checkComplete(
  bundle: Completeness,
  { descriptor, referrers }: BundledArtifact,
  content: boolean,
  call: CallOptions,
): Promise<void> {
  await checkGraph(bundle, descriptor, content, call);
  for (const referrer of referrers) {
    const { subject } = await checkGraph(bundle, referrer, true, call);
    // Under another artifact's name it would speak for what it is not about.
    if (subject === undefined || !sameContent(subject, descriptor))
      throw bundleProblem('MALFORMED', `${referrer.digest} does not refer to ${descriptor.digest}, as the bundle says`);
  }
}

async function checkGraph(
  { repository, view, found }: Completeness,
  root: Descriptor,
  content: boolean,
  call: CallOptions,
): Promise<Manifest> {
  const { nodes, missing } = await walkPresent(root, () =>
    view.walk(root, {
      ...call,
      referrers: 'none',
      sparse: true,
      follow: ({ role, descriptor }) =>
        content && role !== 'subject' && !isNondistributable(descriptor) && !found.has(keyOf(descriptor)),
    }),
  );
  const all = [...nodes.values()];
  const blobs = all.filter(({ manifest }) => manifest === undefined).map(({ descriptor }) => descriptor);
  const there = await mapConcurrent(blobs, 3, (blob) => repository.exists(blob, call));
  const [absent] = [...missing, ...blobs.filter((_, i) => there[i] !== true)];
  if (absent !== undefined) throw partMissing(absent);
  if (content) for (const { descriptor } of all) found.add(keyOf(descriptor));
  const { manifest } = all.find(({ descriptor }) => descriptor.digest === root.digest) ?? {};
  if (manifest === undefined) throw partMissing(root);
  return manifest;
}

function keyOf({ mediaType, digest, size }: Descriptor): string {
  return `${mediaType} ${digest} ${size}`;
}

async function walkPresent(root: Descriptor, walk: () => Promise<Graph>): Promise<Graph> {
  try {
    return await walk();
  } catch (error) {
    if (isNotFound(error)) throw partMissing(root, error);
    throw error;
  }
}

function partMissing({ digest }: Descriptor, cause?: unknown): Error {
  return bundleProblem('PART_MISSING', `the bundle names ${digest}, which is not in it`, cause);
}
