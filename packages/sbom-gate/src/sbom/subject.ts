import type { JsonObject } from '@notarykit/common/internal';
import { type PartialPlatform, partsOfPlatform } from '@notarykit/oci/internal';
import { textOf } from '../json/members.js';
import type { DocumentSubject } from './document.js';

const digestPattern = /^sha(?:256:[0-9a-f]{64}|384:[0-9a-f]{96}|512:[0-9a-f]{128})$/;

/**
 * A digest that no manifest here can have, cut short or of an unknown algorithm: that it is about something else is
 * stated all the same.
 */
const otherDigest = /^(?:sha(?:256|384|512):|[a-z][a-z0-9+._-]*:[0-9a-f]{32,}$)/;

/** The digest of `repository@sha256:…`, of a package URL `pkg:oci/name@sha256%3A…`, or of a bare digest. */
export function digestIn(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (!/^\s*pkg:/i.test(text)) return digestOf(text.slice(text.lastIndexOf('@') + 1).split(/[?#]/, 1)[0]);
  // In a package URL it is the version, else the qualifier of the type docker. Another qualifier may be a reference to anything.
  const [name = ''] = text.split(/[?#]/, 1);
  return digestOf(name.slice(name.lastIndexOf('@') + 1)) ?? digestOf(qualifierOf(text, 'digest'));
}

function digestOf(text: string | undefined): string | undefined {
  const digest = text?.trim().replace(/%3a/i, ':').toLowerCase() ?? '';
  return digestPattern.test(digest) || otherDigest.test(digest) ? digest : undefined;
}

function qualifierOf(purl: string, name: string): string | undefined {
  return new RegExp(`[?&]${name}=([^&#]+)`, 'i').exec(purl)?.[1]?.replace(/%2f/gi, '/');
}

/** The platform in the qualifiers of `pkg:oci/…?arch=amd64` or `pkg:docker/…?platform=linux%2Famd64`: an architecture, or more. */
export function platformIn(purl: string | undefined): PartialPlatform {
  if (purl === undefined) return {};
  const [os, architecture, platform] = ['os', 'arch', 'platform'].map((name) => qualifierOf(purl, name));
  return {
    ...(os === undefined ? {} : { os }),
    ...partsOfPlatform(architecture ?? ''),
    ...partsOfPlatform(platform ?? ''),
  };
}

/** The hash of a document's root as a digest, where its algorithm, in whatever spelling, is one by which manifests are named. */
export function hashDigest(algorithm: string | undefined, value: string | undefined): string | undefined {
  const name = /^sha-?(256|384|512)$/i.exec(algorithm ?? '')?.[1];
  return name === undefined || value === undefined ? undefined : `sha${name}:${value.trim()}`;
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
    // A name may be a reference, too: `registry/app@sha256:…` is what a scanner was told to look at.
    digests: digestsIn([...(parts.references ?? []), ...(parts.digests ?? []), ...(parts.names ?? [])]),
    imageIds: digestsIn(parts.imageIds ?? []),
    names: (parts.names ?? []).filter((name) => name !== undefined && name !== '') as string[],
    platforms: (parts.platforms ?? []).filter((platform) => Object.keys(platform).length > 0),
    carriers: [],
  };
}

/** A subject with what a statement around the document says; a statement that names no digest says nothing. */
export function carriedBy(subject: DocumentSubject, digests: readonly string[]): DocumentSubject {
  // As written: a digest of an unknown algorithm still says that it is about something else.
  return digests.length === 0 ? subject : { ...subject, carriers: [...(subject.carriers ?? []), digests] };
}

function digestsIn(texts: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(texts.flatMap((text) => digestIn(text) ?? []))];
}
