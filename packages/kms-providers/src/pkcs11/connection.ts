import { type Bytes, type CallOptions, encodeHex } from '@notarykit/common/internal';
import { type Certificate, parsePublicKey } from '@notarykit/pki/internal';
import { algorithmOf, keySpecOf } from '@notarykit/signature-envelope/internal';
import { readCertificates } from './certificates.js';
import { CKA, CKF, CKU } from './constants.js';
import type { Pkcs11Handle, Pkcs11Library } from './library.js';
import { operationOf, type SigningTask } from './mechanism.js';
import { findPrivateKey, type KeySelector, type OpenSession, readAttribute } from './objects.js';
import type { Login } from './pin.js';
import { publicKeyOf } from './public-key.js';
import { createSessionPool, type SessionPool } from './session-pool.js';
import { findToken, type Token, type TokenSelector } from './token.js';

/** Which key, and how it is reached. */
export interface ConnectOptions extends TokenSelector, KeySelector {
  /** How many signatures may be made at once. */
  readonly sessions: number;
  readonly login: Login;
}

/** A private key of a token, found and ready. All of it is void once the token was away. */
export interface Connection {
  readonly library: Pkcs11Library;
  readonly slot: Pkcs11Handle;
  /** RFC 7512. */
  readonly keyId: string;
  readonly key: Pkcs11Handle;
  readonly publicKey: Bytes | undefined;
  readonly certificates: readonly Certificate[];
  readonly mechanisms: ReadonlySet<number>;
  /** The key wants the PIN for every signature (CKA_ALWAYS_AUTHENTICATE). */
  readonly alwaysAsks: boolean;
  readonly login: Login;
  readonly sessions: SessionPool;
}

/** Finds token and key, and logs in. */
export async function connect(library: Pkcs11Library, options: ConnectOptions): Promise<Connection> {
  const token = findToken(library, options);
  const sessions = createSessionPool({
    library,
    open: () => library.C_OpenSession(token.slot, CKF.SERIAL_SESSION),
    size: Math.max(1, Math.min(options.sessions, token.mostSessions)),
  });
  try {
    return await sessions.use(async (session) => {
      const loggedIn = await options.login.login(library, session);
      return { ...(await readKey({ library, session }, options, token, loggedIn)), sessions };
    });
  } catch (error) {
    sessions.close();
    throw error;
  }
}

async function readKey(
  open: OpenSession,
  { login, ...selector }: ConnectOptions,
  token: Token,
  loggedIn: boolean,
): Promise<Omit<Connection, 'sessions'>> {
  const key = findPrivateKey(open, selector, loggedIn);
  return {
    library: open.library,
    slot: token.slot,
    login,
    key,
    keyId: locationOf(open, key, token),
    publicKey: await publicKeyOf(open, key),
    certificates: readCertificates(open),
    mechanisms: new Set(open.library.C_GetMechanismList(token.slot)),
    alwaysAsks: readAttribute(open, key, CKA.ALWAYS_AUTHENTICATE)?.[0] === 1,
  };
}

/** Where the key is, without secrets. */
function locationOf(open: OpenSession, key: Pkcs11Handle, token: Token): string {
  const label = new TextDecoder().decode(readAttribute(open, key, CKA.LABEL));
  const id = encodeHex(readAttribute(open, key, CKA.ID) ?? new Uint8Array()).replace(/../g, '%$&');
  const parts = [
    ['token', encodeURIComponent(token.label)],
    ['serial', encodeURIComponent(token.serial)],
    ['object', encodeURIComponent(label)],
    ['id', id],
  ];
  return `pkcs11:${parts.flatMap(([name, value]) => (value === '' ? [] : [`${name}=${value}`])).join(';')}`;
}

/** Signs in its own session. */
export async function signOn(connection: Connection, task: SigningTask, call: CallOptions): Promise<Uint8Array> {
  const { library, key, login, alwaysAsks, mechanisms } = connection;
  const { mechanism, input } = operationOf(task, mechanisms);
  return connection.sessions.use(async (session) => {
    library.C_SignInit(session, mechanism, key);
    if (alwaysAsks) await login.login(library, session, CKU.CONTEXT_SPECIFIC);
    return new Uint8Array(
      await library.C_SignAsync(session, Buffer.from(input), Buffer.alloc(signatureLength(connection))),
    );
  }, call);
}

/** The longest signature of the six where the token does not show the public key. */
function signatureLength({ publicKey }: Connection): number {
  if (publicKey === undefined) return 512;
  return algorithmOf(keySpecOf(parsePublicKey(publicKey))).signatureLength;
}
