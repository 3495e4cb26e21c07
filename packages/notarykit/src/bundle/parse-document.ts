import {
  defined,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJson,
  quote,
} from '@notarykit/common/internal';
import {
  checkDigest,
  checkTag,
  type Descriptor,
  type Digest,
  isManifestMediaType,
  parseDescriptor,
} from '@notarykit/oci/internal';
import { isRegistryScope } from '@notarykit/trust-policy/internal';
import type { BundleDocument, BundledArtifact, EvidenceEntry } from './document.js';
import { bundleProblem } from './problem.js';

const most = { artifacts: 1000, referrers: 1000, evidence: 10_000 };

/**
 * Reads a document strictly; what a stranger wrote is not completed or passed over.
 *
 * @throws {NotaryKitError} `ERR_NOTARYKIT_BUNDLE`, `MALFORMED`
 */
export function parseDocument(bytes: Uint8Array): BundleDocument {
  try {
    return readDocument(parseJson(bytes, { maxDepth: 8, numbers: 'integers' }));
  } catch (cause) {
    throw bundleProblem('MALFORMED', `the bundle's document cannot be read: ${(cause as Error).message}`, cause);
  }
}

function readDocument(value: JsonValue): BundleDocument {
  const { version, policy, content, artifacts, evidence } = members(value, 'the document', [
    'version',
    'policy',
    'content',
    'artifacts',
    'evidence',
  ]);
  if (version !== '1.0') refuse('version', '"1.0"', version);
  if (typeof content !== 'boolean') refuse('content', 'true or false', content);
  return {
    policy: digestIn(policy, 'policy'),
    content,
    artifacts: checkOnce(
      list(artifacts, 'artifacts', most.artifacts).map(readArtifact),
      'artifacts',
      ({ repository, tag = '', descriptor }) => `${repository}:${tag}@${descriptor.digest}`,
    ),
    evidence: list(evidence, 'evidence', most.evidence).map(readEvidence),
  };
}

/** What appears twice would be verified twice: a small document must not make much work. */
function checkOnce<T>(items: readonly T[], where: string, keyOf: (item: T) => string): readonly T[] {
  const keys = new Set<string>();
  for (const item of items) {
    const key = keyOf(item);
    if (keys.has(key)) refuse(where, 'each only once', key);
    keys.add(key);
  }
  return items;
}

function readArtifact(value: JsonValue, index: number): BundledArtifact {
  const where = `artifacts[${index}]`;
  const names = ['repository', 'tag', 'mediaType', 'digest', 'size', 'referrers'];
  const { repository, tag, referrers, ...descriptor } = members(value, where, names);
  if (typeof repository !== 'string' || !isRegistryScope(repository))
    refuse(`${where}.repository`, '"registry/repository"', repository);
  if (tag !== undefined && typeof tag !== 'string') refuse(`${where}.tag`, 'a tag', tag);
  if (tag !== undefined) checkTag(tag);
  return {
    repository,
    ...defined({ tag }),
    descriptor: manifestIn({ ...descriptor }, where),
    referrers: checkOnce(
      list(referrers, `${where}.referrers`, most.referrers).map((each, i) =>
        readReferrer(each, `${where}.referrers[${i}]`),
      ),
      `${where}.referrers`,
      ({ digest }) => digest,
    ),
  };
}

function readReferrer(value: JsonValue, where: string): Descriptor {
  return manifestIn(members(value, where, ['mediaType', 'digest', 'size']), where);
}

function readEvidence(value: JsonValue, index: number): EvidenceEntry {
  const where = `evidence[${index}]`;
  const { method, url, certId, digest } = members(value, where, ['method', 'url', 'certId', 'digest']);
  if (method !== 'ocsp' && method !== 'crl') refuse(`${where}.method`, '"ocsp" or "crl"', method);
  if (typeof url !== 'string') refuse(`${where}.url`, 'a URL', url);
  if ((method === 'ocsp') !== (typeof certId === 'string')) refuse(`${where}.certId`, 'one with "ocsp" only', certId);
  return {
    method,
    url,
    ...(typeof certId === 'string' ? { certId } : {}),
    digest: digestIn(digest, `${where}.digest`),
  };
}

function members(value: JsonValue, where: string, names: readonly string[]): JsonObject {
  if (!isJsonObject(value)) refuse(where, 'an object', value);
  const unknown = Object.keys(value).find((name) => !names.includes(name));
  if (unknown !== undefined) refuse(where, `the members ${names.join(', ')}`, unknown);
  return value;
}

function list(value: JsonValue | undefined, where: string, limit: number): readonly JsonValue[] {
  if (!isJsonArray(value) || value.length > limit) refuse(where, `an array of at most ${limit}`, value);
  return value;
}

function manifestIn(value: JsonObject, where: string): Descriptor {
  const { mediaType, digest, size } = parseDescriptor(value, where);
  if (!isManifestMediaType(mediaType)) refuse(`${where}.mediaType`, 'the type of a manifest', mediaType);
  return { mediaType, digest, size };
}

function digestIn(value: JsonValue | undefined, where: string): Digest {
  if (typeof value !== 'string') refuse(where, 'a digest', value);
  checkDigest(value);
  return value as Digest;
}

function refuse(where: string, expected: string, found: unknown): never {
  throw bundleProblem('MALFORMED', `${where}: expected ${expected}, found ${quote(found)}`);
}
