import type { Descriptor, Manifest } from '@notarykit/oci/internal';
import type { RegistryAbilities } from '../abilities.js';
import { Refusal } from '../http/answers.js';
import { blobsOf } from '../store/manifest-facts.js';
import type { StoredRepository } from '../store/repository.js';

const foreignLayer = /nondistributable|\.foreign\./;

/**
 * Everything that a manifest lists must be there, except its subject and layers that registries do not hold
 * (distribution-spec, "Pushing Manifests").
 */
export async function checkChildren(
  repository: StoredRepository,
  manifest: Manifest,
  abilities: RegistryAbilities,
): Promise<void> {
  if (abilities.sparse) return;
  const mustBeThere = ({ mediaType, urls = [] }: Descriptor): boolean =>
    !foreignLayer.test(mediaType) && (urls.length === 0 || !abilities.urlLayers);
  const children = manifest.kind === 'index' ? manifest.manifests : blobsOf(manifest).filter(mustBeThere);
  for (const { digest } of children) {
    if ((await repository.blobs.size(digest)) === undefined)
      throw new Refusal(
        404,
        'MANIFEST_BLOB_UNKNOWN',
        `${repository.name} has no ${digest}; push it before the manifest`,
      );
  }
}
