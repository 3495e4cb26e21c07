import { type CallOptions, utf8 } from '@notarykit/common/internal';
import {
  type Descriptor,
  describe,
  type FetchedManifest,
  formatPlatform,
  type ImageIndex,
  type Platform,
} from '@notarykit/oci/internal';
import { GraphError } from '../errors.js';
import { matchesPlatform, parsePlatform, selectPlatform } from '../platform.js';
import { entriesOf, type PlatformManifest, platformOf } from '../view/platforms.js';
import type { Session } from '../view/view.js';

/** What is copied in place of the whole artifact. */
export interface Selection {
  readonly root: Descriptor;
  /** A new index, which is at no source. */
  readonly made?: FetchedManifest;
  /** Manifests of the root that are left where they are. */
  readonly left?: ReadonlySet<string>;
}

export interface SelectOptions extends CallOptions {
  readonly platforms: readonly (string | Platform)[];
  readonly sparse: boolean;
}

/** The part of an artifact for some platforms. */
export async function selectPlatforms(
  { cache, view }: Session,
  root: Descriptor,
  { platforms, sparse, ...call }: SelectOptions,
): Promise<Selection> {
  const wanted = platforms.map((platform) => (typeof platform === 'string' ? parsePlatform(platform) : platform));
  const fetched = await cache.manifest(root, { ...call, reading: 'tolerant' });
  const { manifest } = fetched;
  if (manifest.kind !== 'index') {
    if (manifest.kind === 'image') await checkImage(cache, { descriptor: root, config: manifest.config }, wanted, call);
    return { root };
  }
  const entries = await entriesOf({ cache, limits: view.limits, call: { ...call, reading: 'tolerant' } }, fetched);
  const all = entries.map(({ descriptor }) => descriptor);
  const chosen = wanted.map((platform) => selectPlatform(all, platform) ?? none(root, platform));
  if (chosen.length === 1 && !sparse) return { root: chosen[0] as Descriptor };
  const digests = new Set<string>(chosen.map(({ digest }) => digest));
  const taken = all.filter((entry) => digests.has(entry.digest) || belongsTo(entry, digests));
  if (sparse) return { root, left: without(all, taken) };
  const made = buildIndex(manifest, taken);
  return { root: made.descriptor, made };
}

function without(all: readonly Descriptor[], taken: readonly Descriptor[]): ReadonlySet<string> {
  const digests = new Set<string>(taken.map(({ digest }) => digest));
  return new Set(all.map(({ digest }) => digest).filter((digest) => !digests.has(digest)));
}

/** BuildKit puts attestations beside the image in its index, under no platform. */
function belongsTo({ annotations }: Descriptor, digests: ReadonlySet<string>): boolean {
  return digests.has(annotations?.['vnd.docker.reference.digest'] ?? '');
}

function none(root: Descriptor, platform: Platform): never {
  throw new GraphError('ERR_GRAPH_INVALID', `${root.digest} has no manifest for ${formatPlatform(platform)}`, {
    detail: { descriptor: root },
  });
}

async function checkImage(
  cache: Session['cache'],
  image: PlatformManifest,
  wanted: readonly Platform[],
  call: CallOptions,
): Promise<void> {
  const found = await platformOf(cache, image, call);
  for (const platform of wanted) if (!matchesPlatform(found, platform)) none(image.descriptor, platform);
}

function buildIndex(index: ImageIndex, manifests: readonly Descriptor[]): FetchedManifest {
  const { mediaType, artifactType, subject, annotations } = index;
  const manifest = { ...index, manifests };
  const bytes = utf8(JSON.stringify({ schemaVersion: 2, mediaType, artifactType, manifests, subject, annotations }));
  return { descriptor: describe(mediaType, bytes), bytes, manifest };
}
