import type { RegistryAbilities } from './abilities.js';
import { abilitiesLike } from './like/personality.js';
import type { EmbeddedRegistryOptions } from './options.js';

/** The abilities of options, with their defaults. */
export function abilitiesOf(given: EmbeddedRegistryOptions): RegistryAbilities {
  const options = { ...abilitiesLike(given), ...given };
  const referrers = options.referrers ?? 'api';
  return {
    referrers,
    subjectHeader: options.subjectHeader ?? referrers === 'api',
    referrersFilter: options.referrersFilter ?? 'applied',
    referrersPageSize: options.referrersPageSize ?? Number.POSITIVE_INFINITY,
    tagsPageSize: options.tagsPageSize ?? 10_000,
    head: options.head ?? true,
    ranges: options.ranges ?? true,
    chunks: options.chunks ?? true,
    patchStatus: options.patchStatus ?? 202,
    minChunkLength: options.minChunkLength ?? 0,
    postUpload: options.postUpload ?? true,
    monolithicPut: options.monolithicPut ?? true,
    mount: options.mount ?? 'automatic',
    deletion: options.deletion ?? true,
    tagDeletion: options.tagDeletion ?? true,
    deletionOfListed: options.deletionOfListed ?? true,
    etags: options.etags ?? true,
    tagParameters: options.tagParameters ?? true,
    immutableTags: options.immutableTags ?? false,
    sparse: options.sparse ?? false,
    urlLayers: options.urlLayers ?? false,
    readOnly: options.readOnly ?? false,
    manifestLimit: options.manifestLimit ?? 4 * 1024 * 1024,
    blobLimit: options.blobLimit ?? Number.POSITIVE_INFINITY,
  };
}
