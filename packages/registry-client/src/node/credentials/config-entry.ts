import {
  decodeUtf8,
  describeKind,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  quote,
} from '@notarykit/common/internal';
import type { Credential } from '../../credential.js';
import type { RegistryError } from '../../errors.js';
import { isSameMember, meantMember } from '../member-names.js';
import type { Reading } from './config-keys.js';

/** Makes the error of an entry; says nothing of its content. */
export type Unusable = (why: string, cause?: unknown) => RegistryError;

/** The account of one entry of a file; `undefined` where it holds none. */
export function parseEntry(value: JsonValue | undefined, reading: Reading, unusable: Unusable): Credential | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isJsonObject(value)) throw unusable('it is not an object');
  const text = (name: string): string | undefined => textOf(value, name, unusable);
  const auth = text('auth');
  const refreshToken = text('identitytoken');
  // Podman knows no other members, and no identity token without them.
  if (reading === 'podman') {
    if (auth === undefined) return misspelt(value, ['auth', 'identitytoken'], unusable);
    return compact({ ...decodeAuth(auth, unusable), refreshToken });
  }
  const account =
    auth === undefined ? { username: text('username'), password: text('password') } : decodeAuth(auth, unusable);
  if (auth !== undefined && account.username === '') throw unusable('auth holds no user');
  const found = compact({ ...account, refreshToken, accessToken: text('registrytoken') });
  return found ?? misspelt(value, members, unusable);
}

const members = ['auth', 'username', 'password', 'identitytoken', 'registrytoken'];

/** An object that holds nothing under the names that count, and something under one that is nearly one of them, is a mistake. */
export function misspelt(value: JsonObject, known: readonly string[], unusable: Unusable): undefined {
  for (const name of Object.keys(value)) {
    const meant = meantMember(name, known);
    if (meant !== undefined) throw unusable(`${quote(name)} is not a member; did you mean ${quote(meant)}?`);
  }
}

/** The member of a name, however it is spelled: Go does not tell capitals from small letters in JSON. */
export function memberOf(value: JsonObject, name: string, unusable: Unusable): JsonValue | undefined {
  const spelled = spellingOf(value, name, unusable);
  return spelled === undefined ? undefined : value[spelled];
}

/** How a member is spelled in this object, if it is there. */
export function spellingOf(value: JsonObject, name: string, unusable: Unusable): string | undefined {
  const names = Object.keys(value).filter((each) => isSameMember(each, name));
  if (names.length > 1) throw unusable(`${name} appears several times`);
  return names[0];
}

function textOf(value: JsonObject, name: string, unusable: Unusable): string | undefined {
  const found = memberOf(value, name, unusable) ?? '';
  if (typeof found !== 'string') throw unusable(`${name}: expected a string, found ${describeKind(found)}`);
  return found === '' ? undefined : found;
}

interface Account {
  readonly username: string | undefined;
  readonly password: string | undefined;
}

function compact(members: Readonly<Record<string, string | undefined>>): Credential | undefined {
  const kept = Object.entries(members).filter(([, value]) => value !== undefined);
  return kept.length === 0 ? undefined : (Object.fromEntries(kept) as Credential);
}

function decodeAuth(auth: string, unusable: Unusable): Account {
  const text = textOfBase64(auth, unusable);
  const colon = text.indexOf(':');
  if (colon < 0) throw unusable('auth holds no "user:password"');
  return { username: text.slice(0, colon), password: text.slice(colon + 1).replace(/^\0+|\0+$/g, '') };
}

/** Some writers fold base64 into lines, and leave bits behind its end: Go reads both. */
function textOfBase64(auth: string, unusable: Unusable): string {
  const base64 = auth.replace(/[\r\n]/g, '');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(base64))
    throw unusable('auth is not base64');
  try {
    return decodeUtf8(Buffer.from(base64, 'base64'));
  } catch (cause) {
    throw unusable('auth is not UTF-8', cause);
  }
}
