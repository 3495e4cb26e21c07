import { quote } from '@notarykit/common/internal';
import { refuse } from './errors.js';
import type { Pkcs11Handle, Pkcs11Library } from './library.js';
import { readUlong } from './ulong.js';

/** Which token of a library; what is not given may be anything. */
export interface TokenSelector {
  /** Label of the token. Labels and serial numbers stay; numbers of slots may change with every start. */
  readonly token?: string;
  /** Serial number of the token. */
  readonly serial?: string;
  /** Number (`CK_SLOT_ID`) of the slot that the token is in. */
  readonly slot?: number;
}

/** A token that is present. */
export interface Token {
  readonly slot: Pkcs11Handle;
  readonly label: string;
  readonly serial: string;
  /** How many sessions a process may have; Infinity where the token does not say. */
  readonly mostSessions: number;
}

/**
 * The one token that is meant.
 *
 * @throws {SignerError} reasons `key-not-found` when none fits or several do
 */
export function findToken(library: Pkcs11Library, selector: TokenSelector): Token {
  const present = library.C_GetSlotList(true).map((slot) => tokenIn(library, slot));
  const found = present.filter((token) => fits(token, selector));
  if (found.length === 1) return found[0] as Token;
  const list = present.map(({ label, serial }) => `${quote(label)} (serial ${quote(serial)})`).join(', ') || 'none';
  throw refuse(
    'key-not-found',
    found.length === 0
      ? `no token matches ${describe(selector)}; found: ${list}`
      : `${found.length} tokens match; name one by its token label or serial: ${list}`,
  );
}

function tokenIn(library: Pkcs11Library, slot: Pkcs11Handle): Token {
  const { label, serialNumber, maxSessionCount } = library.C_GetTokenInfo(slot);
  // 0 is "no limit", the largest number "unknown".
  const limited = maxSessionCount > 0 && maxSessionCount < 2 ** 31;
  const mostSessions = limited ? maxSessionCount : Number.POSITIVE_INFINITY;
  return { slot, label: padded(label), serial: padded(serialNumber), mostSessions };
}

/** Texts of tokens are filled up with blanks, by some with zeros. */
const padded = (text: string): string => text.replace(/[\0 ]+$/, '');

function fits(found: Token, { token, serial, slot }: TokenSelector): boolean {
  return (
    (token === undefined || token === found.label) &&
    (serial === undefined || serial === found.serial) &&
    (slot === undefined || slot === readUlong(found.slot))
  );
}

function describe({ token, serial, slot }: TokenSelector): string {
  const parts = Object.entries({ token, serial, slot }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} ${typeof value === 'string' ? quote(value) : value}`],
  );
  return parts.join(', ') || 'there';
}
