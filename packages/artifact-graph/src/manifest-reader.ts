import { type CallOptions, decodeBase64, singleFlight } from '@notarykit/common';
import {
  type ContentReader,
  checkContent,
  type Descriptor,
  type FetchedManifest,
  fetchBytes,
  isManifestMediaType,
  maxManifestSize,
  OciError,
  parseManifest,
} from '@notarykit/oci';

/** Reads each manifest once while its bytes fit the budget. */
export interface ManifestReader {
  read(descriptor: Descriptor, options?: CallOptions): Promise<FetchedManifest>;
  /** Keeps a manifest that is at no repository. */
  keep(manifest: FetchedManifest): void;
}

const budget = 64 * 1024 * 1024;
const retired = [
  'application/vnd.docker.distribution.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v1+prettyjws',
];

/**
 * A reader over a repository that keeps at most 64 MiB of manifests, the oldest out first.
 *
 * @internal
 */
export function createManifestReader(reader: ContentReader): ManifestReader {
  const kept = new Map<string, FetchedManifest>();
  const share = singleFlight<FetchedManifest>();
  let size = 0;
  const keep = (fetched: FetchedManifest): FetchedManifest => {
    kept.set(fetched.descriptor.digest, fetched);
    size += fetched.bytes.length;
    for (const [digest, { bytes }] of kept) {
      if (size <= budget) break;
      kept.delete(digest);
      size -= bytes.length;
    }
    return fetched;
  };
  return {
    keep,
    async read(descriptor, options = {}) {
      const found = kept.get(descriptor.digest);
      if (found === undefined)
        return share(`${descriptor.mediaType} ${descriptor.digest}`, async () =>
          keep(await load(reader, descriptor, options)),
        );
      // The same bytes under another type could be read as another kind of document (CVE-2021-41190).
      return found.descriptor.mediaType === descriptor.mediaType ? found : parse(descriptor, found.bytes);
    },
  };
}

async function load(reader: ContentReader, descriptor: Descriptor, options: CallOptions): Promise<FetchedManifest> {
  return parse(descriptor, embedded(descriptor) ?? (await fetchBytes(reader, descriptor, options)));
}

/** The bytes that a descriptor carries, if they are what it describes; wrong ones are not used. */
function embedded(descriptor: Descriptor): FetchedManifest['bytes'] | undefined {
  if (descriptor.data === undefined || descriptor.size > maxManifestSize) return undefined;
  try {
    const bytes = decodeBase64(descriptor.data);
    checkContent(descriptor, bytes);
    return bytes;
  } catch {
    return undefined;
  }
}

function parse(descriptor: Descriptor, bytes: FetchedManifest['bytes']): FetchedManifest {
  return { descriptor, bytes, manifest: parseManifest(bytes, descriptor.mediaType, { twins: true }) };
}

/**
 * Whether a node is a manifest.
 *
 * @throws {OciError} `ERR_OCI_UNSUPPORTED` for Docker schema 1, whose digest is not over its bytes
 * @internal
 */
export function isManifest(descriptor: Descriptor): boolean {
  if (retired.includes(descriptor.mediaType))
    throw new OciError(
      'ERR_OCI_UNSUPPORTED',
      `${descriptor.digest} is a Docker schema 1 manifest; pull and push it with a newer client`,
    );
  return isManifestMediaType(descriptor.mediaType);
}
