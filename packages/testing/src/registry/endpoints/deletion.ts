import { Refusal } from '../http/answers.js';
import type { RegistryAbilities } from '../options.js';

/**
 * One switch for everything that can be deleted: distribution checked it for manifests and blobs and forgot tags
 * (CVE-2026-41888).
 */
export function checkDeletion(abilities: RegistryAbilities, what: 'blob' | 'manifest' | 'tag'): void {
  if (abilities.deletion && (what !== 'tag' || abilities.tagDeletion)) return;
  throw new Refusal(405, 'UNSUPPORTED', `this registry does not delete a ${what}`);
}
