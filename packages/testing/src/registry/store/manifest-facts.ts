import { defined } from '@notarykit/common/internal';
import {
  type Annotations,
  artifactTypeOf,
  type Descriptor,
  type Digest,
  type Manifest,
  parseManifest,
} from '@notarykit/oci/internal';

/** What a registry knows of a manifest besides its bytes. */
export interface ManifestRecord {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly size: number;
  /** `index.json` lists it, and its bytes are not there. */
  readonly absent?: boolean;
  readonly artifactType?: string;
  readonly annotations?: Annotations;
  readonly subject?: Digest;
  /** The subject's descriptor, as a list of none or one. */
  readonly subjects: readonly Descriptor[];
  /** Config, layers and blobs: content that must outlive its other uses. */
  readonly blobs: readonly Digest[];
  /** Manifests of an index. */
  readonly manifests: readonly Descriptor[];
}

/** The record of a manifest's bytes; bytes that are not a manifest have no facts, and are served all the same. */
export function recordOf(digest: Digest, mediaType: string, bytes: Uint8Array): ManifestRecord {
  const plain = { digest, mediaType, size: bytes.length, subjects: [], blobs: [], manifests: [] };
  let manifest: Manifest;
  try {
    manifest = parseManifest(bytes, mediaType);
  } catch {
    return plain;
  }
  const artifactType = artifactTypeOf(manifest);
  return {
    ...plain,
    ...defined({ artifactType, annotations: manifest.annotations }),
    ...(manifest.subject === undefined ? {} : { subject: manifest.subject.digest, subjects: [manifest.subject] }),
    blobs: blobsOf(manifest).map((descriptor) => descriptor.digest),
    manifests: manifest.kind === 'index' ? manifest.manifests : [],
  };
}

/** Config, layers or blobs of a manifest. */
export function blobsOf(manifest: Manifest): readonly Descriptor[] {
  switch (manifest.kind) {
    case 'image':
      return [manifest.config, ...manifest.layers];
    case 'artifact':
      return manifest.blobs;
    case 'index':
      return [];
  }
}

/** The descriptor of a manifest as a referrers list shows it (distribution-spec, "Listing Referrers"). */
export function referrerDescriptor(record: ManifestRecord): Descriptor {
  const { mediaType, digest, size, artifactType, annotations } = record;
  return {
    mediaType,
    digest,
    size,
    ...defined({ artifactType, annotations }),
  };
}
