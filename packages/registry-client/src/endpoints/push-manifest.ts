import { type CallOptions, defined, readBytes } from '@notarykit/common/internal';
import {
  artifactTypeOf,
  type ContentSource,
  checkContent,
  type Descriptor,
  isNotFound,
  type Manifest,
  OciError,
  openSource,
  type PushOptions,
  parseManifest,
} from '@notarykit/oci/internal';
import type { RepositoryContext } from './context.js';
import { deleteManifest, fetchManifestBytes, putManifest } from './manifests.js';
import { remember } from './recent.js';
import { hasReferrersApi } from './referrers-api.js';
import { addReferrers, removeReferrer } from './referrers-tag.js';

/** Pushes a manifest by digest; one with a subject is also listed under the referrers tag where the registry has no referrers API. */
export async function pushManifest(
  context: RepositoryContext,
  descriptor: Descriptor,
  content: ContentSource,
  { unlisted, ...options }: CallOptions & Pick<PushOptions, 'unlisted'>,
): Promise<void> {
  const limit = context.limits.manifestBytes;
  if (descriptor.size > limit) {
    throw new OciError(
      'ERR_OCI_TOO_LARGE',
      `${descriptor.digest}: a manifest has at most ${limit} bytes, this one has ${descriptor.size}`,
    );
  }
  const bytes = await readBytes(openSource(content), { limit, ...options });
  checkContent(descriptor, bytes);
  const manifest = parseManifest(bytes, descriptor.mediaType);
  await putManifest(context, descriptor, bytes, descriptor.digest, options);
  remember(context, 'pushed', descriptor, bytes);
  const { subject } = manifest;
  if (subject === undefined || unlisted === true) return;
  await listUnder(context, subject, [listEntry(descriptor, manifest)], options);
}

/** Lists referrers under their subject, where the registry does not do so by itself. */
export async function listUnder(
  context: RepositoryContext,
  subject: Descriptor,
  referrers: readonly Descriptor[],
  options: CallOptions,
): Promise<void> {
  if (await hasReferrersApi(context, subject.digest, options)) return;
  await addReferrers(context, subject.digest, referrers, options);
}

function listEntry({ mediaType, digest, size }: Descriptor, manifest: Manifest): Descriptor {
  const artifactType = artifactTypeOf(manifest);
  return {
    mediaType,
    digest,
    size,
    ...defined({ artifactType, annotations: manifest.annotations }),
  };
}

/** Deletes a manifest by digest, and its entry under the referrers tag where there is one. */
export async function removeManifest(
  context: RepositoryContext,
  descriptor: Descriptor,
  options: CallOptions,
): Promise<void> {
  const subject = await subjectOf(context, descriptor, options);
  await deleteManifest(context, descriptor.digest, options);
  if (subject === undefined || (await hasReferrersApi(context, subject.digest, options))) return;
  await removeReferrer(context, subject.digest, descriptor.digest, options);
}

async function subjectOf(
  context: RepositoryContext,
  descriptor: Descriptor,
  options: CallOptions,
): Promise<Descriptor | undefined> {
  try {
    return parseManifest(await fetchManifestBytes(context, descriptor, options), descriptor.mediaType).subject;
  } catch (error) {
    // What cannot be read has no list to be taken from; the deletion itself says whether it was there.
    if (isNotFound(error) || error instanceof OciError) return undefined;
    throw error;
  }
}
