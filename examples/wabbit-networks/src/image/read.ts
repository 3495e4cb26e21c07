import { type Descriptor, fetchBytes, fetchManifest, type Repository } from '@notarykit/oci';

/** What the configuration of an image says (image-spec, config.md), as far as the story needs it. */
export interface ImageConfig {
  readonly architecture: string;
  readonly os: string;
  readonly config: { readonly Cmd?: readonly string[] };
  readonly rootfs: { readonly type: 'layers'; readonly diff_ids: readonly string[] };
  readonly history: readonly { readonly created_by: string; readonly empty_layer?: true }[];
}

/** An image as it is in its repository. */
export interface ReadImage {
  readonly repository: Repository;
  readonly descriptor: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly annotations: Readonly<Record<string, string>>;
  readonly config: ImageConfig;
}

/** Reads manifest and configuration of an image; every digest is checked on the way. */
export async function readImage(repository: Repository, reference: string): Promise<ReadImage> {
  const { descriptor, manifest } = await fetchManifest(repository, await repository.resolve(reference));
  if (manifest.kind !== 'image') throw new Error(`${repository.name}@${descriptor.digest} is not an image`);
  const config = JSON.parse(new TextDecoder().decode(await fetchBytes(repository, manifest.config))) as ImageConfig;
  return { repository, descriptor, layers: manifest.layers, annotations: manifest.annotations ?? {}, config };
}
