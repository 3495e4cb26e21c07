import { defined, isJsonArray, isJsonObject, type JsonObject, quote } from '@notarykit/common/internal';
import type {
  BlobTrustPolicy,
  BlobTrustStatement,
  OciTrustStatement,
  Policy,
  TrustPolicy,
  TrustStatement,
} from './policy.js';
import {
  checkMembers,
  digestOfDocument,
  documentBytes,
  type Place,
  type PolicyLimits,
  policyLimits,
  readDocument,
  readText,
  readTexts,
  refuse,
} from './read.js';
import { checkDistinctScopes, readScopes } from './scopes.js';
import { parseStatement } from './statement.js';

const commonMembers = ['name', 'signatureVerification', 'trustStores', 'trustedIdentities'];

/** Options of {@link parseTrustPolicy} and {@link parseBlobTrustPolicy}. */
export interface ParsePolicyOptions extends PolicyLimits {
  /**
   * Unknown members: `warn` accepts them with a warning, as notation does; `refuse` does not. A member that differs from
   * a known one by case or by a letter or two is refused in any case. Default `warn`.
   */
  readonly unknownMembers?: 'warn' | 'refuse';
}

/**
 * Reads a trust policy document for artifacts and checks every rule of the specification.
 *
 * @param document - its bytes, its text, or the document as a plain object
 * @throws {TrustError} `ERR_TRUST_POLICY`; `detail` names the statement, the member and the rule
 *
 * @example
 * ```ts
 * const policy = parseTrustPolicy({
 *   version: '1.0',
 *   trustPolicies: [
 *     {
 *       name: 'wabbit-networks-images',
 *       registryScopes: ['registry.wabbit-networks.io/software/net-monitor'],
 *       signatureVerification: { level: 'strict' },
 *       trustStores: ['ca:wabbit-networks'],
 *       trustedIdentities: ['x509.subject:C=US,ST=WA,O=wabbit-networks.io'],
 *     },
 *   ],
 * });
 * ```
 */
export function parseTrustPolicy(
  document: Uint8Array | string | object,
  options: ParsePolicyOptions = {},
): TrustPolicy {
  return parsePlainPolicy(document, options);
}

/** As {@link parseTrustPolicy}; what an extended document says may name whole subjects besides. */
export function parsePlainPolicy(
  document: Uint8Array | string | object,
  { parseWholeName, ...options }: ParsePolicyOptions & Pick<Place, 'parseWholeName'>,
): TrustPolicy {
  const place = { ...newPlace('OCI', options), ...defined({ parseWholeName }) };
  const policy = parsePolicy(document, place, ['registryScopes', ...commonMembers], (object, name, here) => ({
    ...parseStatement(object, name, here),
    registryScopes: readTexts(object, 'registryScopes', here),
  }));
  const statements = policy.statements.map((statement) => withScopes(statement, place));
  checkDistinctScopes(statements, place);
  // Who selects a statement may rely on it: what was checked stays as it is.
  return { ...policy, statements: Object.freeze(statements) };
}

function withScopes(statement: OciTrustStatement, place: Place): OciTrustStatement {
  const here = { ...place, statement: statement.name };
  const registryScopes = readScopes(statement.registryScopes, here);
  if (statement.level.base === 'skip' && registryScopes.includes('*'))
    refuse(here, 'skipEverything', 'registryScopes', 'level "skip" must not have the scope "*"');
  return Object.freeze({ ...statement, registryScopes: Object.freeze(registryScopes) });
}

/**
 * Reads a trust policy document for blobs.
 *
 * @throws {TrustError} `ERR_TRUST_POLICY`
 */
export function parseBlobTrustPolicy(
  document: Uint8Array | string | object,
  options: ParsePolicyOptions = {},
): BlobTrustPolicy {
  const place = newPlace('blob', options);
  const policy = parsePolicy(document, place, ['globalPolicy', ...commonMembers], (object, name, here) => ({
    ...parseStatement(object, name, here),
    globalPolicy: readFlag(object, here),
  }));
  checkGlobal(policy.statements, place);
  return policy;
}

function newPlace(kind: Place['kind'], options: ParsePolicyOptions): Place {
  return { kind, strict: options.unknownMembers === 'refuse', limits: policyLimits(options), warnings: [] };
}

function readFlag(object: JsonObject, place: Place): boolean {
  const value = object['globalPolicy'] ?? false;
  return typeof value === 'boolean'
    ? value
    : refuse(place, 'globalPolicy', 'globalPolicy', `expected true or false, found ${quote(value)}`);
}

function checkGlobal(statements: readonly BlobTrustStatement[], place: Place): void {
  const global = statements.filter((statement) => statement.globalPolicy);
  for (const { name, level } of global) {
    if (level.base === 'skip')
      refuse({ ...place, statement: name }, 'skipEverything', 'globalPolicy', 'a global policy must not be "skip"');
  }
  if (global.length > 1)
    refuse(place, 'globalPolicy', 'globalPolicy', `one statement may be global, found ${global.length}`);
}

function parsePolicy<Statement extends TrustStatement>(
  document: Uint8Array | string | object,
  place: Place,
  members: readonly string[],
  read: (object: JsonObject, name: string, place: Place) => Statement,
): Policy<Statement> {
  const bytes = documentBytes(document);
  const root = readDocument(bytes, place);
  checkMembers(root, ['version', 'trustPolicies'], '', place);
  const version = readText(root, 'version', 'version', place) ?? '';
  if (version !== '1.0') refuse(place, 'version', 'version', `expected "1.0", found ${quote(version)}`);
  const names = new Set<string>();
  const statements = readStatements(root, place).map((object, i) => {
    const name = readText(object, 'name', `trustPolicies[${i}].name`, place) ?? '';
    if (names.has(name))
      refuse({ ...place, statement: name }, 'duplicateName', 'name', 'two statements have this name');
    names.add(name);
    if (name === '') refuse(place, 'name', `trustPolicies[${i}].name`, 'expected a name');
    const here = { ...place, statement: name };
    checkMembers(object, members, '', here);
    return read(object, name, here);
  });
  return { version: '1.0', statements, warnings: place.warnings, digest: digestOfDocument(bytes) };
}

/** The statements of a document, as many as its limits allow. */
export function readStatements(root: JsonObject, place: Place): readonly JsonObject[] {
  const list = root['trustPolicies'];
  if (!isJsonArray(list) || list.length === 0)
    return refuse(place, 'statements', 'trustPolicies', 'expected an array of at least one statement');
  const { maxStatements } = place.limits;
  if (!(list.length <= maxStatements))
    return refuse(
      place,
      'limit',
      'trustPolicies',
      `expected at most ${maxStatements} statements, found ${list.length}; raise "maxStatements" if they are yours`,
    );
  return list.map((item, i) =>
    isJsonObject(item) ? item : refuse(place, 'type', `trustPolicies[${i}]`, 'expected an object'),
  );
}
