import type { JsonObject } from '@notarykit/common';
import { type PartialPlatform, partsOfPlatform } from '@notarykit/oci';
import { textOf } from '../json/members.js';
import type { DocumentSubject } from './document.js';

const digestPattern = /^sha(?:256:[0-9a-f]{64}|384:[0-9a-f]{96}|512:[0-9a-f]{128})$/;

/** The digest of `repository@sha256:…`, of a package URL `pkg:oci/name@sha256%3A…`, or of a bare digest. */
export function digestIn(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const bare = text.slice(text.lastIndexOf('@') + 1);
  const end = bare.search(/[?#]/);
  const digest = (end < 0 ? bare : bare.slice(0, end)).replace(/%3a/i, ':').toLowerCase();
  return digestPattern.test(digest) ? digest : undefined;
}

/** The platform in the qualifiers of `pkg:oci/…?arch=amd64`: an architecture, or more. */
export function platformIn(purl: string | undefined): PartialPlatform {
  const text = purl === undefined ? undefined : /[?&]arch=([^&#]+)/i.exec(purl)?.[1];
  return text === undefined ? {} : partsOfPlatform(text.replace(/%2f/gi, '/'));
}

/** The platform in the members `os`, `architecture` and `variant`. */
export function platformMembers(object: JsonObject | undefined): PartialPlatform {
  const [os, architecture, variant] = ['os', 'architecture', 'variant'].map((name) => textOf(object, name));
  return {
    ...(os === undefined ? {} : { os }),
    ...(architecture === undefined ? {} : { architecture }),
    ...(variant === undefined ? {} : { variant }),
  };
}

/** Puts a subject together out of what a document says in its various places. */
export function subjectOf(parts: {
  readonly references?: readonly (string | undefined)[];
  readonly digests?: readonly (string | undefined)[];
  readonly imageIds?: readonly (string | undefined)[];
  readonly names?: readonly (string | undefined)[];
  readonly platforms?: readonly PartialPlatform[];
}): DocumentSubject {
  return {
    digests: digestsIn([...(parts.references ?? []), ...(parts.digests ?? [])]),
    imageIds: digestsIn(parts.imageIds ?? []),
    names: (parts.names ?? []).filter((name) => name !== undefined && name !== '') as string[],
    platforms: (parts.platforms ?? []).filter((platform) => Object.keys(platform).length > 0),
    carriers: [],
  };
}

/** A subject with what a statement around the document says; a statement that names no digest says nothing. */
export function carriedBy(subject: DocumentSubject, digests: readonly string[]): DocumentSubject {
  // As written: a digest of an algorithm that nobody here knows still says that it is about something else.
  return digests.length === 0 ? subject : { ...subject, carriers: [...(subject.carriers ?? []), digests] };
}

function digestsIn(texts: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(texts.flatMap((text) => digestIn(text) ?? []))];
}
