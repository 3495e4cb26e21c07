import { type CallOptions, isJsonObject, parseJson } from '@notarykit/common';
import {
  type ContentReader,
  type Descriptor,
  type Digest,
  fetchBytes,
  fetchManifest,
  type ImageIndex,
  mediaTypes,
  type Platform,
} from '@notarykit/oci';
import { textOf } from '../json/members.js';
import type { PlatformEvidence } from './evidence.js';

/** A runnable manifest with its descriptor. */
export interface PlatformTarget extends PlatformEvidence {
  readonly descriptor: Descriptor;
}

/** What an image consists of. */
export interface ExpandedImage {
  readonly platforms: readonly PlatformTarget[];
  /** Attestation manifests that stand in the index, with the platform manifest they are about. */
  readonly attestations: readonly { readonly descriptor: Descriptor; readonly target: Digest }[];
}

const maxManifests = 200;

/**
 * Resolves an image or index into its runnable manifests. Attestation manifests of BuildKit (platform `unknown/unknown`, the
 * annotation, and a reference into this very index) are set apart.
 */
export async function expandImage(
  repository: ContentReader,
  subject: Descriptor,
  options: CallOptions = {},
): Promise<ExpandedImage> {
  const platforms: PlatformTarget[] = [];
  const attestations: { descriptor: Descriptor; target: Digest }[] = [];
  const waiting: Descriptor[] = [subject];
  for (let seen = 0; waiting.length > 0 && seen < maxManifests; seen++) {
    const descriptor = waiting.shift() as Descriptor;
    const { manifest } = await fetchManifest(repository, descriptor, options);
    if (manifest.kind === 'index') {
      for (const child of manifest.manifests) {
        const target = attestationTarget(child, manifest);
        if (target !== undefined) attestations.push({ descriptor: child, target });
        else waiting.push(child);
      }
    } else if (manifest.kind === 'image') {
      const platform = descriptor.platform ?? (await platformOfConfig(repository, manifest.config, options));
      platforms.push({
        platform: formatPlatform(platform),
        digest: descriptor.digest,
        configDigest: manifest.config.digest,
        descriptor,
      });
    } else platforms.push({ platform: 'unknown', digest: descriptor.digest, descriptor });
  }
  return { platforms, attestations };
}

function attestationTarget(child: Descriptor, index: ImageIndex): Digest | undefined {
  if (child.platform?.os !== 'unknown' || child.platform.architecture !== 'unknown') return undefined;
  if (child.annotations?.['vnd.docker.reference.type'] !== 'attestation-manifest') return undefined;
  const reference = child.annotations['vnd.docker.reference.digest'];
  return index.manifests.find(({ digest }) => digest === reference)?.digest;
}

async function platformOfConfig(
  repository: ContentReader,
  config: Descriptor,
  options: CallOptions,
): Promise<Platform | undefined> {
  const types: readonly string[] = [mediaTypes.imageConfig, 'application/vnd.docker.container.image.v1+json'];
  if (!types.includes(config.mediaType)) return undefined;
  const value = parseJson(await fetchBytes(repository, config, options), { maxDepth: 64 });
  if (!isJsonObject(value)) return undefined;
  const variant = textOf(value, 'variant');
  return {
    os: textOf(value, 'os') ?? '',
    architecture: textOf(value, 'architecture') ?? '',
    ...(variant === undefined ? {} : { variant }),
  };
}

/** `linux/arm64`, `linux/arm/v7`; `unknown` when an image does not say. */
export function formatPlatform(platform: Platform | undefined): string {
  if (platform === undefined || platform.os === '' || platform.architecture === '') return 'unknown';
  const base = `${platform.os}/${platform.architecture}`;
  return platform.variant === undefined || platform.variant === '' ? base : `${base}/${platform.variant}`;
}
