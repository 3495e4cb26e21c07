import { utf8 } from '@notarykit/common';
import {
  type Descriptor,
  describe as describeBytes,
  type MemoryRepository,
  mediaTypes,
  memoryRepository,
  type Platform,
  type Repository,
} from '@notarykit/oci';

export const type = 'application/vnd.test.report';

export async function put(repository: Repository, mediaType: string, document: unknown): Promise<Descriptor> {
  const bytes = utf8(typeof document === 'string' ? document : JSON.stringify(document));
  const descriptor = describeBytes(mediaType, bytes);
  await repository.push(descriptor, bytes);
  return descriptor;
}

export interface ImageOptions {
  readonly platform?: Platform;
  readonly layers?: readonly string[];
  readonly subject?: Descriptor;
  readonly artifactType?: string;
  readonly annotations?: Record<string, string>;
}

export async function image(repository: Repository, { platform, layers = ['x/y'], ...more }: ImageOptions = {}) {
  const config = await put(repository, mediaTypes.imageConfig, platform ?? {});
  const parts = await Promise.all(layers.map((mediaType) => put(repository, mediaType, mediaType)));
  const document = { schemaVersion: 2, mediaType: mediaTypes.imageManifest, config, layers: parts, ...more };
  return await put(repository, mediaTypes.imageManifest, document);
}

export async function index(repository: Repository, manifests: readonly object[]): Promise<Descriptor> {
  return await put(repository, mediaTypes.imageIndex, {
    schemaVersion: 2,
    mediaType: mediaTypes.imageIndex,
    manifests,
  });
}

export const on = (architecture: string, descriptor: Descriptor): Descriptor => ({
  ...descriptor,
  platform: { os: 'linux', architecture },
});

export const attesting = (descriptor: Descriptor, target: Descriptor, more: object = {}): Descriptor => ({
  ...descriptor,
  platform: { os: 'unknown', architecture: 'unknown' },
  annotations: {
    'vnd.docker.reference.type': 'attestation-manifest',
    'vnd.docker.reference.digest': target.digest,
  },
  ...more,
});

/** A repository that notes what it is asked. */
export function counted(repository: Repository): Repository & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    ...repository,
    asked,
    fetch: (descriptor, options) => {
      asked.push(`fetch ${descriptor.digest}`);
      return repository.fetch(descriptor, options);
    },
    async *referrers(subject, options) {
      asked.push(`list ${options?.artifactType ?? ''}`);
      yield* repository.referrers(subject, options);
    },
  };
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

export const memory = (): MemoryRepository => memoryRepository('registry.test/app');

export async function withReferrers(count: number) {
  const repository = memory();
  const subject = await image(repository);
  const referrers: Descriptor[] = [];
  for (let i = 0; i < count; i++)
    referrers.push(await image(repository, { subject, artifactType: type, annotations: { i: String(i) } }));
  return { repository, subject, referrers };
}
