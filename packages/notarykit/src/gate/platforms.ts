import type { GraphView, PlatformManifest, Platforms } from '@notarykit/artifact-graph/internal';
import { type CallOptions, mapConcurrent } from '@notarykit/common/internal';
import { type Descriptor, formatPlatform, partsOfPlatform } from '@notarykit/oci/internal';
import type { PlatformEvidence } from '@notarykit/sbom-gate/internal/core';
import type { Problems } from './problems.js';

/** A runnable manifest with its descriptor. */
export interface ImagePlatform extends PlatformEvidence {
  readonly descriptor: Descriptor;
}

/** What an image consists of, seen by a policy. */
export interface ExpandedImage {
  /** Manifests that the policy asks for. */
  readonly platforms: readonly ImagePlatform[];
  readonly others: readonly ImagePlatform[];
  /** Platforms that the policy asks for and that are not there, as it writes them. */
  readonly missing: readonly string[];
  readonly attestations: Platforms['attestations'];
}

/** Expands an image into its manifests; one that cannot be read is a problem, never a manifest less. */
export async function expandImage(
  view: GraphView,
  subject: Descriptor,
  wanted: 'all' | readonly string[],
  problems: Problems,
  call: CallOptions,
): Promise<ExpandedImage> {
  const nothing: Platforms = { index: false, runnable: [], attestations: [] };
  const { runnable, attestations } = await problems.guard(() => view.platforms(subject, call), nothing);
  const places = runnable.flatMap(placesOf);
  const read = await mapConcurrent(places, 3, (one) => problems.guard(() => describe(view, one, call), undefined));
  const all = distinct(read.filter((one) => one !== undefined));
  if (wanted === 'all') return { platforms: all, others: [], missing: [], attestations };
  const names = new Set(wanted.map(normal));
  const found = new Set(all.map(({ platform }) => platform));
  return {
    platforms: all.filter(({ platform }) => names.has(platform)),
    others: all.filter(({ platform }) => !names.has(platform)),
    missing: wanted.filter((name) => !found.has(normal(name))),
    attestations,
  };
}

/** A manifest that an index lists under several platforms may run on each of them. */
function placesOf({ otherPlatforms = [], ...one }: PlatformManifest): readonly PlatformManifest[] {
  const { descriptor } = one;
  return [one, ...otherPlatforms.map((place) => ({ descriptor, ...place }))];
}

/** The platform that a configuration states may equal one that the index states. */
function distinct(all: readonly ImagePlatform[]): readonly ImagePlatform[] {
  return [...new Map(all.map((one) => [`${one.platform} ${one.descriptor.size} ${one.digest}`, one])).values()];
}

function normal(name: string): string {
  return formatPlatform(partsOfPlatform(name));
}

async function describe(view: GraphView, one: PlatformManifest, call: CallOptions): Promise<ImagePlatform> {
  const { descriptor } = one;
  const { manifest } = await view.manifest(descriptor, call);
  if (manifest.kind !== 'image') return { platform: 'unknown', digest: descriptor.digest, descriptor };
  const platform = formatPlatform(await view.platformOf({ ...one, config: manifest.config }, call));
  return { platform, digest: descriptor.digest, configDigest: manifest.config.digest, descriptor };
}
