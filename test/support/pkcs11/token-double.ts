import type { Pkcs11Attribute, Pkcs11Js, Pkcs11Library, Pkcs11Mechanism } from '@notarykit/kms-providers/pkcs11';
import type { KeyPair } from '@notarykit/testing';
import {
  bytesOf,
  certificateObject,
  keyObjects,
  objectOf,
  type TokenKeyOptions,
  type TokenObject,
  ulong,
} from './objects.ts';
import { signLikeToken } from './sign.ts';

/** What is in a slot. */
export interface TokenDoubleOptions {
  readonly label: string;
  readonly pin?: string;
  readonly keys: readonly TokenKeyOptions[];
  readonly certificates?: readonly { readonly der: Uint8Array; readonly id?: Uint8Array }[];
  /** Default: those that sign digests. */
  readonly mechanisms?: readonly number[];
  readonly maxSessions?: number;
}

interface Session {
  readonly token: Token;
  readonly writes: boolean;
  search?: Uint8Array[];
  operation?: { readonly mechanism: Pkcs11Mechanism; readonly pair: KeyPair; approved: boolean };
}

class Token {
  readonly options: TokenDoubleOptions;
  readonly objects: { readonly object: TokenObject; readonly pair?: KeyPair }[];
  loggedIn = false;
  wrong = 0;

  constructor(options: TokenDoubleOptions) {
    this.options = options;
    const keys = options.keys.map((key) => ({ key, ...keyObjects(key) }));
    this.objects = [
      ...keys.map(({ key, secret }) => ({ object: secret, pair: key.pair })),
      ...keys.flatMap(({ others }) => others.map((object) => ({ object }))),
      ...(options.certificates ?? []).map(({ der, id }) => ({ object: certificateObject(der, id) })),
    ];
  }

  /** `CKU_USER` is 1, `CKU_CONTEXT_SPECIFIC` 2. */
  login(user: number, pin: string | undefined): void {
    if (user === 1 && this.loggedIn) throw new Error('CKR_USER_ALREADY_LOGGED_IN');
    if (this.wrong >= 3) throw new Error('CKR_PIN_LOCKED');
    if (pin !== this.options.pin) {
      this.wrong++;
      throw new Error('CKR_PIN_INCORRECT');
    }
    this.wrong = 0;
    this.loggedIn = true;
  }
}

/**
 * A library of tokens inside this process, as strict as a real one where software slips: one operation in a session, private
 * keys only for who is logged in, parameters that fit, tokens that lock, handles that die.
 */
export function createTokenDouble(...slots: readonly TokenDoubleOptions[]): TokenDouble {
  return new TokenDouble(slots.map((options) => new Token(options)));
}

export class TokenDouble {
  readonly #tokens: readonly Token[];
  readonly #sessions = new Map<string, Session>();
  #initialized = false;
  #next = 1;
  #signing = 0;
  /** The most signatures that were under way at once, and the most sessions that were open. */
  mostSigning = 0;
  mostSessions = 0;
  logins = 0;
  finalized = 0;
  /** Runs while a signature is made. */
  during: () => Promise<void> = async () => undefined;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get openSessions(): number {
    return this.#sessions.size;
  }

  /** The tokens are taken out and put back: sessions, logins and handles of before are void. */
  replug(): void {
    this.#sessions.clear();
    for (const token of this.#tokens) token.loggedIn = false;
  }

  readonly pkcs11js: Pkcs11Js = { PKCS11: this.#libraryClass() };

  #libraryClass(): new () => Pkcs11Library {
    // A constructor that returns an object gives that object: one library for the whole process, as with a real one.
    const library = this.#library();
    return function PKCS11() {
      return library;
    } as unknown as new () => Pkcs11Library;
  }

  #at(handle: Uint8Array): Session {
    if (!this.#initialized) throw new Error('CKR_CRYPTOKI_NOT_INITIALIZED');
    const session = this.#sessions.get(Buffer.from(handle).toString('hex'));
    if (session === undefined) throw new Error('CKR_SESSION_HANDLE_INVALID');
    return session;
  }

  #slot(handle: Uint8Array): Token {
    const token = this.#tokens[(handle[0] ?? 0) - 7];
    if (token === undefined) throw new Error('CKR_SLOT_ID_INVALID');
    return token;
  }

  #object(session: Session, handle: Uint8Array): Token['objects'][number] {
    const entry = session.token.objects[(handle[0] ?? 0) - 1];
    const hidden = entry?.pair !== undefined && session.token.options.pin !== undefined && !session.token.loggedIn;
    if (entry === undefined || hidden) throw new Error('CKR_OBJECT_HANDLE_INVALID');
    return entry;
  }

  #library(): Pkcs11Library {
    return {
      load: (path) => {
        if (!path.endsWith('.so')) throw new Error(`${path}: cannot open shared object file`);
      },
      close: () => undefined,
      C_Initialize: (options) => {
        if (this.#initialized) throw new Error('CKR_CRYPTOKI_ALREADY_INITIALIZED');
        // CKF_OS_LOCKING_OK: a real library crashes later without it.
        if (options?.flags !== 2) throw new Error('CKR_NEED_TO_CREATE_THREADS');
        this.#initialized = true;
      },
      C_Finalize: () => {
        this.replug();
        this.#initialized = false;
        this.finalized++;
      },
      C_GetSlotList: () => {
        if (!this.#initialized) throw new Error('CKR_CRYPTOKI_NOT_INITIALIZED');
        return this.#tokens.map((_, i) => ulong(i + 7));
      },
      C_GetTokenInfo: (slot) => {
        const { label, maxSessions = 0 } = this.#slot(slot).options;
        return {
          label: label.padEnd(32),
          serialNumber: `s-${label}`.padEnd(16),
          flags: 0,
          maxSessionCount: maxSessions,
        };
      },
      C_GetMechanismList: (slot) => [...(this.#slot(slot).options.mechanisms ?? [0x001, 0x00d, 0x1041])],
      C_OpenSession: (slot, flags) => {
        const token = this.#slot(slot);
        if (this.#sessions.size >= (token.options.maxSessions ?? 100)) throw new Error('CKR_SESSION_COUNT');
        const handle = ulong(this.#next++);
        this.#sessions.set(Buffer.from(handle).toString('hex'), { token, writes: (flags & 2) !== 0 });
        this.mostSessions = Math.max(this.mostSessions, this.#sessions.size);
        return handle;
      },
      C_CloseSession: (session) => {
        const { token } = this.#at(session);
        this.#sessions.delete(Buffer.from(session).toString('hex'));
        if (![...this.#sessions.values()].some((other) => other.token === token)) token.loggedIn = false;
      },
      C_Login: (handle, user, pin) => {
        const session = this.#at(handle);
        this.logins++;
        session.token.login(user, pin);
        if (session.operation !== undefined && user === 2) session.operation.approved = true;
      },
      C_FindObjectsInit: (handle, template) => {
        const session = this.#at(handle);
        if (session.search !== undefined) throw new Error('CKR_OPERATION_ACTIVE');
        session.search = session.token.objects.flatMap(({ object, pair }, i) => {
          const hidden = pair !== undefined && session.token.options.pin !== undefined && !session.token.loggedIn;
          return !hidden && matches(object, template) ? [ulong(i + 1)] : [];
        });
      },
      C_FindObjects: (handle, most) => this.#at(handle).search?.splice(0, most) ?? [],
      C_FindObjectsFinal: (handle) => {
        delete this.#at(handle).search;
      },
      C_GetAttributeValue: (handle, object, template) =>
        template.map(({ type }) => {
          const value = this.#object(this.#at(handle), object).object.get(type);
          if (value === undefined) throw new Error('CKR_ATTRIBUTE_TYPE_INVALID');
          return { type, value };
        }),
      C_CreateObject: (handle, template) => {
        const { token, writes } = this.#at(handle);
        if (!writes) throw new Error('CKR_SESSION_READ_ONLY');
        token.objects.push({ object: objectOf(template) });
        return ulong(token.objects.length);
      },
      C_SignInit: (handle, mechanism, key) => {
        const session = this.#at(handle);
        if (session.operation !== undefined) throw new Error('CKR_OPERATION_ACTIVE');
        const { object, pair } = this.#object(session, key);
        if (pair === undefined) throw new Error('CKR_KEY_HANDLE_INVALID');
        session.operation = { mechanism, pair, approved: object.get(0x202)?.[0] !== 1 };
      },
      C_SignAsync: async (handle, data, signature) => {
        const session = this.#at(handle);
        const { operation } = session;
        if (operation === undefined) throw new Error('CKR_OPERATION_NOT_INITIALIZED');
        if (!operation.approved) throw new Error('CKR_USER_NOT_LOGGED_IN');
        this.mostSigning = Math.max(this.mostSigning, ++this.#signing);
        await this.during();
        this.#signing--;
        delete session.operation;
        const made = signLikeToken(operation.mechanism, operation.pair, data);
        if (made.length > signature.length) throw new Error('CKR_BUFFER_TOO_SMALL');
        signature.set(made);
        return signature.subarray(0, made.length);
      },
    };
  }
}

function matches(object: TokenObject, template: readonly Pkcs11Attribute[]): boolean {
  return template.every((attribute) => {
    const value = object.get(attribute.type);
    return value !== undefined && Buffer.from(value).equals(bytesOf(attribute));
  });
}
