import { type CallOptions, equalBytes } from '@notarykit/common/internal';
import type { Secrets } from '../remote/redacted.js';
import { type Connection, connect, signOn } from './connection.js';
import { isLost, pkcs11Error, refuse } from './errors.js';
import { initialize, type LoadedLibrary, loadLibrary } from './library.js';
import { gateOf, type LibraryGate } from './library-gate.js';
import type { SigningTask } from './mechanism.js';
import type { Pkcs11KeyOptions } from './options.js';
import { createLogin } from './pin.js';

/** A private key of a token, over all the connections that it takes. */
export interface TokenKey {
  /** Connects, the first time. */
  open(): Promise<Connection>;
  sign(task: SigningTask, call?: CallOptions): Promise<Uint8Array>;
  close(): Promise<void>;
  /** What must not be in an error. */
  readonly secrets: Secrets;
}

/** A key that is looked up when it is first used, and once more when the token was away. */
export function tokenKey(options: Pkcs11KeyOptions): TokenKey {
  const login = createLogin(options.pin);
  const gate = gateOf(options.library, options.pkcs11js);
  let loaded: Promise<LoadedLibrary> | undefined;
  let current: Promise<Connection> | undefined;
  let closed = false;

  const open = (): Promise<Connection> => {
    if (closed) return Promise.reject(refuse('unavailable', 'the signer is closed'));
    loaded ??= loadLibrary(options.library, options.pkcs11js).catch((error: unknown) => {
      loaded = undefined;
      throw error;
    });
    current ??= start(loaded).catch((error: unknown) => {
      current = undefined;
      throw pkcs11Error(error, undefined);
    });
    return current;
  };
  const start = async (loading: Promise<LoadedLibrary>): Promise<Connection> => {
    const { library } = await loading;
    initialize(library);
    const { keyLabel, keyId, token, serial, slot, sessions = 4 } = options;
    return connect(library, { ...defined({ keyLabel, keyId, token, serial, slot }), sessions, login });
  };
  /** The first caller that notices reconnects; the others, which fail with the same old connection, share the new one. */
  const reopen = async (old: Connection, opened: Promise<Connection> | undefined): Promise<Connection> => {
    if (current === opened) {
      current = undefined;
      old.sessions.close();
    }
    const fresh = await open();
    if (old.publicKey !== undefined && fresh.publicKey !== undefined && !equalBytes(old.publicKey, fresh.publicKey))
      throw refuse(
        'chain-mismatch',
        'the token was inserted again with another key; create a new signer',
        {},
        old.keyId,
      );
    return fresh;
  };
  const sign = async (task: SigningTask, call: CallOptions): Promise<Uint8Array> => {
    const connection = await open();
    const opened = current;
    try {
      return await signOn(connection, task, call);
    } catch (error) {
      if (!isLost(error)) throw pkcs11Error(error, connection.keyId);
      if (closed) throw refuse('unavailable', 'the signer is closed', { cause: error }, connection.keyId);
      return signOn(await reopen(connection, opened), task, call).catch((again: unknown) => {
        throw pkcs11Error(again, connection.keyId);
      });
    }
  };
  return {
    open: () => gate.work(open),
    secrets: login.secrets,
    sign: (task, call = {}) => gate.work(() => sign(task, call)),
    async close() {
      closed = true;
      const connection = await current?.catch(() => undefined);
      connection?.sessions.close();
      if (options.finalize === true) await finalize(loaded, gate);
    },
  };
}

async function finalize(loaded: Promise<LoadedLibrary> | undefined, gate: LibraryGate): Promise<void> {
  const found = await loaded?.catch(() => undefined);
  if (found?.own !== true) return;
  await gate.alone(() => {
    found.library.C_Finalize();
    found.library.close();
  });
}

/** Without the members that are undefined. */
function defined<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
