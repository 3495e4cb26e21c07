import type { Schema } from './check-schema.js';
import { block, definition, list, oneOf, text } from './schema-members.js';

const pattern: Schema = { type: 'string', minLength: 1 };
const patterns = { minItems: 1, uniqueItems: true };

const source: Schema = block(
  'A source repository from which images may be built. The provenance must state a revision.',
  {
    repository: text('URL of the repository, without ref; `*` and `?` are wildcards.', {
      pattern: '^[a-z][a-z0-9+.-]*://[^/?#]+/',
      examples: ['https://github.com/wabbit-networks/net-monitor'],
    }),
    refs: list(
      pattern,
      'Branches and tags as the builder writes them, such as `refs/tags/*`. Without it all are accepted, also an unstated one.',
      patterns,
    ),
    revisions: list(
      {
        type: 'string',
        pattern: '^([0-9a-f]{40}|[0-9a-f]{64})$',
        examples: ['4b220de5058abfd01ff619c9d2ff6b09a049bea0'],
      },
      'Commits. Without it all are accepted.',
      patterns,
    ),
  },
  ['repository'],
);

const materials: Schema = block('What may go into a build. A provenance that lists nothing is refused.', {
  allow: list(
    pattern,
    'URIs that may be used; all others are refused. `*` and `?` are wildcards. Without it all that are not blocked.',
    patterns,
  ),
  block: list(pattern, 'URIs that must not be used; `*` and `?` are wildcards.', { default: [] }),
  unpinned: definition('action', 'A material without a digest.', 'deny'),
  incomplete: definition('action', 'A builder that does not say that it lists every material.', 'warn'),
});

/** Schema of the `provenance` block. */
export const provenanceSchema: Schema = block(
  'Rules about how images are built (SLSA provenance). Each platform must have a statement that is trusted, and all trusted ones are judged.',
  {
    signedBy: definition(
      'signerList',
      'Who may sign provenance. For attestation manifests of BuildKit, the signature of the index counts.',
    ),
    formats: list({ enum: ['slsa-0.2', 'slsa-1'] }, 'Versions that are accepted; others count as absent.', {
      minItems: 1,
      uniqueItems: true,
      default: ['slsa-0.2', 'slsa-1'],
    }),
    binding: oneOf(
      ['subject', 'subject-and-document'],
      'Whether the statement must also name the image by digest.',
      'subject',
    ),
    builders: list(
      pattern,
      'Accepted builders (`builder.id`); `*` and `?` are wildcards. Without it all are accepted, also an unstated one.',
      patterns,
    ),
    buildTypes: list(
      pattern,
      'Accepted values of `buildType`; `*` and `?` are wildcards. Without it all are accepted.',
      patterns,
    ),
    sources: list(
      source,
      'Repositories from which images may be built; each source must be one of them. Without it all are accepted.',
      { minItems: 1 },
    ),
    materials,
    baseImages: oneOf(
      ['any', 'verified'],
      'With `verified`, the provenance must list at least one image that the build used, and the caller must have verified each of them.',
      'any',
    ),
  },
  ['signedBy'],
);
