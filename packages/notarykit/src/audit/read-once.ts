import { streamOf } from '@notarykit/common';
import { type Descriptor, fetchBytes, maxManifestSize, type Repository } from '@notarykit/oci';

/** Most bytes that are kept for one artifact; what is beyond is read again. */
const maxKept = 16 * 1024 * 1024;

/** A repository that is asked once for what several policies look at; for one artifact, then to be forgotten. */
export function readOnce(repository: Repository): Repository {
  const contents = new Map<string, Uint8Array>();
  const listings = new Map<string, readonly Descriptor[]>();
  let kept = 0;
  return {
    name: repository.name,
    exists: (descriptor, options) => repository.exists(descriptor, options),
    push: (descriptor, content, options) => repository.push(descriptor, content, options),
    resolve: (reference, options) => repository.resolve(reference, options),
    tag: (descriptor, tag, options) => repository.tag(descriptor, tag, options),
    async fetch(descriptor, options) {
      const known = contents.get(descriptor.digest);
      if (known !== undefined) return streamOf(known);
      if (descriptor.size > maxManifestSize || kept + descriptor.size > maxKept)
        return await repository.fetch(descriptor, options);
      const bytes = await fetchBytes(repository, descriptor, options);
      kept += bytes.length;
      contents.set(descriptor.digest, bytes);
      return streamOf(bytes);
    },
    async *referrers(subject, options = {}) {
      const key = `${subject.digest} ${options.artifactType ?? ''}`;
      const known = listings.get(key);
      if (known !== undefined) return yield* known;
      const listing: Descriptor[] = [];
      for await (const referrer of repository.referrers(subject, options)) {
        listing.push(referrer);
        yield referrer;
      }
      // Only a listing that came to its end is known.
      listings.set(key, listing);
    },
  };
}
