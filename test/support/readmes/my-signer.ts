// The reader's own signer, which an example of packages/kms-providers/README.md tests.
import type { Signer } from '@notarykit/signature-envelope';

export declare const mySigner: () => Signer;
export declare const pin: string;
