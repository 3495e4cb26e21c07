import type { CallOptions } from '@notarykit/common/internal';
import { type Descriptor, parseDigest, type Repository, type TagLister } from '@notarykit/oci/internal';
import { callOptions } from '../call-options.js';

/** What cosign writes beside a digest. */
const suffixes = ['sig', 'att', 'sbom'];
const mostTags = 1000;

/**
 * The tags that are named after a digest, the referrers tag itself excepted: that one is written by the client that pushes referrers.
 * Where tags can be listed any suffix counts, elsewhere those of cosign are tried.
 */
export async function digestTagsOf(
  source: Repository & Partial<TagLister>,
  { digest }: Descriptor,
  options: CallOptions,
): Promise<readonly string[]> {
  const { algorithm, hex } = parseDigest(digest);
  const prefix = `${algorithm}-${hex}.`;
  if (source.tags === undefined) return suffixes.map((suffix) => prefix + suffix);
  const found: string[] = [];
  for await (const tag of source.tags(callOptions(options))) {
    if (tag.startsWith(prefix)) found.push(tag);
    if (found.length >= mostTags) break;
  }
  return found;
}
