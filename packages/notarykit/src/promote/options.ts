import type { Digest } from '@notarykit/oci/internal';
import type { Signer } from '@notarykit/signature-envelope/internal';
import type { GateOptions } from '../gate.js';
import type { ArtifactReference } from '../reference.js';
import type { SignOptions } from '../sign.js';

export const productionOptions = [
  'format',
  'expiry',
  'metadata',
  'kind',
  'manifestForm',
  'timestamper',
  'timestampRoots',
  'timestampRevocation',
  'allowNonCriticalBasicConstraints',
] as const;

/** Options of {@link promote}. */
export interface PromoteOptions extends GateOptions, Pick<SignOptions, (typeof productionOptions)[number]> {
  readonly reference: ArtifactReference;
  /** Tags at the target, set last. */
  readonly tag: string | readonly string[];
  /** Move the tags only if they point here now; `null`: only if there are none. */
  readonly ifMatch?: Digest | null;
  /** The production key. */
  readonly signer: Signer;
  /**
   * Of an image index: that it is trusted and signed for production (`index`, the default), or each manifest in it that can run too
   * (`both`), so that `verify` with the same value trusts it at the target.
   */
  readonly platforms?: 'index' | 'both';
  /** Where the production signatures are made: in the source (the default), or in the target when the source is read-only. */
  readonly signIn?: 'source' | 'target';
  /** Promote what a statement of level `skip` is about: nothing was verified then but what the gate verifies. Default `false`. */
  readonly allowSkipped?: boolean;
  readonly onProgress?: (progress: PromotionProgress) => void;
}

/** How far a promotion is. */
export interface PromotionProgress {
  readonly phase: 'verify' | 'gate' | 'sign' | 'copy' | 'assert' | 'tag' | 'done';
  readonly message: string;
}
