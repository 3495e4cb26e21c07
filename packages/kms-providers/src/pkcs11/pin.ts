import { createLimiter, describeKind } from '@notarykit/common/internal';
import type { Secrets } from '../remote/redacted.js';
import { CKU } from './constants.js';
import { pkcs11Error, refuse, returned } from './errors.js';
import type { Pkcs11Handle, Pkcs11Library } from './library.js';

/** A PIN, or a function that asks for it when it is needed. */
export type Pin = string | (() => string | Promise<string>);

/** Logs in, and remembers what was refused: a token locks itself after a few wrong PINs. */
export interface Login {
  /**
   * Asks for the PIN and logs the process in to the token of a session, one attempt at a time; that it is logged in already is no
   * error. Whether there was a PIN at all.
   */
  login(library: Pkcs11Library, session: Pkcs11Handle, user?: number): Promise<boolean>;
  /** The last PINs that were given. */
  readonly secrets: Secrets;
}

/** A PIN that was refused once is not tried again by the same signer. */
export function createLogin(pin: Pin | undefined): Login {
  const oneAtATime = createLimiter(1);
  let given: readonly string[] = [];
  let refused: { readonly pin: string; readonly error: unknown } | undefined;
  const attempt = async (library: Pkcs11Library, session: Pkcs11Handle, user: number): Promise<boolean> => {
    // A line break belongs to the file that the PIN was read from; a token would count it as a wrong PIN.
    const asked: unknown = typeof pin === 'function' ? await askCaller(pin) : pin;
    if (asked === undefined) return false;
    if (typeof asked !== 'string')
      throw refuse('invalid-request', `pin: expected a string, found ${describeKind(asked)}`);
    const value = asked.replace(/\r?\n$/, '');
    given = [...given.filter((one) => one !== value).slice(-3), value];
    // Looked at right before the attempt: others may have been refused while this one waited.
    if (refused?.pin === value) throw refused.error;
    try {
      library.C_Login(session, user, value);
    } catch (cause) {
      const name = returned(cause);
      if (name === 'CKR_USER_ALREADY_LOGGED_IN' && user === CKU.USER) return true;
      const error = pkcs11Error(cause, undefined);
      if (name?.startsWith('CKR_PIN_')) refused = { pin: value, error };
      throw error;
    }
    return true;
  };
  return {
    login: (library, session, user = CKU.USER) => oneAtATime(() => attempt(library, session, user)),
    secrets: () => given,
  };
}

async function askCaller(pin: () => string | Promise<string>): Promise<string> {
  try {
    return await pin();
  } catch (cause) {
    throw refuse('unauthenticated', 'the PIN could not be obtained', { cause });
  }
}
