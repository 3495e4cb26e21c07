import { type CallOptions, quote } from '@notarykit/common';
import { type Descriptor, isDigest, OciError, parseReference, type Repository } from '@notarykit/oci';
import { NotaryKitError } from './errors.js';

/** What an artifact is named by: a tag, a digest, a full reference of the repository, or a descriptor that was resolved before. */
export type ArtifactReference = string | Descriptor;

/** An artifact that was resolved once; from here on the digest counts. */
export interface ResolvedArtifact {
  readonly descriptor: Descriptor;
  /** The tag it was resolved from, if any. */
  readonly tag?: string;
}

/**
 * Resolves a reference once.
 *
 * @throws {NotaryKitError} `ERR_NOTARYKIT_REFERENCE` when a full reference names another repository
 * @throws {OciError} `ERR_OCI_DIGEST_MISMATCH` when a digest resolves to another one
 */
export async function resolveArtifact(
  repository: Repository,
  reference: ArtifactReference,
  options: CallOptions = {},
): Promise<ResolvedArtifact> {
  if (typeof reference !== 'string') return { descriptor: reference };
  const name = nameIn(repository, reference);
  const descriptor = await repository.resolve(name, options);
  if (name === descriptor.digest) return { descriptor };
  // CVE-2023-33959: what was asked for by digest must be that digest, whatever the registry says.
  if (isDigest(name))
    throw new OciError(
      'ERR_OCI_DIGEST_MISMATCH',
      `asked for ${name}, the repository answered with ${descriptor.digest}`,
    );
  return { descriptor, tag: name };
}

/** The tag or digest of a reference; a repository name before it must be the repository's own. */
function nameIn(repository: Repository, reference: string): string {
  if (!reference.includes('/')) return reference;
  const { registry, repository: path, tag, digest } = parseReference(reference);
  const name = digest ?? tag;
  if (name === undefined)
    throw new NotaryKitError(
      'ERR_NOTARYKIT_REFERENCE',
      `${quote(reference)} has neither tag nor digest: name one of them`,
    );
  if (`${registry}/${path}` === repository.name) return name;
  throw new NotaryKitError(
    'ERR_NOTARYKIT_REFERENCE',
    `expected a reference into ${repository.name}, found ${quote(reference)}`,
  );
}

/** Only the options that every call takes. */
export function callOptions({ signal }: CallOptions): CallOptions {
  return signal === undefined ? {} : { signal };
}
