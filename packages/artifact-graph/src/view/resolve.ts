import { type CallOptions, describeKind, type JsonValue, quote } from '@notarykit/common/internal';
import {
  canonicalRepository,
  type Descriptor,
  isDigest,
  OciError,
  parseDescriptor,
  parseReference,
  type Repository,
} from '@notarykit/oci/internal';
import { GraphError } from '../errors.js';

/** What an artifact is named by: a tag, a digest, a full reference into this repository, or a descriptor that was resolved before. */
export type ArtifactReference = string | Descriptor;

/** An artifact that was resolved once; from here on the digest counts. */
export interface Artifact {
  readonly descriptor: Descriptor;
  /** The tag it was resolved from, if any. */
  readonly tag?: string;
}

/**
 * Resolves a reference once. What was asked for by digest is that digest, whatever the repository says (CVE-2023-33959).
 *
 * @throws {GraphError} `ERR_GRAPH_REFERENCE` when a full reference names another repository, or neither tag nor digest
 * @throws {OciError} `ERR_OCI_DIGEST_MISMATCH`, `ERR_OCI_NOT_FOUND`, `ERR_OCI_INVALID`
 */
export async function resolve(
  repository: Repository,
  reference: ArtifactReference,
  call: CallOptions = {},
): Promise<Artifact> {
  call.signal?.throwIfAborted();
  if (typeof reference === 'object') return { descriptor: checked(reference) };
  if (typeof reference !== 'string') throw noReference(reference);
  const name = nameIn(repository, reference);
  const answer = await repository.resolve(name, call);
  if (!isDigest(name)) return { descriptor: checked(answer, `${repository.name}:${name}`), tag: name };
  if (name === answer?.digest) return { descriptor: checked(answer, `${repository.name}@${name}`) };
  throw new OciError(
    'ERR_OCI_DIGEST_MISMATCH',
    `${repository.name}: asked for ${name}, the repository answered with ${quote(answer?.digest)}`,
  );
}

function noReference(found: unknown): GraphError {
  const expected = 'expected a tag, a digest, a reference with its registry, or a descriptor';
  return new GraphError('ERR_GRAPH_REFERENCE', `${expected}, found ${describeKind(found)}`);
}

/** Callers without types may give anything, and so may repositories written by others. */
function checked(descriptor: Descriptor, where = 'reference'): Descriptor {
  parseDescriptor(descriptor as unknown as JsonValue, where);
  return descriptor;
}

/** The tag or digest of a reference; a repository name before it must be the repository's own, in whatever spelling. */
function nameIn(repository: Repository, reference: string): string {
  if (!reference.includes('/')) return reference;
  const { registry, repository: path, tag, digest } = parseReference(reference);
  const name = digest ?? tag;
  if (name === undefined)
    throw new GraphError('ERR_GRAPH_REFERENCE', `${quote(reference)} has neither tag nor digest: name one of them`);
  if (canonicalRepository(`${registry}/${path}`) === canonicalRepository(repository.name)) return name;
  throw new GraphError(
    'ERR_GRAPH_REFERENCE',
    `expected a reference into ${repository.name}, found ${quote(reference)}`,
  );
}
