import { readTag, type Target } from './target.js';

/** `registry/repository:v1,v2` with the first of its tags, and the others. */
export function splitTags(reference: string): { readonly reference: string; readonly tags: readonly string[] } {
  const [, first = reference, others] = /^(.*:[^/,]+),([^/]*)$/.exec(reference) ?? [];
  return { reference: first, tags: others === undefined ? [] : others.split(',').map(readTag) };
}

/** A tag that is to be set, if a target names one. */
export function tagOfTarget({ name }: Target): readonly string[] {
  return name === undefined ? [] : [readTag(name)];
}
