import { type CallOptions, formatTime, type JsonValue, mapConcurrent, utf8 } from '@notarykit/common/internal';
import {
  type Annotations,
  checkMediaType,
  type Descriptor,
  describe,
  mediaTypes,
  parseDescriptor,
  type Repository,
} from '@notarykit/oci/internal';
import { type BlobInput, type DescribedBlob, describeBlobInput } from './blob.js';
import { callOptions } from './call-options.js';
import { GraphError } from './errors.js';
import { tagArtifact } from './tag.js';
import type { TagOutcome } from './tag-outcome.js';

/** A layer or config: content, content with its descriptor, or the descriptor of what is in the repository already. */
export type PackedContent = BlobInput | DescribedBlob | Descriptor;

/** Options of {@link packArtifact}. */
export interface PackOptions extends CallOptions {
  /** What the artifact is. May be left out only if the config says it. */
  readonly artifactType?: string;
  /** Default: one empty layer. */
  readonly layers?: readonly PackedContent[];
  /** Default: the empty config. */
  readonly config?: PackedContent;
  readonly annotations?: Annotations;
  /** Written as `org.opencontainers.image.created`. Left out unless given, so that equal content gives an equal digest. */
  readonly created?: Date;
  /** The manifest that this artifact refers to. */
  readonly subject?: Descriptor;
  /** Set when everything is there. */
  readonly tags?: readonly string[];
  /** Uploads at a time. Default 3. */
  readonly concurrency?: number;
}

/** An artifact that is in the repository. */
export interface PackedArtifact {
  readonly descriptor: Descriptor;
  /** The manifest, byte for byte. */
  readonly bytes: Uint8Array;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly subject?: Descriptor;
  readonly tags: readonly TagOutcome[];
}

const empty: DescribedBlob = {
  descriptor: { ...describe(mediaTypes.empty, utf8('{}')), data: 'e30=' },
  content: utf8('{}'),
};

/**
 * Pushes blobs and an image manifest over them (image-spec, manifest.md, "Guidelines for Artifact Usage"): blobs first, the
 * manifest by digest, tags last.
 *
 * @throws {GraphError} `ERR_GRAPH_INVALID` if neither the options nor the config say what the artifact is
 * @throws {OciError} `ERR_OCI_INVALID`
 *
 * @example
 * ```ts
 * const sbom = await packArtifact(repository, {
 *   artifactType: 'application/spdx+json',
 *   layers: [{ mediaType: 'application/spdx+json', content: bytes }],
 *   tags: ['sbom'],
 * });
 * ```
 */
export async function packArtifact(repository: Repository, options: PackOptions): Promise<PackedArtifact> {
  const call = callOptions(options);
  checkType(options);
  const config = await described(options.config ?? empty, call);
  const layers = await mapConcurrent(options.layers?.length ? options.layers : [empty], 1, (layer) =>
    described(layer, call),
  );
  await pushBlobs(repository, [config, ...layers], options);
  const bytes = buildManifest(
    options,
    config.descriptor,
    layers.map((layer) => layer.descriptor),
  );
  const artifactType = options.artifactType ?? config.descriptor.mediaType;
  const annotations = annotationsOf(options);
  const descriptor = {
    ...describe(mediaTypes.imageManifest, bytes),
    artifactType,
    ...(annotations && { annotations }),
  };
  await repository.push(descriptor, bytes, call);
  const tagged = await tagArtifact(repository, descriptor, options.tags ?? [], { ...call, complete: false });
  return {
    descriptor,
    bytes,
    config: config.descriptor,
    layers: layers.map((layer) => layer.descriptor),
    ...(options.subject && { subject: options.subject }),
    tags: tagged.tags,
  };
}

interface Pushable {
  readonly descriptor: Descriptor;
  readonly content?: DescribedBlob['content'];
}

async function described(input: PackedContent, options: CallOptions): Promise<Pushable> {
  if ('descriptor' in input) return input;
  if ('content' in input) return await describeBlobInput(input, options);
  // Without types, content under another name looks like a descriptor.
  parseDescriptor(input as unknown as JsonValue, 'config or layer (read as a descriptor, since it has no "content")');
  return { descriptor: input };
}

function checkType({ artifactType, config }: PackOptions): void {
  if (artifactType !== undefined) checkMediaType(artifactType, 'artifactType');
  const configType =
    config === undefined ? mediaTypes.empty : 'descriptor' in config ? config.descriptor.mediaType : config.mediaType;
  if (artifactType === undefined && configType === mediaTypes.empty)
    throw new GraphError('ERR_GRAPH_INVALID', 'an artifact without a config needs the option "artifactType"');
}

async function pushBlobs(repository: Repository, blobs: readonly Pushable[], options: PackOptions): Promise<void> {
  const unique = new Map<string, Pushable>();
  for (const blob of blobs) {
    const { mediaType, digest, size } = blob.descriptor;
    const key = `${mediaType} ${digest} ${size}`;
    if (!unique.has(key)) unique.set(key, blob);
  }
  await mapConcurrent([...unique.values()], options.concurrency ?? 3, async ({ descriptor, content }) => {
    if (await repository.exists(descriptor, callOptions(options))) return;
    if (content === undefined)
      throw new GraphError(
        'ERR_GRAPH_INCOMPLETE',
        `${repository.name} has no blob ${descriptor.digest}; give its content`,
        {
          detail: { descriptor, missing: [descriptor] },
        },
      );
    await repository.push(descriptor, content, callOptions(options));
  });
}

function annotationsOf({ annotations, created }: PackOptions): Annotations | undefined {
  if (created === undefined) return annotations;
  return { ...annotations, 'org.opencontainers.image.created': formatTime(created) };
}

function buildManifest(options: PackOptions, config: Descriptor, layers: readonly Descriptor[]): Uint8Array {
  const { mediaType, digest, size } = options.subject ?? {};
  return utf8(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.imageManifest,
      artifactType: options.artifactType,
      config,
      layers,
      subject: options.subject && { mediaType, digest, size },
      annotations: annotationsOf(options),
    }),
  );
}
