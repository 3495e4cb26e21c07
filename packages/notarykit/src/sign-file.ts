import { openGraph, type PackedContent, packArtifact } from '@notarykit/artifact-graph/internal';
import { defined } from '@notarykit/common/internal';
import type { Annotations, Descriptor, Repository } from '@notarykit/oci/internal';
import { unfit } from './argument.js';
import { NotaryKitError } from './errors.js';
import { type ArtifactReference, callOptions } from './reference.js';
import { type SignedArtifact, type SignOptions, sign } from './sign.js';

/** A file to pack: its name, what it is, and its content. */
export interface FileContent {
  /** Written as `org.opencontainers.image.title`; never used as a path without the reader's consent. */
  readonly name: string;
  readonly mediaType: string;
  readonly content: Uint8Array;
}

/** Options of {@link signFile}. */
export interface SignFileOptions extends SignOptions {
  readonly files: readonly (FileContent | PackedContent)[];
  /** What the files are about: an image that an SBOM describes, say. Without it the artifact stands alone. */
  readonly subject?: ArtifactReference;
  readonly artifactType: string;
  readonly annotations?: Annotations;
  /** Set when files and signature are there. */
  readonly tags?: readonly string[];
}

/** What {@link signFile} did. */
export interface SignedFile extends SignedArtifact {
  /** Descriptors of the files, in their order. */
  readonly files: readonly Descriptor[];
}

/**
 * Packs files into an artifact, attaches it to its subject and signs it, in one call.
 *
 * @throws {NotaryKitError} `ERR_NOTARYKIT_ARGUMENT`
 * @throws {GraphError}, {SignerError}, {OciError} as packing, signing and pushing do
 *
 * @example
 * ```ts
 * await signFile(repository, {
 *   files: [{ name: 'sbom.json', mediaType: 'application/json', content: sbom }],
 *   subject: image.digest,
 *   artifactType: 'sbom/example',
 *   signer,
 * });
 * ```
 */
export async function signFile(repository: Repository, options: SignFileOptions): Promise<SignedFile> {
  const call = callOptions(options);
  const { files, subject, artifactType, annotations, tags = [], ...signing } = options;
  if (!Array.isArray(files)) throw unfit('files', 'at least one file', files);
  if (files.length === 0)
    throw new NotaryKitError('ERR_NOTARYKIT_ARGUMENT', 'files: expected at least one file, found none');
  const resolved = subject === undefined ? undefined : (await openGraph(repository).resolve(subject, call)).descriptor;
  const packed = await packArtifact(repository, {
    ...call,
    artifactType,
    layers: files.map(titled),
    ...defined({ subject: resolved, annotations }),
  });
  const signed = await sign(repository, packed.descriptor, signing);
  for (const tag of tags) await repository.tag(packed.descriptor, tag, call);
  return { ...signed, files: packed.layers };
}

function titled(file: FileContent | PackedContent): PackedContent {
  if (!('name' in file)) return file;
  const { name, mediaType, content } = file;
  return { mediaType, content, annotations: { 'org.opencontainers.image.title': name } } as PackedContent;
}
