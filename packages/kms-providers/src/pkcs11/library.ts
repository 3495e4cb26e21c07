import { quote } from '@notarykit/common/internal';
import { requireMethods } from '../remote/brought.js';
import { CKF } from './constants.js';
import { pkcs11Error, refuse, returned } from './errors.js';

/** A handle of the native library: bytes that only it understands. */
export type Pkcs11Handle = Uint8Array;

/** An attribute of an object, to be matched, read or written. */
export interface Pkcs11Attribute {
  type: number;
  value?: number | boolean | string | Uint8Array | Date;
}

/** A mechanism and its parameters. */
export interface Pkcs11Mechanism {
  mechanism: number;
  parameter?: { type: number; hashAlg: number; mgf: number; saltLen: number };
}

/** The part of class `PKCS11` of `pkcs11js` that is used. */
export interface Pkcs11Library {
  load(path: string): void;
  close(): void;
  C_Initialize(options?: { flags?: number }): void;
  C_Finalize(): void;
  C_GetSlotList(tokenPresent?: boolean): Pkcs11Handle[];
  C_GetTokenInfo(slot: Pkcs11Handle): { label: string; serialNumber: string; flags: number; maxSessionCount: number };
  C_GetMechanismList(slot: Pkcs11Handle): number[];
  C_OpenSession(slot: Pkcs11Handle, flags: number): Pkcs11Handle;
  C_CloseSession(session: Pkcs11Handle): void;
  C_Login(session: Pkcs11Handle, userType: number, pin?: string): void;
  C_FindObjectsInit(session: Pkcs11Handle, template: Pkcs11Attribute[]): void;
  C_FindObjects(session: Pkcs11Handle, most: number): Pkcs11Handle[];
  C_FindObjectsFinal(session: Pkcs11Handle): void;
  C_GetAttributeValue(
    session: Pkcs11Handle,
    object: Pkcs11Handle,
    template: Pkcs11Attribute[],
  ): { type: number; value: Uint8Array }[];
  C_CreateObject(session: Pkcs11Handle, template: Pkcs11Attribute[]): Pkcs11Handle;
  C_SignInit(session: Pkcs11Handle, mechanism: Pkcs11Mechanism, key: Pkcs11Handle): void;
  C_SignAsync(session: Pkcs11Handle, data: Uint8Array, signature: Uint8Array): Promise<Uint8Array>;
}

/** The part of the package `pkcs11js` that is used. */
export interface Pkcs11Js {
  readonly PKCS11: new () => Pkcs11Library;
}

/** A library that is loaded and initialised. */
export interface LoadedLibrary {
  readonly library: Pkcs11Library;
  /** False where other code of this process had initialised it before. */
  readonly own: boolean;
}

/**
 * Loads a PKCS#11 library. Initialisation belongs to the whole process: that somebody did it before is not an error.
 *
 * @throws {SignerError} reason `unavailable`
 */
export async function loadLibrary(path: string, pkcs11js: Pkcs11Js | undefined): Promise<LoadedLibrary> {
  const given = pkcs11js ?? (await importPkcs11Js());
  requireMethods(given, 'pkcs11js', 'PKCS11');
  const library = new given.PKCS11();
  try {
    library.load(path);
  } catch (cause) {
    throw refuse('unavailable', `the library ${quote(path)} cannot be loaded: ${(cause as Error).message}`, { cause });
  }
  return { library, own: initialize(library) };
}

/**
 * Initialises a library, again after somebody finalised it; whether it was not yet. Signatures are made in threads, so it is
 * told to lock: without being told, libraries do not, and crash.
 */
export function initialize(library: Pkcs11Library): boolean {
  try {
    library.C_Initialize({ flags: CKF.OS_LOCKING_OK });
    return true;
  } catch (error) {
    if (returned(error) === 'CKR_CRYPTOKI_ALREADY_INITIALIZED') return false;
    throw pkcs11Error(error, undefined);
  }
}

/** The package is an optional peer, and its native part is built only where install scripts are allowed. */
async function importPkcs11Js(): Promise<Pkcs11Js> {
  try {
    const { default: module } = await import('pkcs11js');
    return module;
  } catch (cause) {
    const missing = (cause as { code?: string }).code === 'ERR_MODULE_NOT_FOUND';
    const advice = missing
      ? 'install the package pkcs11js'
      : 'the native part of pkcs11js is not built: allow its install script ("pnpm approve-builds", or "npm rebuild pkcs11js")';
    throw refuse('unavailable', advice, { cause });
  }
}
