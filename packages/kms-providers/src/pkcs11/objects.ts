import { encodeHex, quote } from '@notarykit/common/internal';
import { CKA, CKO } from './constants.js';
import { refuse, returned } from './errors.js';
import type { Pkcs11Attribute, Pkcs11Handle, Pkcs11Library } from './library.js';

/** Which key of a token; at least one member. */
export interface KeySelector {
  /** CKA_LABEL of the private key. */
  readonly keyLabel?: string;
  /** CKA_ID of the private key; a text is hexadecimal. */
  readonly keyId?: Uint8Array | string;
}

/** A session and the library that it belongs to. */
export interface OpenSession {
  readonly library: Pkcs11Library;
  readonly session: Pkcs11Handle;
}

/** Handles of the objects that match; the search ends whatever happens. */
export function findObjects({ library, session }: OpenSession, template: Pkcs11Attribute[]): Pkcs11Handle[] {
  library.C_FindObjectsInit(session, template);
  try {
    const found: Pkcs11Handle[] = [];
    for (let more = true; more && found.length < mostObjects; ) {
      const next = library.C_FindObjects(session, 64);
      found.push(...next);
      more = next.length > 0;
    }
    return found;
  } finally {
    library.C_FindObjectsFinal(session);
  }
}

const mostObjects = 10_000;

/** An attribute's bytes; undefined where the object has none, or none that may be seen. */
export function readAttribute(
  { library, session }: OpenSession,
  object: Pkcs11Handle,
  type: number,
): Uint8Array | undefined {
  try {
    const [attribute] = library.C_GetAttributeValue(session, object, [{ type }]);
    return attribute === undefined ? undefined : new Uint8Array(attribute.value);
  } catch (error) {
    if (/^CKR_ATTRIBUTE_/.test(returned(error) ?? '')) return undefined;
    throw error;
  }
}

/**
 * The one private key that is meant.
 *
 * @throws {SignerError} reason `key-not-found` when none fits or several do
 */
export function findPrivateKey(open: OpenSession, selector: KeySelector, loggedIn: boolean): Pkcs11Handle {
  const template: Pkcs11Attribute[] = [{ type: CKA.CLASS, value: CKO.PRIVATE_KEY }];
  const id = idOf(selector);
  if (selector.keyLabel !== undefined) template.push({ type: CKA.LABEL, value: selector.keyLabel });
  if (id !== undefined) template.push({ type: CKA.ID, value: Buffer.from(id) });
  const [key, second] = findObjects(open, template);
  if (key !== undefined && second === undefined) return key;
  const hint = loggedIn ? '' : '; without a PIN private keys are not seen';
  throw refuse(
    'key-not-found',
    key === undefined
      ? `no private key matches ${nameOf(selector)}${hint}`
      : `several private keys match ${nameOf(selector)}; give both keyLabel and keyId`,
  );
}

/** CKA_ID in bytes. */
export function idOf({ keyId }: KeySelector): Uint8Array | undefined {
  if (typeof keyId !== 'string') return keyId;
  if (!/^([0-9a-f]{2})+$/i.test(keyId))
    throw refuse('key-not-found', `expected keyId in hexadecimal digits, found ${quote(keyId)}`);
  return new Uint8Array(Buffer.from(keyId, 'hex'));
}

function nameOf(selector: KeySelector): string {
  const id = idOf(selector);
  const parts = [
    ...(selector.keyLabel === undefined ? [] : [`label ${quote(selector.keyLabel)}`]),
    ...(id === undefined ? [] : [`id ${encodeHex(id)}`]),
  ];
  return parts.join(' and ') || 'there';
}
