import { readBytes } from '@notarykit/common';
import {
  type Descriptor,
  isManifestMediaType,
  type MemoryRepository,
  memoryRepository,
  parseManifest,
} from '@notarykit/oci';
import type { EmbeddedRegistry } from '@notarykit/testing';

/** An artifact and its referrers, read from a registry into memory. */
export async function mirror(
  registry: EmbeddedRegistry,
  host: string,
  name: string,
  root: Descriptor,
): Promise<MemoryRepository> {
  const repository = memoryRepository(`${host}/${name}`);
  const read = async (path: string): Promise<Uint8Array<ArrayBuffer>> => {
    const { body, status } = await registry.fetch(`http://${host}/v2/${name}/${path}`);
    if (status !== 200 || body === null) throw new Error(`${path}: status ${status}`);
    return readBytes(body, { limit: 4 << 20 });
  };
  const take = async (descriptor: Descriptor): Promise<void> => {
    const manifest = isManifestMediaType(descriptor.mediaType);
    const bytes = await read(`${manifest ? 'manifests' : 'blobs'}/${descriptor.digest}`);
    if (manifest) {
      const parsed = parseManifest(bytes, descriptor.mediaType);
      if (parsed.kind === 'image') for (const child of [parsed.config, ...parsed.layers]) await take(child);
    }
    await repository.push(descriptor, bytes);
  };
  await take(root);
  const index = JSON.parse(new TextDecoder().decode(await read(`referrers/${root.digest}`))) as {
    manifests: readonly Descriptor[];
  };
  for (const referrer of index.manifests) await take(referrer);
  return repository;
}
