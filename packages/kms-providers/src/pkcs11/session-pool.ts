import { type CallOptions, createLimiter } from '@notarykit/common/internal';
import type { Pkcs11Handle, Pkcs11Library } from './library.js';

/** Sessions with a token. A session does one thing at a time, so each is lent to one caller at a time. */
export interface SessionPool {
  /** Runs work with its own session; a session whose work failed is not used again. */
  use<T>(work: (session: Pkcs11Handle) => Promise<T>, options?: CallOptions): Promise<T>;
  /** Closes the sessions, those at work when they have ended. Login ends with the last session of the process. */
  close(): void;
}

/** What a pool opens sessions with. */
export interface SessionPoolOptions {
  readonly library: Pkcs11Library;
  readonly open: () => Pkcs11Handle;
  /** How many sessions at most. */
  readonly size: number;
}

/** A pool that opens sessions as they are needed. */
export function createSessionPool({ library, open, size }: SessionPoolOptions): SessionPool {
  const idle: Pkcs11Handle[] = [];
  const limit = createLimiter(size);
  let closed = false;
  const end = (session: Pkcs11Handle): void => {
    try {
      library.C_CloseSession(session);
    } catch {
      // It is gone already: with its token, or closed by somebody else.
    }
  };
  return {
    use: (work, { signal } = {}) =>
      limit(async () => {
        // A caller that gave up while waiting takes no session, and no caller does after the end.
        signal?.throwIfAborted();
        // As the library says it: callers that wait when the token was lost go on with the next connection.
        if (closed) throw new Error('CKR_SESSION_CLOSED');
        const session = idle.pop() ?? open();
        try {
          const result = await work(session);
          if (closed) end(session);
          else idle.push(session);
          return result;
        } catch (error) {
          // An operation may still be active in it.
          end(session);
          throw error;
        }
      }),
    close() {
      closed = true;
      for (const session of idle.splice(0)) end(session);
    },
  };
}
