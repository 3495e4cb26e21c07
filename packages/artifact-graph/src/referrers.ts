import { type CallOptions, mapConcurrent } from '@notarykit/common';
import {
  artifactTypeOf,
  type Descriptor,
  type FetchedManifest,
  isManifestMediaType,
  type ReferrerLister,
} from '@notarykit/oci';
import { checkNodes, type GraphLimits } from './limits.js';
import type { ManifestReader } from './manifest-reader.js';

/** Why a listed referrer does not count. */
export type IgnoredReason = 'foreign-subject' | 'no-subject' | 'not-a-manifest';

/** A manifest that a registry listed as a referrer and that is none. */
export interface IgnoredReferrer {
  readonly descriptor: Descriptor;
  /** Whose referrer it was said to be. */
  readonly subject: Descriptor;
  readonly reason: IgnoredReason;
}

/** Which referrers are wanted. */
export interface ReferrerFilter {
  /** Only referrers of one of these artifact types. Default: all. */
  readonly artifactTypes?: readonly string[];
}

/** @internal */
export interface ListedReferrers {
  readonly referrers: readonly FetchedManifest[];
  readonly ignored: readonly IgnoredReferrer[];
}

/** @internal */
export interface ListReferrersOptions extends ReferrerFilter, GraphLimits, CallOptions {
  readonly concurrency: number;
}

/**
 * The referrers of a subject, each fetched: the registry's list is a hint, the `subject` inside the hashed manifest counts.
 *
 * @internal
 */
export async function listReferrers(
  lister: ReferrerLister,
  reader: ManifestReader,
  subject: Descriptor,
  options: ListReferrersOptions,
): Promise<ListedReferrers> {
  const referrers: FetchedManifest[] = [];
  const ignored: IgnoredReferrer[] = [];
  const judge = async (descriptor: Descriptor): Promise<void> => {
    if (!isManifestMediaType(descriptor.mediaType))
      return void ignored.push({ descriptor, subject, reason: 'not-a-manifest' });
    const fetched = await reader.read(descriptor, callOptions(options));
    const reason = reasonToIgnore(fetched, subject);
    if (reason !== undefined) ignored.push({ descriptor, subject, reason });
    else if (wanted(artifactTypeOf(fetched.manifest), options)) referrers.push({ ...fetched, descriptor });
  };
  const listed = await listAll(lister, subject, options);
  await mapConcurrent(listed, options.concurrency, judge);
  const place = new Map(listed.map(({ digest }, i) => [digest, i]));
  const order = (a: { descriptor: Descriptor }, b: { descriptor: Descriptor }): number =>
    (place.get(a.descriptor.digest) ?? 0) - (place.get(b.descriptor.digest) ?? 0);
  return { referrers: referrers.sort(order), ignored: ignored.sort(order) };
}

function reasonToIgnore({ manifest }: FetchedManifest, subject: Descriptor): IgnoredReason | undefined {
  if (manifest.subject === undefined) return 'no-subject';
  return manifest.subject.digest === subject.digest ? undefined : 'foreign-subject';
}

async function listAll(
  lister: ReferrerLister,
  subject: Descriptor,
  options: ListReferrersOptions,
): Promise<readonly Descriptor[]> {
  const [artifactType, ...others] = options.artifactTypes ?? [];
  const narrow = artifactType !== undefined && others.length === 0 ? { artifactType } : {};
  const listed = new Map<string, Descriptor>();
  for await (const descriptor of lister.referrers(subject, { ...callOptions(options), ...narrow })) {
    if (!listed.has(descriptor.digest)) listed.set(descriptor.digest, descriptor);
    checkNodes(listed.size, options);
  }
  return [...listed.values()];
}

function wanted(artifactType: string | undefined, { artifactTypes }: ReferrerFilter): boolean {
  return artifactTypes === undefined || (artifactType !== undefined && artifactTypes.includes(artifactType));
}

/** @internal */
export function callOptions({ signal }: CallOptions): CallOptions {
  return signal === undefined ? {} : { signal };
}
