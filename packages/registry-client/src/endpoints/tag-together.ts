import type { CallOptions } from '@notarykit/common/internal';
import { checkTag, type Descriptor, type Digest, type TagOptions } from '@notarykit/oci/internal';
import { type RepositoryContext, statusOf } from './context.js';
import { checkTagIs, currentTag, fetchManifestBytes, type PutManifestAnswer, putManifest } from './manifests.js';
import { recall, remember } from './recent.js';

/** The registry does not know the query at all. */
const unknownQuery: readonly number[] = [400, 404, 405, 501];
/** It knows it, and these are too many tags for one request. */
const tooLong: readonly number[] = [413, 414, 431];

/**
 * Sets several tags with one `PUT` by digest and `?tag=a&tag=b` (distribution-spec, "Pushing Manifests"). `OCI-Tag` in the answer says only that
 * the registry knows the query: which tags moved is read back.
 */
export async function putTagsTogether(
  context: RepositoryContext,
  descriptor: Descriptor,
  tags: readonly string[],
  { ifMatch, ...call }: TagOptions,
): Promise<readonly string[]> {
  for (const tag of tags) checkTag(tag);
  if (tags.length < 2 || context.state.withoutTagParameters) return [];
  if (ifMatch !== undefined && (await canCompare(context, tags, ifMatch, call))) return [];
  const answer = await pushWithTags(context, descriptor, tags, call);
  return answer === undefined ? [] : await readBack(context, descriptor, tags, answer, call);
}

/** Compares all tags. A condition is about one tag: where the registry can keep it, each is set under its own. */
async function canCompare(
  context: RepositoryContext,
  tags: readonly string[],
  expected: Digest | null,
  call: CallOptions,
): Promise<boolean> {
  let conditions = 0;
  for (const tag of tags) conditions += Object.keys(await checkTagIs(context, tag, expected, call)).length;
  return conditions > 0;
}

async function pushWithTags(
  context: RepositoryContext,
  descriptor: Descriptor,
  tags: readonly string[],
  call: CallOptions,
): Promise<PutManifestAnswer | undefined> {
  const bytes = recall(context, 'pushed', descriptor) ?? (await fetchManifestBytes(context, descriptor, call));
  // Tags that have to be set one by one are set with it, too.
  remember(context, 'pushed', descriptor, bytes);
  try {
    return await putManifest(context, descriptor, bytes, descriptor.digest, { ...call, tags });
  } catch (error) {
    const status = statusOf(error) ?? 0;
    if (unknownQuery.includes(status)) context.state.withoutTagParameters = true;
    else if (!tooLong.includes(status)) throw error;
    return undefined;
  }
}

/** The tags that are at the manifest. Without `OCI-Tag` the first shows whether the query was taken notice of. */
async function readBack(
  context: RepositoryContext,
  { digest }: Descriptor,
  tags: readonly string[],
  answer: PutManifestAnswer,
  call: CallOptions,
): Promise<readonly string[]> {
  const set: string[] = [];
  for (const tag of tags) {
    const there = (await currentTag(context, tag, call))?.descriptor.digest === digest;
    if (there) set.push(tag);
    if (answer.tags !== undefined || set.length > 0) continue;
    context.state.withoutTagParameters = true;
    return [];
  }
  return set;
}
