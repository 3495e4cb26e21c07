import type { Descriptor } from '@notarykit/oci/internal';
import type { Fact } from './facts.js';

/** What may be a signature of an artifact, as the reader of the repository found it. */
export type SignatureCandidate =
  /** An envelope whose manifest says that it is a signature of the artifact. */
  | {
      readonly kind: 'envelope';
      /** The signature manifest. */
      readonly manifest: Descriptor;
      /** Media type of the envelope. */
      readonly mediaType: string;
      readonly bytes: Uint8Array;
    }
  /** A signature that cannot be fetched, with code and message of the error. */
  | {
      readonly kind: 'unreadable';
      readonly manifest?: Descriptor;
      readonly code: string;
      readonly message: string;
    }
  /** A referrer that is not a signature of the artifact, whatever the list says. */
  | { readonly kind: 'notASignature'; readonly manifest: Descriptor; readonly fact: Fact };
