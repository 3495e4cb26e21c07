import type { Signer } from '@notarykit/signature-envelope/internal';
import type { SignerConformanceOptions } from './options.js';

/** One case; it throws what is wrong and how to mend it. */
export type Case = (signer: Signer, options: SignerConformanceOptions) => Promise<void>;
