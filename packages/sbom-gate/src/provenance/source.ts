import type { BuildMaterial, BuildSource } from './document.js';

/** A URL of a repository, taken apart. */
type Place = Pick<BuildSource, 'repository' | 'ref'>;

const url = /^(?:git\+)?([a-z][a-z0-9+.-]*):\/\/([^/?#%\\\s]+)(\/[^@#?%\\\s]*)(?:[@#]([^?%\\]*))?$/i;

/**
 * Takes the URL of a repository apart: `git+https://host/path@ref` as GitHub and Tekton write it, `https://host/path.git#ref:folder`
 * as BuildKit does. What could be read in more than one way (escapes, dot segments, queries) stays one text that no pattern of a
 * policy can match.
 */
export function placeOf(uri: string): Place {
  const [, scheme = '', authority = '', path = '', rest] = url.exec(uri) ?? [];
  if (scheme === '' || /\/\.{0,2}(?:\/|$)/.test(path.replace(/\/$/, ''))) return { repository: `unreadable ${uri}` };
  const host = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase();
  const repository = `${scheme.toLowerCase()}://${host}${path.replace(/\/$/, '').replace(/\.git$/, '')}`;
  const ref = rest?.split(':', 1)[0];
  return ref === undefined || ref === '' ? { repository } : { repository, ref };
}

/** A pattern of a policy in the form in which {@link placeOf} gives repositories. */
export function repositoryPattern(pattern: string): string {
  const bare = pattern
    .replace(/^git\+/i, '')
    .replace(/\/$/, '')
    .replace(/\.git$/, '');
  return bare.replace(/^[^/]*:\/\/[^/]*/, (origin) => origin.toLowerCase());
}

/** Whether a material is a repository of sources. */
export function isGit({ uri, digests }: Pick<BuildMaterial, 'uri' | 'digests'>): boolean {
  if (/^git(?:\+[a-z]+)?:/i.test(uri) || /^[a-z+]+:\/\/[^?#]+\.git(?:[@#]|$)/i.test(uri)) return true;
  return /^(?:https?|ssh):\/\//i.test(uri) && digests.some((digest) => /^(?:sha1|gitcommit):/.test(digest));
}

/** The source that a material is. */
export function sourceOf({ uri, digests, pointer }: BuildMaterial): BuildSource {
  return { ...placeOf(uri), revisions: revisionsIn(digests), pointer };
}

/** The commits among digests. */
export function revisionsIn(digests: readonly string[]): readonly string[] {
  const hex = digests.map((digest) => digest.slice(digest.indexOf(':') + 1));
  return [...new Set(hex.filter((value) => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(value)))];
}
