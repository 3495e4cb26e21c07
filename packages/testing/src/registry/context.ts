import { type Digest, parseDigest } from '@notarykit/oci/internal';
import type { RegistryAbilities } from './abilities.js';
import type { Access } from './auth/access.js';
import { Refusal } from './http/answers.js';
import type { RegistryRequest } from './http/exchange.js';
import type { RegistryStore } from './store/registry-store.js';
import type { StoredRepository } from './store/repository.js';
import type { UploadSessions } from './store/upload-sessions.js';

/** What an endpoint works with. */
export interface EndpointContext {
  readonly request: RegistryRequest;
  /** The repository of the path, checked. */
  readonly repository: string;
  /** The last part of the path. */
  readonly reference: string;
  readonly store: RegistryStore;
  readonly uploads: UploadSessions;
  readonly abilities: RegistryAbilities;
  readonly access: Access;
}

/** The digest of a path or parameter; only the algorithms that image-spec registers. */
export function digestIn(text: string): Digest {
  try {
    if (parseDigest(text).algorithm !== 'sha384') return text as Digest;
  } catch {
    // Refused below, with the registry's own code.
  }
  throw new Refusal(400, 'DIGEST_INVALID', 'expected sha256 or sha512 and the lower-case hex digits of its length');
}

/** The repository, if anything was ever pushed to it. */
export async function existing({ store, repository }: EndpointContext): Promise<StoredRepository> {
  const found = await store.find(repository);
  if (found === undefined) throw new Refusal(404, 'NAME_UNKNOWN', `there is no repository ${repository}`);
  return found;
}

/** The value of a query parameter. */
export function parameter(context: EndpointContext, name: string): string | undefined {
  return context.request.url.searchParams.get(name) ?? undefined;
}
