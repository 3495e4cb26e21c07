import { checkDigest, type Digest } from '@notarykit/oci/internal';
import type { Arguments } from './command.js';
import type { OptionSpec } from './option-spec.js';
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

/** The option that {@link readIfMatch} reads. */
export const ifMatchOption: OptionSpec = {
  type: 'string',
  value: 'digest|none',
  help: 'only if the tag points here now; "none": only if there is none',
};

/** Where a tag must point for it to be set. */
export function readIfMatch(args: Arguments): { readonly ifMatch?: Digest | null } {
  const text = args.text('if-match');
  if (text === undefined) return {};
  if (text === 'none') return { ifMatch: null };
  checkDigest(text);
  return { ifMatch: text };
}
