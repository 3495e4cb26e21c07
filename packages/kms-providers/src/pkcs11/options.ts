import type { Pkcs11Js } from './library.js';
import type { KeySelector } from './objects.js';
import type { Pin } from './pin.js';
import type { TokenSelector } from './token.js';

/** A private key of a PKCS#11 token. */
export interface Pkcs11KeyOptions extends TokenSelector, KeySelector {
  /**
   * Path of the token's library: `/usr/lib/softhsm/libsofthsm2.so`, `/usr/lib/x86_64-linux-gnu/libykcs11.so` … Other code of the
   * process that initialises the same library must do so with `CKF_OS_LOCKING_OK`: signatures are made in threads.
   */
  readonly library: string;
  /** The user's PIN; without it there is no login. A function is asked when the PIN is needed. A refused PIN is not tried again. */
  readonly pin?: Pin;
  /** Signatures at once, each in its own session; no more than the token allows. Default 4. */
  readonly sessions?: number;
  /**
   * Whether `close` finalises the library if it was initialised here, once all signatures under way have ended. That ends it for the
   * whole process, so only the program knows whether it may. Default false.
   */
  readonly finalize?: boolean;
  /** The loaded package `pkcs11js`. Default: it is imported when it is needed. */
  readonly pkcs11js?: Pkcs11Js;
}
