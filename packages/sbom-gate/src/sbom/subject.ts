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

/** The architecture in the qualifiers of `pkg:oci/…?arch=amd64`. */
export function archIn(purl: string | undefined): string | undefined {
  return purl === undefined ? undefined : /[?&]arch=([a-z0-9/]+)/i.exec(purl)?.[1];
}

/** Puts a subject together out of what a document says in its various places. */
export function subjectOf(parts: {
  readonly references?: readonly (string | undefined)[];
  readonly digests?: readonly (string | undefined)[];
  readonly imageId?: string | undefined;
  readonly names?: readonly (string | undefined)[];
  readonly architecture?: string | undefined;
}): DocumentSubject {
  const digests = new Set<string>();
  for (const text of [...(parts.references ?? []), ...(parts.digests ?? [])]) {
    const digest = digestIn(text);
    if (digest !== undefined) digests.add(digest);
  }
  const imageId = digestIn(parts.imageId);
  const architecture = parts.architecture;
  return {
    digests: [...digests],
    ...(imageId === undefined ? {} : { imageId }),
    names: (parts.names ?? []).filter((name) => name !== undefined && name !== '') as string[],
    ...(architecture === undefined || architecture === '' ? {} : { architecture }),
  };
}
