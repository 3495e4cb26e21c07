import { defined } from '@notarykit/common/internal';
import type { TargetArtifact } from '@notarykit/signature-envelope/internal';
import { type Check, failed } from './check.js';

/** What a signature is expected to be about. A blob's media type may be left open. */
export interface ExpectedTarget {
  readonly mediaType?: string;
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

const members = ['digest', 'size', 'mediaType'] as const;

/** Whether the signature is about this artifact: digest, size and media type; annotations are not compared. */
export function checkTarget(found: TargetArtifact, expected: ExpectedTarget): Check {
  for (const member of members) {
    const wanted = expected[member];
    if (wanted !== undefined && wanted !== found[member]) {
      return failed({ fact: 'targetMismatch', member, expected: String(wanted), found: String(found[member]) });
    }
  }
  return { message: `signed is ${found.digest}` };
}

/** Whether the signed payload carries all metadata that is required: a name that appears twice must have both values, which none has. */
export function checkUserMetadata(
  found: TargetArtifact,
  required: readonly (readonly [key: string, value: string])[],
): Check {
  const annotations = found.annotations ?? {};
  for (const [key, expected] of required) {
    // Own members only: a required name such as "constructor" must not be found on the prototype.
    const value = Object.hasOwn(annotations, key) ? annotations[key] : undefined;
    if (value !== expected) {
      return failed({ fact: 'metadataMismatch', key, expected, ...defined({ found: value }) });
    }
  }
  return {
    message: 'the required metadata is signed',
    evidence: [{ kind: 'metadata', metadata: Object.fromEntries(required) }],
  };
}
