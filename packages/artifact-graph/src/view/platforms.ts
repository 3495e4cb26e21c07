import {
  type CallOptions,
  defined,
  isCodedError,
  isJsonObject,
  type JsonValue,
  mapConcurrent,
  type NonEmpty,
  parseJson,
} from '@notarykit/common/internal';
import {
  type Descriptor,
  type Digest,
  type FetchedManifest,
  type ImageIndex,
  isNotFound,
  mediaTypes,
  OciError,
  type Platform,
} from '@notarykit/oci/internal';
import { normalizePlatform } from '../platform.js';
import { checkLimit, type GraphLimits } from './limits.js';
import type { ContentCache, ReadOptions } from './reader.js';

/** A manifest of an image that may be run. */
export interface PlatformManifest {
  readonly descriptor: Descriptor;
  /** What the index says, in normal form; absent where it says nothing. `platformOf` finds it out then. */
  readonly platform?: Platform;
  /** There where the manifest was read on the way: of an artifact that is not an index. */
  readonly config?: Descriptor;
  /** Further platforms under which an index lists the same manifest; `{}` for an entry without a platform. */
  readonly otherPlatforms?: readonly Pick<PlatformManifest, 'platform'>[];
}

/** What an artifact consists of, each manifest once. */
export interface Platforms {
  readonly index: boolean;
  /** Images, and whatever is not proven to be an attestation: what is not understood must be signed and covered too. */
  readonly runnable: readonly PlatformManifest[];
  /** Attestation manifests that BuildKit puts beside an image, with the manifest in `runnable` that each is about. */
  readonly attestations: readonly AttestationManifest[];
}

/** An attestation manifest inside an index. */
export interface AttestationManifest {
  readonly descriptor: Descriptor;
  readonly target: Digest;
}

/** What an expansion reads through. */
export interface Expansion {
  readonly cache: ContentCache;
  readonly limits: GraphLimits;
  readonly call: ReadOptions;
}

/** A manifest of an index, and what it claims to attest to. */
export interface IndexEntry {
  readonly descriptor: Descriptor;
  readonly depth: number;
  readonly target?: Digest;
}

/**
 * The manifests of an artifact; of an index those in it, through indexes in indexes, in their order.
 *
 * @throws {GraphError} `ERR_GRAPH_LIMIT`
 */
export async function expand(expansion: Expansion, artifact: Descriptor): Promise<Platforms> {
  const root = await expansion.cache.manifest(artifact, expansion.call);
  const { manifest } = root;
  if (manifest.kind !== 'index') {
    const config = manifest.kind === 'image' ? { config: manifest.config } : {};
    return { index: false, runnable: [{ descriptor: artifact, ...config }], attestations: [] };
  }
  return { index: true, ...(await sort(expansion, await entriesOf(expansion, root))) };
}

/** Every manifest below an index, once for each platform under which it is listed; of equal entries, one that does not claim to be an attestation wins. */
export async function entriesOf(
  { cache, limits, call }: Expansion,
  root: FetchedManifest,
): Promise<readonly IndexEntry[]> {
  const found = new Map<string, IndexEntry>();
  const expanded = new Set<string>();
  const waiting: IndexEntry[] = [{ descriptor: root.descriptor, depth: 0 }];
  for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop()) {
    const key = keyOf(entry.descriptor);
    if (expanded.has(key)) continue;
    checkLimit(limits, 'maxDepth', entry.depth, `indexes in indexes below ${root.descriptor.digest}`);
    const children = isIndex(entry.descriptor) ? await childrenOf(cache, entry, call) : [];
    if (children.length > 0) {
      expanded.add(key);
      waiting.push(...children.reverse());
    } else if (entry.depth > 0) keep(found, `${key} ${placeOf(entry)}`, entry);
    checkLimit(limits, 'maxManifests', found.size + expanded.size - 1, `manifests of ${root.descriptor.digest}`);
  }
  return [...found.values()];
}

/** The platform of an entry as text. */
function placeOf({ descriptor: { platform } }: IndexEntry): string {
  return JSON.stringify(stated(platform));
}

/** An index that holds nothing is kept like any other manifest. */
function keep(found: Map<string, IndexEntry>, key: string, entry: IndexEntry): void {
  const known = found.get(key);
  if (known === undefined || known.target !== undefined) found.set(key, entry);
}

async function childrenOf(
  cache: ContentCache,
  { descriptor, depth }: IndexEntry,
  call: ReadOptions,
): Promise<IndexEntry[]> {
  const { manifest } = await cache.manifest(descriptor, call);
  if (manifest.kind !== 'index') return [];
  return manifest.manifests.map((child) => {
    const target = targetOf(child, manifest);
    return { descriptor: child, depth: depth + 1, ...defined({ target }) };
  });
}

/** What an entry says that it attests to: another manifest of the same index, by BuildKit's annotations and under no platform. */
function targetOf({ digest, platform, annotations }: Descriptor, index: ImageIndex): Digest | undefined {
  if (platform?.os !== 'unknown' || platform.architecture !== 'unknown') return undefined;
  if (annotations?.['vnd.docker.reference.type'] !== 'attestation-manifest') return undefined;
  const reference = annotations['vnd.docker.reference.digest'];
  if (reference === digest) return undefined;
  return index.manifests.find((other) => other.digest === reference)?.digest;
}

async function sort(
  { cache, call }: Expansion,
  entries: readonly IndexEntry[],
): Promise<Pick<Platforms, 'runnable' | 'attestations'>> {
  const manifests = byContent(entries);
  const proven = await mapConcurrent(
    manifests,
    3,
    async ([{ descriptor, target }]) => target !== undefined && (await isAttestation(cache, descriptor, call)),
  );
  // Evidence is about an image: what is about an index, or about other evidence, is not of BuildKit and might be run.
  const images = new Set<string>(
    manifests.flatMap(([{ descriptor }], i) => (proven[i] === true ? [] : [descriptor.digest])),
  );
  const runnable: PlatformManifest[] = [];
  const attestations: AttestationManifest[] = [];
  for (const [i, [{ descriptor, target }, ...others]] of manifests.entries()) {
    if (proven[i] === true && target !== undefined && images.has(target)) attestations.push({ descriptor, target });
    else runnable.push({ descriptor, ...stated(descriptor.platform), ...otherPlatformsOf(others) });
  }
  return { runnable, attestations };
}

/** The entries of each manifest. If one of them does not claim to be an attestation, those that do are left out. */
function byContent(entries: readonly IndexEntry[]): readonly NonEmpty<IndexEntry>[] {
  const found = new Map<string, [IndexEntry, ...IndexEntry[]]>();
  for (const entry of entries) {
    const key = keyOf(entry.descriptor);
    const known = found.get(key);
    if (known === undefined || (known[0].target !== undefined && entry.target === undefined)) found.set(key, [entry]);
    else if (entry.target === undefined) known.push(entry);
  }
  return [...found.values()];
}

function otherPlatformsOf(others: readonly IndexEntry[]): Pick<PlatformManifest, 'otherPlatforms'> {
  return others.length === 0 ? {} : { otherPlatforms: others.map(({ descriptor: { platform } }) => stated(platform)) };
}

const statement = 'application/vnd.in-toto+json';

/** Whether a manifest holds in-toto statements and nothing else; one that cannot be read is not proven to. */
async function isAttestation(cache: ContentCache, descriptor: Descriptor, call: CallOptions): Promise<boolean> {
  try {
    const { manifest } = await cache.manifest(descriptor, call);
    return (
      manifest.kind === 'image' &&
      manifest.layers.length > 0 &&
      manifest.layers.every(({ mediaType }) => mediaType === statement)
    );
  } catch (error) {
    if (isNotFound(error) || (isCodedError(error) && error.code.startsWith('ERR_OCI_'))) return false;
    throw error;
  }
}

function isIndex({ mediaType }: Descriptor): boolean {
  return mediaType === mediaTypes.imageIndex || mediaType === mediaTypes.dockerManifestList;
}

function keyOf({ mediaType, digest, size }: Descriptor): string {
  return `${mediaType} ${digest} ${size}`;
}

function stated(platform: Platform | undefined): { readonly platform?: Platform } {
  return platform === undefined || platform.os === '' || platform.architecture === ''
    ? {}
    : { platform: normalizePlatform(platform) };
}

const configTypes: readonly string[] = [mediaTypes.imageConfig, 'application/vnd.docker.container.image.v1+json'];

/**
 * The platform of a manifest: what the index states, else what the config of the image does, else nothing.
 *
 * @throws {OciError} `ERR_OCI_INVALID` for a config that is not JSON
 */
export async function platformOf(
  cache: ContentCache,
  { descriptor, platform, config }: PlatformManifest,
  call: CallOptions = {},
): Promise<Platform | undefined> {
  if (platform !== undefined) return stated(platform).platform;
  const named = config ?? (await configOf(cache, descriptor, call));
  if (named === undefined || !configTypes.includes(named.mediaType)) return undefined;
  return stated(readPlatform(parseConfig(named, await cache.bytes(named, call)))).platform;
}

async function configOf(cache: ContentCache, node: Descriptor, call: CallOptions): Promise<Descriptor | undefined> {
  const { manifest } = await cache.manifest(node, call);
  return manifest.kind === 'image' ? manifest.config : undefined;
}

function parseConfig({ digest }: Descriptor, bytes: Uint8Array): JsonValue {
  try {
    return parseJson(bytes, { maxDepth: 64 });
  } catch (cause) {
    throw new OciError('ERR_OCI_INVALID', `${digest}: the config of an image is one JSON document`, { cause });
  }
}

function readPlatform(config: JsonValue): Platform | undefined {
  if (!isJsonObject(config)) return undefined;
  const text = (name: string): string => (typeof config[name] === 'string' ? config[name] : '');
  const variant = text('variant');
  const version = text('os.version');
  return {
    os: text('os'),
    architecture: text('architecture'),
    ...(variant === '' ? {} : { variant }),
    ...(version === '' ? {} : { 'os.version': version }),
  };
}
