import { type CallOptions, defined } from '@notarykit/common/internal';
import { artifactTypeOf, type Descriptor, type Digest, type Manifest, type Repository } from '@notarykit/oci/internal';

/** Referrers that were written and wait to be listed under their subject. */
export interface Listing {
  add(descriptor: Descriptor, manifest: Manifest, options: CallOptions): Promise<void>;
  /** Lists what waits. */
  flush(options: CallOptions): Promise<void>;
}

/** So many of one subject are listed together: a crash leaves no more unlisted, and a second run lists those. */
const together = 200;

/** For a target that lets referrers be listed many at a time, where each list is written as a whole. */
export function createListing(target: Repository): Listing | undefined {
  const list = target.listReferrers?.bind(target);
  if (list === undefined) return undefined;
  const waiting = new Map<Digest, { readonly subject: Descriptor; readonly referrers: Descriptor[] }>();
  const write = async (digest: Digest, options: CallOptions): Promise<void> => {
    const found = waiting.get(digest);
    waiting.delete(digest);
    if (found !== undefined) await list(found.subject, found.referrers, options);
  };
  return {
    async add(descriptor, manifest, options) {
      const { subject } = manifest;
      if (subject === undefined) return;
      const found = waiting.get(subject.digest) ?? { subject, referrers: [] };
      waiting.set(subject.digest, found);
      found.referrers.push(entryOf(descriptor, manifest));
      if (found.referrers.length >= together) await write(subject.digest, options);
    },
    async flush(options) {
      for (const digest of [...waiting.keys()]) await write(digest, options);
    },
  };
}

/** What a list shows of a referrer (distribution-spec, "Referrers Tag Schema"). */
function entryOf({ mediaType, digest, size }: Descriptor, manifest: Manifest): Descriptor {
  const artifactType = artifactTypeOf(manifest);
  const { annotations } = manifest;
  return {
    mediaType,
    digest,
    size,
    ...defined({ artifactType, annotations }),
  };
}
