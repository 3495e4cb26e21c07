import {
  defined,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  nearestName,
  parseJson,
  quote,
  sha256Hex,
  utf8,
} from '@notarykit/common/internal';
import { type PolicyRule, TrustError } from '../errors.js';
import type { ParsedWholeName } from '../identities/parse-whole-name.js';
import type { PolicyWarning } from './policy.js';

/** Bounds of a policy document. */
export interface PolicyLimits {
  /** Most statements of a document. Default 1,000. */
  readonly maxStatements?: number;
  /** Most bytes of a document. Default 1 MiB. */
  readonly maxBytes?: number;
}

/** All limits, those that are not given at their defaults. */
export function policyLimits({ maxStatements = 1000, maxBytes = 1024 * 1024 }: PolicyLimits = {}): Place['limits'] {
  return { maxStatements, maxBytes };
}

/** Where in which document something stands, and what is collected while it is read. */
export interface Place {
  readonly kind: 'OCI' | 'blob';
  readonly strict: boolean;
  readonly limits: Required<PolicyLimits>;
  readonly warnings: PolicyWarning[];
  readonly statement?: string;
  /** Set where identities may name whole subjects. Given as a function, so that programs with plain policies only do not bundle it. */
  readonly parseWholeName?: (text: string) => ParsedWholeName;
}

/** Refuses a document: names the statement, the member and the rule. */
export function refuse(place: Place, rule: PolicyRule, member: string, message: string, cause?: unknown): never {
  const statement = place.statement === undefined ? '' : ` statement ${quote(place.statement)},`;
  throw new TrustError('ERR_TRUST_POLICY', `${place.kind} trust policy,${statement} ${member}: ${message}`, {
    ...defined({ cause }),
    detail: { rule, member, ...defined({ statement: place.statement }) },
  });
}

/** The bytes of a document given as bytes, text or plain object. */
export function documentBytes(document: Uint8Array | string | object): Uint8Array {
  if (document instanceof Uint8Array) return document;
  return utf8(typeof document === 'string' ? document : JSON.stringify(document));
}

/** The digest by which a report names the document that decided. */
export function digestOfDocument(bytes: Uint8Array): `sha256:${string}` {
  return `sha256:${sha256Hex(bytes)}`;
}

/** Parses the JSON of a document strictly. */
export function readDocument(bytes: Uint8Array, place: Place): JsonObject {
  const { maxBytes } = place.limits;
  if (!(bytes.length <= maxBytes))
    refuse(
      place,
      'limit',
      'document',
      `expected at most ${maxBytes} bytes, found ${bytes.length}; raise "maxBytes" if it is yours`,
    );
  let value: JsonValue;
  try {
    value = parseJson(bytes, { maxDepth: 32 });
  } catch (cause) {
    return refuse(place, 'json', 'document', (cause as Error).message, cause);
  }
  return isJsonObject(value) ? value : refuse(place, 'json', 'document', 'expected one JSON object');
}

/** Refuses members that are nearly a known one (a typo must not widen trust) and notes all others. */
export function checkMembers(object: JsonObject, known: readonly string[], where: string, place: Place): void {
  for (const name of Object.keys(object)) {
    if (known.includes(name)) continue;
    const member = where === '' ? name : `${where}.${name}`;
    const meant = nearestName(name, known);
    if (meant !== undefined || place.strict) {
      const hint = meant === undefined ? `known are ${known.join(', ')}` : `did you mean ${quote(meant)}?`;
      refuse(place, 'member', quote(member), `there is no such member; ${hint}`);
    }
    place.warnings.push({
      member,
      message: `member ${quote(name)} is unknown and has no effect`,
      ...defined({ statement: place.statement }),
    });
  }
}

/** A member that must be text when it is there; null counts as absent, as notation reads it. */
export function readText(object: JsonObject, name: string, where: string, place: Place): string | undefined {
  const value = object[name];
  if (value === undefined || value === null) return undefined;
  return typeof value === 'string'
    ? value
    : refuse(place, 'type', where, `expected a string in quotation marks, found ${quote(value)}`);
}

/** A member that must be an array of strings when it is there. */
export function readTexts(object: JsonObject, name: string, place: Place): readonly string[] {
  const value = object[name];
  if (value === undefined || value === null) return [];
  if (!isJsonArray(value) || !value.every((item) => typeof item === 'string'))
    return refuse(place, 'type', name, `expected an array of strings, found ${quote(value)}`);
  return value as readonly string[];
}
