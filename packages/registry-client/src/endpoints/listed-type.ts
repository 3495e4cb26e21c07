import {
  artifactTypeOf,
  type Descriptor,
  isManifestMediaType,
  mediaTypes,
  OciError,
  parseManifest,
  type ReferrersOptions,
} from '@notarykit/oci/internal';
import type { RepositoryContext } from './context.js';
import { fetchManifestBytes } from './manifests.js';
import { remember } from './recent.js';

/**
 * Whether a listed artifact type says nothing about the artifact: none, or the type of a config or of the manifest itself. Harbor 2.8 to
 * 2.10 lists the config's type where the manifest has one of its own (goharbor/harbor#19867).
 */
function saysNothing(artifactType: string | undefined): boolean {
  if (artifactType === undefined || artifactType === '' || artifactType === mediaTypes.empty) return true;
  const type = artifactType.toLowerCase();
  return (
    isManifestMediaType(type) || /(?:^|[^a-z])config(?:[^a-z]|$)/.test(type) || type.includes('docker.container.image')
  );
}

/** The entry, if it is of an artifact type; where the list cannot say, its manifest is read. */
export async function ofType(
  context: RepositoryContext,
  entry: Descriptor,
  artifactType: string,
  options: ReferrersOptions,
): Promise<Descriptor | undefined> {
  if (entry.artifactType === artifactType) return entry;
  if (!saysNothing(entry.artifactType) || !isManifestMediaType(entry.mediaType)) return undefined;
  const found = await typeInside(context, entry, options);
  return found === artifactType ? { ...entry, artifactType } : undefined;
}

async function typeInside(
  context: RepositoryContext,
  entry: Descriptor,
  options: ReferrersOptions,
): Promise<string | undefined> {
  try {
    const bytes = await fetchManifestBytes(context, entry, options);
    const found = artifactTypeOf(parseManifest(bytes, entry.mediaType));
    // The caller that asked for the type reads the manifest next.
    remember(context, 'resolved', entry, bytes);
    return found;
  } catch (cause) {
    if (!(cause instanceof OciError)) throw cause;
    options.onRefused?.({ descriptor: entry, cause });
    return undefined;
  }
}
