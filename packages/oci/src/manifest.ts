import {
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJson,
  quote,
} from '@notarykit/common/internal';
import { type Annotations, type Descriptor, invalid, parseAnnotations, parseDescriptor } from './descriptor.js';
import { OciError } from './errors.js';
import { isManifestMediaType, mediaTypes } from './media-types.js';

/** Most bytes of a manifest or index that any reader of the SDK takes: 4 MiB. */
export const maxManifestSize: number = 4 * 1024 * 1024;

/** An OCI image manifest or a Docker schema 2 manifest. */
export interface ImageManifest {
  readonly kind: 'image';
  readonly mediaType: string;
  readonly artifactType?: string;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly subject?: Descriptor;
  readonly annotations?: Annotations;
}

/** An OCI image index or a Docker manifest list. */
export interface ImageIndex {
  readonly kind: 'index';
  readonly mediaType: string;
  readonly artifactType?: string;
  readonly manifests: readonly Descriptor[];
  readonly subject?: Descriptor;
  readonly annotations?: Annotations;
}

/** A retired artifact manifest (ORAS or OCI): `blobs` in place of config and layers. */
export interface ArtifactManifest {
  readonly kind: 'artifact';
  readonly mediaType: string;
  readonly artifactType?: string;
  readonly blobs: readonly Descriptor[];
  readonly subject?: Descriptor;
  readonly annotations?: Annotations;
}

/** Any document that a registry keeps under `manifests`. */
export type Manifest = ImageManifest | ImageIndex | ArtifactManifest;

/** Most descriptors of a list inside a manifest. @internal */
export const maxChildren = 10_000;
const known = [
  'schemaVersion',
  'mediaType',
  'artifactType',
  'config',
  'layers',
  'manifests',
  'blobs',
  'subject',
  'annotations',
];

/** How strictly {@link parseManifest} reads. */
export interface ParseManifestOptions {
  /**
   * Accept a document that names itself by the Docker twin of its OCI type, or the reverse, or a Docker document without a name:
   * two names for one shape, which tools that rewrite layouts mix up. For walking and collecting; what is verified must agree to the letter. Default false.
   */
  readonly twins?: boolean;
}

/** Types whose documents have one shape. */
const twins: Readonly<Record<string, string>> = /* @__PURE__ */ (() => ({
  [mediaTypes.imageManifest]: mediaTypes.dockerManifest,
  [mediaTypes.dockerManifest]: mediaTypes.imageManifest,
  [mediaTypes.imageIndex]: mediaTypes.dockerManifestList,
  [mediaTypes.dockerManifestList]: mediaTypes.imageIndex,
}))();

/**
 * Reads the bytes of a manifest strictly. `mediaType` is what the registry or descriptor says; a different one in the
 * document, and a document that could be read as two kinds (CVE-2021-41190), are refused.
 *
 * @throws {OciError} `ERR_OCI_INVALID`, `ERR_OCI_TOO_LARGE`, `ERR_OCI_UNSUPPORTED`
 */
export function parseManifest(bytes: Uint8Array, mediaType: string, options: ParseManifestOptions = {}): Manifest {
  if (!isManifestMediaType(mediaType))
    throw new OciError('ERR_OCI_UNSUPPORTED', `media type ${quote(mediaType)} is not a manifest that can be read`);
  const document = parseDocument(bytes, mediaType);
  const common = parseCommon(document, mediaType, options);
  switch (mediaType) {
    case mediaTypes.imageManifest:
    case mediaTypes.dockerManifest:
      return {
        kind: 'image',
        ...common,
        config: parseDescriptor(document['config'], 'config'),
        // Docker Hub has images without the member; registries and tools read them as images without layers.
        layers: document['layers'] === undefined ? [] : parseDescriptors(document, 'layers'),
      };
    case mediaTypes.imageIndex:
    case mediaTypes.dockerManifestList:
      return { kind: 'index', ...common, manifests: parseDescriptors(document, 'manifests') };
    default:
      return {
        kind: 'artifact',
        ...common,
        blobs: document['blobs'] === undefined ? [] : parseDescriptors(document, 'blobs'),
      };
  }
}

/** @internal The members of a document of a type that a registry keeps under `manifests`. */
export function parseDocument(bytes: Uint8Array, mediaType: string): JsonObject {
  if (bytes.length > maxManifestSize)
    throw new OciError(
      'ERR_OCI_TOO_LARGE',
      `a manifest has at most ${maxManifestSize} bytes, this one has ${bytes.length}`,
    );
  const document = parseObject(bytes);
  checkMembers(document, mediaType);
  return document;
}

/**
 * @internal The members of an `index.json`, checked as an image index is. How large it may be is its reader's matter: it lists a whole
 * store.
 */
export function parseIndexMembers(bytes: Uint8Array): JsonObject {
  const document = parseObject(bytes);
  checkMembers(document, mediaTypes.imageIndex);
  parseCommon(document, mediaTypes.imageIndex, {});
  return document;
}

function parseObject(bytes: Uint8Array): JsonObject {
  let document: JsonValue;
  try {
    document = parseJson(bytes, { maxDepth: 64 });
  } catch (cause) {
    throw new OciError('ERR_OCI_INVALID', `a manifest is one JSON document: ${(cause as Error).message}`, { cause });
  }
  if (!isJsonObject(document)) throw invalid('manifest', 'an object', document);
  return document;
}

function checkMembers(document: JsonObject, mediaType: string): void {
  for (const name of Object.keys(document)) {
    const lower = name.toLowerCase();
    const twin = known.find((other) => other !== name && other.toLowerCase() === lower);
    if (twin !== undefined)
      throw new OciError('ERR_OCI_INVALID', `member ${quote(name)} differs from ${quote(twin)} in case only`);
  }
  const artifact = mediaType === mediaTypes.orasArtifact || mediaType === mediaTypes.ociArtifact;
  if (!artifact && document['schemaVersion'] !== 2) throw invalid('schemaVersion', '2', document['schemaVersion']);
  const index = mediaType === mediaTypes.imageIndex || mediaType === mediaTypes.dockerManifestList;
  for (const name of index
    ? ['config', 'layers', 'blobs', 'fsLayers']
    : artifact
      ? ['config', 'layers', 'manifests']
      : ['manifests', 'blobs', 'fsLayers']) {
    if (document[name] !== undefined)
      throw new OciError('ERR_OCI_INVALID', `a document of type ${quote(mediaType)} has no member ${quote(name)}`);
  }
}

function parseCommon(
  document: JsonObject,
  mediaType: string,
  options: ParseManifestOptions,
): Pick<Manifest, 'mediaType' | 'artifactType' | 'subject' | 'annotations'> {
  const { artifactType, subject } = document;
  checkOwnType(document['mediaType'], mediaType, options);
  if (artifactType !== undefined && typeof artifactType !== 'string')
    throw invalid('artifactType', 'text', artifactType);
  const annotations = parseAnnotations(document['annotations'], 'annotations');
  return {
    mediaType,
    ...(artifactType ? { artifactType } : {}),
    ...(subject === undefined || subject === null ? {} : { subject: parseDescriptor(subject, 'subject') }),
    ...(annotations === undefined ? {} : { annotations }),
  };
}

/** Docker's types must name themselves; for OCI the member is optional (image-spec, manifest.md). @internal */
export function checkOwnType(own: JsonValue | undefined, mediaType: string, options: ParseManifestOptions): void {
  const docker = mediaType === mediaTypes.dockerManifest || mediaType === mediaTypes.dockerManifestList;
  if (own === mediaType || (own === undefined && (!docker || options.twins === true))) return;
  if (options.twins !== true || own !== twins[mediaType]) throw invalid('mediaType', quote(mediaType), own);
}

function parseDescriptors(document: JsonObject, name: string): readonly Descriptor[] {
  return listOf(document, name).map((item, i) => parseDescriptor(item, `${name}[${i}]`));
}

/** @internal The items of a list inside a manifest; what they are is not looked at. */
export function listOf(document: JsonObject, name: string): readonly JsonValue[] {
  // Encoders in Go write an empty list as null.
  const list = document[name] === null ? [] : document[name];
  if (!isJsonArray(list)) throw invalid(name, 'an array of descriptors', list);
  if (list.length > maxChildren)
    throw new OciError('ERR_OCI_LIMIT', `${name}: expected at most ${maxChildren} descriptors, found ${list.length}`);
  return list;
}

/** The artifact type that a referrers list shows for a manifest: its own, else that of an image's config (distribution-spec, "Listing Referrers"). */
export function artifactTypeOf(manifest: Manifest): string | undefined {
  return manifest.artifactType ?? (manifest.kind === 'image' ? manifest.config.mediaType : undefined);
}
