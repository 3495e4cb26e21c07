import type { CallOptions } from '@notarykit/common/internal';
import type { Password } from './password.js';

/** How a PKCS #12 file is opened. */
export interface ParsePkcs12Options extends CallOptions {
  readonly password: Password;
  /** The most iterations of all key derivations of the file together; more are refused before they are begun. Default 2,000,000. */
  readonly maxIterations?: number;
  /** The most bytes of the file. Default 1 MiB. */
  readonly maxBytes?: number;
  /** `skip` leaves private keys encrypted and unread, for callers that want only the certificates. Default `read`. */
  readonly privateKeys?: 'read' | 'skip';
}
