import { type CallOptions, isJsonObject, parseJson, utf8 } from '@notarykit/common';
import {
  type Descriptor,
  describe,
  type FetchedManifest,
  fetchBytes,
  type ImageIndex,
  type ImageManifest,
  type Platform,
  type Repository,
} from '@notarykit/oci';
import { GraphError } from '../errors.js';
import type { ManifestReader } from '../manifest-reader.js';
import { formatPlatform, matchesPlatform, parsePlatform, selectPlatform } from '../platform.js';

/** What is copied in place of the whole artifact. */
export interface Selection {
  readonly root: Descriptor;
  /** A new index, which is at no source. */
  readonly made?: FetchedManifest;
  /** The only manifests of the root that are followed. */
  readonly only?: ReadonlySet<string>;
}

export interface SelectOptions extends CallOptions {
  readonly platforms: readonly (string | Platform)[];
  readonly sparse: boolean;
}

/** The part of an artifact for some platforms. */
export async function selectPlatforms(
  source: Repository,
  reader: ManifestReader,
  root: Descriptor,
  { platforms, sparse, ...call }: SelectOptions,
): Promise<Selection> {
  const wanted = platforms.map((platform) => (typeof platform === 'string' ? parsePlatform(platform) : platform));
  const { manifest } = await reader.read(root, call);
  if (manifest.kind !== 'index') {
    await checkImage(source, root, manifest as ImageManifest, wanted, call);
    return { root };
  }
  const chosen = wanted.map((platform) => selectPlatform(manifest.manifests, platform) ?? none(root, platform));
  if (chosen.length === 1 && !sparse) return { root: chosen[0] as Descriptor };
  const digests = new Set<string>(chosen.map(({ digest }) => digest));
  const entries = manifest.manifests.filter((entry) => digests.has(entry.digest) || belongsTo(entry, digests));
  if (sparse) return { root, only: new Set(entries.map(({ digest }) => digest)) };
  const made = buildIndex(manifest, entries);
  return { root: made.descriptor, made };
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
  source: Repository,
  root: Descriptor,
  manifest: ImageManifest,
  wanted: readonly Platform[],
  options: CallOptions,
): Promise<void> {
  if (manifest.kind !== 'image') return;
  const config = parseJson(await fetchBytes(source, manifest.config, options));
  const text = (name: string): string => (isJsonObject(config) && typeof config[name] === 'string' ? config[name] : '');
  const found = { os: text('os'), architecture: text('architecture'), variant: text('variant') };
  for (const platform of wanted) if (!matchesPlatform(found, platform)) none(root, platform);
}

function buildIndex(index: ImageIndex, manifests: readonly Descriptor[]): FetchedManifest {
  const { mediaType, artifactType, subject, annotations } = index;
  const manifest = { ...index, manifests };
  const bytes = utf8(JSON.stringify({ schemaVersion: 2, mediaType, artifactType, manifests, subject, annotations }));
  return { descriptor: describe(mediaType, bytes), bytes, manifest };
}
