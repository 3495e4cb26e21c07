import { isJsonObject, parseJson, quote, utf8 } from '@notarykit/common';
import type { Descriptor } from '../descriptor.js';
import type { Digest } from '../digest.js';
import { OciError } from '../errors.js';
import { parseManifest } from '../manifest.js';
import { mediaTypes } from '../media-types.js';

/** Annotation of an `index.json` entry that holds its tag (image-spec, image-layout.md). */
export const refName = 'org.opencontainers.image.ref.name';
/** Most bytes of `index.json`. */
export const maxIndexSize: number = 16 * 1024 * 1024;
const version = '1.0.0';
const tagPattern = /^[A-Za-z0-9]+(?:(?:[-._:@+]|--)[A-Za-z0-9]+)*(?:\/[A-Za-z0-9]+(?:(?:[-._:@+]|--)[A-Za-z0-9]+)*)*$/;

/** The bytes of an `oci-layout` file. */
export function buildLayoutFile(): Uint8Array {
  return utf8(JSON.stringify({ imageLayoutVersion: version }));
}

/** @throws {OciError} `ERR_OCI_INVALID`, `ERR_OCI_UNSUPPORTED` unless these are the bytes of an `oci-layout` file of version 1.0.0 */
export function checkLayoutFile(bytes: Uint8Array): void {
  let document: unknown;
  try {
    document = parseJson(bytes, { maxDepth: 16 });
  } catch (cause) {
    throw new OciError('ERR_OCI_INVALID', 'oci-layout is not JSON', { cause });
  }
  const found = isJsonObject(document as null)
    ? (document as { imageLayoutVersion?: unknown }).imageLayoutVersion
    : undefined;
  if (found === version) return;
  if (typeof found !== 'string') throw new OciError('ERR_OCI_INVALID', 'oci-layout names no imageLayoutVersion');
  throw new OciError('ERR_OCI_UNSUPPORTED', `expected a layout of version ${version}, found ${quote(found)}`);
}

/** The entries of `index.json`. */
export function parseIndexDocument(bytes: Uint8Array): readonly Descriptor[] {
  const manifest = parseManifest(bytes, mediaTypes.imageIndex);
  return manifest.kind === 'index' ? manifest.manifests : [];
}

/** The bytes of `index.json`: entries in the order of tag and digest, so that equal content gives equal bytes. */
export function buildIndexDocument(entries: readonly Descriptor[]): Uint8Array {
  const key = (entry: Descriptor): string => `${tagOf(entry) ?? '\uffff'}\u0000${entry.digest}`;
  const manifests = [...entries].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return utf8(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.imageIndex, manifests }));
}

/** The tag of an entry. containerd writes full names there; the part after the last colon that is a tag counts too. */
export function tagOf(entry: Descriptor): string | undefined {
  return entry.annotations?.[refName];
}

/** @throws {OciError} `ERR_OCI_INVALID` unless the text can be the tag of a layout entry (image-spec, annotations.md) or of a registry */
export function checkLayoutTag(tag: string): void {
  if (tag.length <= 255 && (tagPattern.test(tag) || /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/.test(tag))) return;
  throw new OciError('ERR_OCI_INVALID', `expected a tag, found ${quote(tag)}`);
}

/** The entry of a tag; two different ones under one name are an error, never a choice. */
export function findTag(entries: readonly Descriptor[], tag: string): Descriptor | undefined {
  const found = entries.filter((entry) => tagOf(entry) === tag);
  const digests = new Set<Digest>(found.map(({ digest }) => digest));
  if (digests.size > 1) {
    throw new OciError(
      'ERR_OCI_INVALID',
      `index.json gives the tag ${quote(tag)} to ${digests.size} different manifests`,
    );
  }
  return found[0];
}

/** The entries with a tag at a manifest, taken from wherever it was. */
export function withTag(entries: readonly Descriptor[], descriptor: Descriptor, tag: string): readonly Descriptor[] {
  const others = entries.filter(
    (entry) => tagOf(entry) !== tag && !(entry.digest === descriptor.digest && tagOf(entry) === undefined),
  );
  // A manifest that loses its last tag stays in the layout, without one.
  const lost = entries.filter(
    (entry) =>
      tagOf(entry) === tag &&
      entry.digest !== descriptor.digest &&
      !others.some(({ digest }) => digest === entry.digest),
  );
  const tagged = { ...withoutTag(descriptor), annotations: { ...withoutTag(descriptor).annotations, [refName]: tag } };
  return [...others, ...lost.map(withoutTag), tagged];
}

/** A descriptor without the tag among its annotations. */
export function withoutTag(descriptor: Descriptor): Descriptor {
  const { annotations, ...rest } = descriptor;
  if (annotations === undefined) return descriptor;
  const others = Object.entries(annotations).filter(([name]) => name !== refName);
  return others.length === 0 ? rest : { ...rest, annotations: Object.fromEntries(others) };
}
