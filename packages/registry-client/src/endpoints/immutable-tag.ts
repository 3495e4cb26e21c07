import type { Digest } from '@notarykit/oci/internal';
import { RegistryError } from '../errors.js';
import { type RepositoryContext, statusOf } from './context.js';

/** Registries refuse a write to an immutable tag with any status, and say so in words. */
export function saysImmutable(error: unknown): error is RegistryError {
  const refused = error instanceof RegistryError && [400, 403, 405].includes(statusOf(error) ?? 0);
  return refused && /immutab|cannot be overwritten|locked|TAG_INVALID/i.test(error.message);
}

/** The error of a tag that does not move. */
export function immutableTag(
  { registry, repository }: RepositoryContext,
  tag: string,
  at: Digest,
  cause: RegistryError,
): RegistryError {
  return new RegistryError(
    'ERR_REGISTRY_CONFLICT',
    `${registry}/${repository}: the tag ${tag} is at ${at} and immutable: push under another tag, or change the rule of the registry`,
    { cause, detail: { registry, ...cause.detail, retryable: false } },
  );
}
