import type { CallOptions } from '@notarykit/common';
import type { Digest } from '@notarykit/oci';
import type { Image } from '../images/image.js';

/** What was found about an image. Only `trusted` admits by itself; `skipped` admits because the policy says to look away. */
export type ImageVerdict =
  | {
      readonly outcome: 'trusted' | 'skipped';
      readonly digest?: Digest;
      readonly code: string;
      readonly message: string;
      readonly validUntil?: Date;
    }
  | {
      readonly outcome: 'denied' | 'undecided';
      readonly digest?: Digest;
      readonly code: string;
      readonly message: string;
    };

/** Who asks, for policies that differ by namespace. */
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
