import { checkTag, type Digest } from '@notarykit/oci/internal';
import type { EndpointContext } from '../context.js';
import { Refusal } from '../http/answers.js';
import type { StoredRepository } from '../store/repository.js';

/** Refuses what is not a tag. */
export function checkTags(tags: readonly string[]): void {
  for (const tag of tags) {
    try {
      checkTag(tag);
    } catch (error) {
      throw new Refusal(400, 'TAG_INVALID', (error as Error).message);
    }
  }
}

/** Refuses to move a tag that is immutable, or that is not where the client last saw it (RFC 9110, 13.1). */
export function checkTagChange(
  { request, abilities }: EndpointContext,
  repository: StoredRepository,
  tag: string,
  digest: Digest,
): void {
  const current = repository.tags.get(tag);
  if (abilities.immutableTags && current !== undefined && current !== digest)
    throw new Refusal(409, 'DENIED', `tag ${tag} is immutable and is at ${current}`);
  if (!abilities.etags) return;
  const ifMatch = request.headers.get('if-match');
  const ifNoneMatch = request.headers.get('if-none-match');
  if ((ifMatch !== null && !matches(ifMatch, current)) || (ifNoneMatch !== null && matches(ifNoneMatch, current)))
    throw new Refusal(412, 'DENIED', `tag ${tag} is at ${current ?? 'nothing'}`);
}

function matches(header: string, current: Digest | undefined): boolean {
  if (header.trim() === '*') return current !== undefined;
  return header.split(',').some((tag) => tag.trim() === `"${current}"`);
}
