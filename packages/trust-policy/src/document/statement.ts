import { isJsonObject, type JsonObject, quote } from '@notarykit/common/internal';
import {
  customLevel,
  overridable,
  type ValidationAction,
  type VerificationLevel,
  type VerificationLevelName,
  verificationLevels,
} from '../levels.js';
import { isTrustStoreName, isTrustStoreType } from '../trust-store.js';
import { parseIdentities } from './identities.js';
import type { TrustStatement, TrustStoreReference, VerifyTimestamp } from './policy.js';
import { checkMembers, type Place, readText, readTexts, refuse } from './read.js';

/** Reads what statements of both kinds have in common, in the order in which notation checks it. */
export function parseStatement(object: JsonObject, name: string, place: Place): TrustStatement {
  const { level, verifyTimestamp } = parseSignatureVerification(object, place);
  const stores = readTexts(object, 'trustStores', place);
  const identities = readTexts(object, 'trustedIdentities', place);
  checkLists(level, stores, identities, place);
  return {
    name,
    level,
    verifyTimestamp,
    trustStores: stores.map((text, i) => parseStoreReference(text, `trustStores[${i}]`, place)),
    trustedIdentities: parseIdentities(identities, place),
  };
}

function checkLists(level: VerificationLevel, stores: readonly string[], identities: readonly string[], place: Place) {
  const [some, all] = [stores.length + identities.length > 0, stores.length > 0 && identities.length > 0];
  if (level.base === 'skip' && some)
    refuse(
      place,
      'listsForbidden',
      'trustStores, trustedIdentities',
      'level "skip" must have neither trustStores nor trustedIdentities',
    );
  if (level.base !== 'skip' && !all)
    refuse(
      place,
      'listsRequired',
      stores.length === 0 ? 'trustStores' : 'trustedIdentities',
      `level ${quote(level.base)} needs at least one trust store and one trusted identity`,
    );
}

function parseSignatureVerification(object: JsonObject, place: Place) {
  const value = object['signatureVerification'];
  if (!isJsonObject(value)) return refuse(place, 'level', 'signatureVerification', 'expected an object with a level');
  checkMembers(value, ['level', 'override', 'verifyTimestamp'], 'signatureVerification', place);
  const name = readText(value, 'level', 'signatureVerification.level', place) ?? '';
  if (!Object.hasOwn(verificationLevels, name)) {
    const known = Object.keys(verificationLevels).join(', ');
    return refuse(place, 'level', 'signatureVerification.level', `expected one of ${known}, found ${quote(name)}`);
  }
  const base = name as VerificationLevelName;
  return { level: customLevel(base, parseOverride(value, base, place)), verifyTimestamp: parseTimestamp(value, place) };
}

function parseOverride(value: JsonObject, base: VerificationLevelName, place: Place) {
  const override = value['override'];
  if (override === undefined || override === null) return {};
  const where = 'signatureVerification.override';
  if (!isJsonObject(override)) return refuse(place, 'override', where, 'expected an object');
  const entries = Object.entries(override);
  if (base === 'skip' && entries.length > 0) return refuse(place, 'override', where, 'level "skip" has no override');
  for (const [type, action] of entries) checkOverride(type, action, `${where}[${quote(type)}]`, place);
  return Object.fromEntries(entries) as Record<string, ValidationAction>;
}

function checkOverride(type: string, action: unknown, where: string, place: Place): void {
  if (type === 'integrity') refuse(place, 'override', where, 'integrity cannot be overridden');
  const allowed = Object.hasOwn(overridable, type) ? overridable[type] : undefined;
  if (allowed === undefined)
    refuse(place, 'override', where, `there is no such validation; known are ${Object.keys(overridable).join(', ')}`);
  else if (typeof action !== 'string' || !(allowed as readonly string[]).includes(action))
    refuse(place, 'override', where, `expected one of ${allowed.join(', ')}, found ${quote(action)}`);
}

function parseTimestamp(value: JsonObject, place: Place): VerifyTimestamp {
  const where = 'signatureVerification.verifyTimestamp';
  const text = readText(value, 'verifyTimestamp', where, place) ?? '';
  if (text === '' || text === 'always') return 'always';
  if (text === 'afterCertExpiry') return text;
  return refuse(place, 'verifyTimestamp', where, `expected "always" or "afterCertExpiry", found ${quote(text)}`);
}

function parseStoreReference(text: string, member: string, place: Place): TrustStoreReference {
  const colon = text.indexOf(':');
  const [type, name] = [text.slice(0, Math.max(colon, 0)), text.slice(colon + 1)];
  if (colon < 0 || !isTrustStoreType(type)) {
    return refuse(
      place,
      'trustStore',
      member,
      `expected "ca:<name>", "signingAuthority:<name>" or "tsa:<name>", found ${quote(text)}`,
    );
  }
  if (!isTrustStoreName(name))
    return refuse(place, 'trustStore', member, `expected a name of letters, digits and "_.-", found ${quote(name)}`);
  return { type, name, text };
}
