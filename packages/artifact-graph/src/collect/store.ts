import { type Descriptor, type Digest, isManifestMediaType, isNotFound, type Manifest } from '@notarykit/oci/internal';
import { callOptions } from '../call-options.js';
import { checkLimit } from '../view/limits.js';
import { openGraph } from '../view/view.js';
import type { CollectableRepository, CollectOptions } from './options.js';

/** All that a repository holds. */
export interface Store {
  readonly contents: ReadonlyMap<Digest, Descriptor>;
  readonly manifests: ReadonlyMap<Digest, Manifest>;
  readonly tagged: ReadonlySet<Digest>;
}

export async function readStore(repository: CollectableRepository, options: CollectOptions): Promise<Store> {
  const call = callOptions(options);
  const view = openGraph(repository, options);
  const contents = new Map<Digest, Descriptor>();
  const manifests = new Map<Digest, Manifest>();
  const tagged = new Set<Digest>();
  for await (const descriptor of repository.contents(call)) {
    contents.set(descriptor.digest, descriptor);
    checkLimit(view.limits, 'maxNodes', contents.size, `content of ${repository.name}`);
    if (!isManifestMediaType(descriptor.mediaType)) continue;
    const manifest = await readIfWhole(() => view.manifest(descriptor, { ...call, reading: 'tolerant' }));
    if (manifest !== undefined) manifests.set(descriptor.digest, manifest);
  }
  for await (const tag of repository.tags(call)) tagged.add((await repository.resolve(tag, call)).digest);
  return { contents, manifests, tagged };
}

/** A manifest that is damaged or missing names nothing; anything else that goes wrong must not make garbage of its content. */
async function readIfWhole(read: () => Promise<{ readonly manifest: Manifest }>): Promise<Manifest | undefined> {
  try {
    return (await read()).manifest;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
