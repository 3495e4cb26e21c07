import type { CallOptions, VerdictName } from '@notarykit/common/internal';
import type { Digest } from '@notarykit/oci/internal';
import type { KeptVerdict } from 'notarykit/internal';
import type { Image } from './images/image.js';

/** What was found about an image. */
export interface ImageVerdict {
  /** `trusted` and `skipped` (the policy says to verify nothing) admit, no other. */
  readonly verdict: VerdictName;
  /** The digest that was decided about. */
  readonly digest?: Digest;
  /** Stable, for machines. */
  readonly code: string;
  readonly message: string;
  /** When the verdict would change by itself. */
  readonly validUntil?: Date;
  /** What the verdict rests on: the report on signatures, and the decision of the gate while it is fresh. */
  readonly report?: NonNullable<KeptVerdict['report']>;
  readonly decision?: NonNullable<KeptVerdict['decision']>;
}

/** Two verdicts admit; whatever else somebody's verifier answers does not. */
export function admits({ verdict }: ImageVerdict): boolean {
  return verdict === 'trusted' || verdict === 'skipped';
}

/** The caller, for policies that differ by namespace. */
export interface ImageContext extends CallOptions {
  readonly namespace?: string;
  readonly username?: string;
  readonly dryRun: boolean;
}

/**
 * The port of a review: decides about one image. It resolves a tag once and puts the digest that it decided about into
 * the verdict; what it throws counts as `undecided`, which refuses.
 */
export type VerifyImage = (image: Image, context: ImageContext) => Promise<ImageVerdict>;
