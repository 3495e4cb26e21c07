import type { Digest } from '@notarykit/oci/internal';
import type { RegistryAbilities } from '../abilities.js';
import { Refusal } from '../http/answers.js';
import type { StoredRepository } from '../store/repository.js';

/**
 * One switch for everything that can be deleted: distribution checked it for manifests and blobs and forgot tags
 * (CVE-2026-41888).
 */
export function checkDeletion(abilities: RegistryAbilities, what: 'blob' | 'manifest' | 'tag'): void {
  if (abilities.deletion && (what !== 'tag' || abilities.tagDeletion)) return;
  throw new Refusal(405, 'UNSUPPORTED', `this registry does not delete a ${what}`);
}

/** Refuses to delete a manifest that an index names. */
export function checkUnlisted(repository: StoredRepository, digest: Digest): void {
  if (repository.isChild(digest)) throw new Refusal(405, 'DENIED', `manifest ${digest} is referenced by an index`);
}
