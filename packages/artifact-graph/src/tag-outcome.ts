import type { Digest } from '@notarykit/oci/internal';

/** What became of a tag. */
export interface TagOutcome {
  readonly tag: string;
  readonly before: Digest | null;
  readonly after: Digest | null;
  readonly changed: boolean;
  readonly guard: TagGuard;
}

/**
 * How well an update was guarded against another writer: `compare-and-swap` if the repository promises it; `checked` if it was
 * read before and after, so that another writer in between went unnoticed; `none` if nothing was asked for.
 */
export type TagGuard = 'compare-and-swap' | 'checked' | 'none';
