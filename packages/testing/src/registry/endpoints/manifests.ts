import { type Digest, digestOf, isDigest, type Manifest, parseDigest, parseManifest } from '@notarykit/oci/internal';
import { digestIn, type EndpointContext, existing } from '../context.js';
import { answer, Refusal } from '../http/answers.js';
import { readBody } from '../http/bodies.js';
import type { Answer } from '../http/exchange.js';
import { recordOf } from '../store/manifest-facts.js';
import { removeManifest, type StoredRepository } from '../store/repository.js';
import { findManifest } from '../store/tables.js';
import { checkChildren } from './children.js';
import { checkDeletion, checkUnlisted } from './deletion.js';
import { checkTagChange, checkTags } from './tag-rules.js';

/** GET and HEAD of a manifest: the bytes and type as they were pushed (distribution-spec, "Pulling manifests"). */
export async function getManifest(context: EndpointContext): Promise<Answer> {
  const { request, abilities } = context;
  if (request.method === 'HEAD' && !abilities.head) throw new Refusal(405, 'UNSUPPORTED', 'HEAD is not supported');
  const { repository, record } = await find(context);
  const headers = {
    'Content-Type': record.mediaType,
    'Docker-Content-Digest': record.digest,
    'Content-Length': String(record.size),
    ETag: abilities.etags ? `"${record.digest}"` : undefined,
  };
  return answer(200, headers, repository.blobs.read(record.digest, { start: 0, end: record.size }));
}

/** PUT of a manifest by tag or digest, with more tags in the query (distribution-spec, "Pushing Manifests"). */
export async function putManifest(context: EndpointContext): Promise<Answer> {
  const { request, abilities, reference } = context;
  const tags = abilities.tagParameters ? request.url.searchParams.getAll('tag') : [];
  checkTags(isDigest(reference) || reference.includes(':') ? tags : [reference, ...tags]);
  const bytes = await readBody(request.body, abilities.manifestLimit);
  const digest = digestFor(reference, bytes);
  const mediaType = request.headers.get('content-type')?.split(';')[0]?.trim() ?? '';
  const manifest = parse(bytes, mediaType);
  const repository = await context.store.open(context.repository);
  return repository.exclusive(async () => {
    await checkChildren(repository, manifest, abilities);
    const names = digest === reference ? tags : [reference, ...tags];
    for (const tag of names) checkTagChange(context, repository, tag, digest);
    await store(repository, digest, mediaType, bytes, names);
    return created(context, digest, manifest, tags);
  });
}

/** DELETE of a tag, or of a manifest with its tags (distribution-spec, "Deleting tags", "Deleting Manifests"). */
export async function deleteManifest(context: EndpointContext): Promise<Answer> {
  const { reference, abilities } = context;
  checkDeletion(abilities, reference.includes(':') ? 'manifest' : 'tag');
  const { repository, record } = await find(context);
  await repository.exclusive(async () => {
    if (reference === record.digest && !abilities.deletionOfListed) checkUnlisted(repository, record.digest);
    if (reference === record.digest) return removeManifest(repository, record.digest);
    await repository.commit({ untag: reference });
  });
  return answer(202);
}

async function find(context: EndpointContext) {
  const { reference } = context;
  if (reference.includes(':')) digestIn(reference);
  const repository = await existing(context);
  const record = findManifest(repository, reference);
  if (record === undefined || (await repository.blobs.size(record.digest)) === undefined)
    throw new Refusal(404, 'MANIFEST_UNKNOWN', `${repository.name} has no manifest ${reference}`);
  return { repository, record };
}

/** The digest that the bytes are stored under: the one asked for, else sha256. */
function digestFor(reference: string, bytes: Uint8Array): Digest {
  if (!reference.includes(':')) return digestOf(bytes);
  const wanted = digestIn(reference);
  const found = digestOf(bytes, parseDigest(wanted).algorithm);
  if (found === wanted) return found;
  throw new Refusal(400, 'DIGEST_INVALID', `expected content with digest ${wanted}, found ${found}`);
}

function parse(bytes: Uint8Array, mediaType: string): Manifest {
  try {
    return parseManifest(bytes, mediaType);
  } catch (error) {
    throw new Refusal(400, 'MANIFEST_INVALID', (error as Error).message);
  }
}

async function store(
  repository: StoredRepository,
  digest: Digest,
  mediaType: string,
  bytes: Uint8Array,
  tags: readonly string[],
): Promise<void> {
  const staged = await repository.blobs.stage();
  try {
    await staged.append(bytes);
    await repository.blobs.commit(digest, staged);
  } catch (error) {
    await staged.discard();
    throw error;
  }
  const known = repository.manifests.get(digest);
  const put = known === undefined || known.absent === true ? { put: recordOf(digest, mediaType, bytes) } : {};
  await repository.commit({ ...put, tags: tags.map((tag) => [tag, digest]) });
}

function created(context: EndpointContext, digest: Digest, manifest: Manifest, tags: readonly string[]): Answer {
  return answer(201, {
    Location: `/v2/${context.repository}/manifests/${digest}`,
    'Docker-Content-Digest': digest,
    'OCI-Subject': context.abilities.subjectHeader ? manifest.subject?.digest : undefined,
    'OCI-Tag': tags.length === 0 ? undefined : tags.join(', '),
  });
}
