import { quote } from '@notarykit/common/internal';
import type { Descriptor } from '../descriptor.js';
import type { Digest } from '../digest.js';
import { OciError } from '../errors.js';

/** Annotation of an `index.json` entry that holds its tag (image-spec, image-layout.md). */
export const refName = 'org.opencontainers.image.ref.name';
/** The tag once more, within a full image name, as containerd writes it. */
const imageName = 'io.containerd.image.name';
const tagPattern = /^[A-Za-z0-9]+(?:(?:[-._:@+]|--)[A-Za-z0-9]+)*(?:\/[A-Za-z0-9]+(?:(?:[-._:@+]|--)[A-Za-z0-9]+)*)*$/;

/** The tag of an entry; what another tool wrote there may be no text. */
export function tagOf(entry: Descriptor): string | undefined {
  const tag: unknown = entry.annotations?.[refName];
  return typeof tag === 'string' ? tag : undefined;
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

/** The entries with a tag at a manifest, taken from wherever it was. What they say besides stays with the manifest that it is about. */
export function withTag(entries: readonly Descriptor[], descriptor: Descriptor, tag: string): readonly Descriptor[] {
  const untagged = entries.find((entry) => entry.digest === descriptor.digest && tagOf(entry) === undefined);
  const others = entries.filter((entry) => tagOf(entry) !== tag && entry !== untagged);
  // A manifest that loses its last tag stays in the layout, without one.
  const lost = entries.filter(
    (entry) =>
      tagOf(entry) === tag &&
      entry.digest !== descriptor.digest &&
      !others.some(({ digest }) => digest === entry.digest),
  );
  const base = untagged ?? descriptor;
  const tagged = { ...base, annotations: { ...base.annotations, [refName]: tag } };
  return [...others, ...lost.map(withoutTag), tagged];
}

/** A descriptor without the tag among its annotations. */
export function withoutTag(descriptor: Descriptor): Descriptor {
  const { annotations, ...rest } = descriptor;
  if (annotations === undefined) return descriptor;
  const others = Object.entries(annotations).filter(([name]) => name !== refName && name !== imageName);
  return others.length === 0 ? rest : { ...rest, annotations: Object.fromEntries(others) };
}
