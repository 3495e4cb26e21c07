import {
  defined,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type NonEmpty,
  parseTime,
  quote,
} from '@notarykit/common/internal';
import { canonicalHost, canonicalRepository } from '@notarykit/oci/internal';
import { isSignatureKind, type SignatureKind, signatureKinds } from '@notarykit/signature-envelope/internal';
import type { DemandedSigner } from '../demanded.js';
import { parsePlainPolicy, readStatements } from '../document/parse.js';
import type { OciTrustStatement } from '../document/policy.js';
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
} from '../document/read.js';
import { isRegistry, isRegistryScope } from '../document/scopes.js';
import { parseWholeName } from '../identities/parse-whole-name.js';
import {
  type ExtendedScope,
  type ExtendedStatement,
  type ExtendedTrustPolicy,
  type ExtendedVersion,
  extendedVersion,
  extendedVersion2,
  extendedVersion3,
  type RequiredSigner,
} from './policy.js';

const members = [
  'name',
  'registryScopes',
  'signatureVerification',
  'trustStores',
  'trustedIdentities',
  'signers',
  'expires',
];
const kindMember = 'kind';
const maxSigners = 32;

const versions = [extendedVersion, extendedVersion2, extendedVersion3] as const;

/** What the version of a document allows besides. */
interface ExtendedPlace extends Place {
  readonly kinds: boolean;
}

/**
 * Reads an extended trust policy document (version `1.0+notarykit.1`; `.2` adds identities of whole subjects, `.3` kinds of signatures):
 * scopes may be registries (`registry.example.com`) and path prefixes (`registry.example.com/team/*`), a statement may expire, and may
 * demand several signers, or signatures that say they are of a kind. All else is as in a plain document, and checked like one.
 *
 * @throws {TrustError} `ERR_TRUST_POLICY`
 */
export function parseExtendedTrustPolicy(
  document: Uint8Array | string | object,
  options: PolicyLimits = {},
): ExtendedTrustPolicy {
  const unread: Place = { kind: 'OCI', strict: true, limits: policyLimits(options), warnings: [] };
  const bytes = documentBytes(document);
  const root = readDocument(bytes, unread);
  checkMembers(root, ['version', 'trustPolicies'], '', unread);
  const version = readVersion(root, unread);
  const place = { ...unread, ...wholeNamesOf(version), kinds: version === extendedVersion3 };
  const statements = readStatements(root, place).map((object) =>
    parseStatement(object, { ...place, statement: readText(object, 'name', 'name', place) ?? '' }),
  );
  checkDistinct(statements, place);
  return { version, statements, warnings: place.warnings, digest: digestOfDocument(bytes) };
}

/** Identities by whole subjects came with the second version. */
export function wholeNamesOf(version: ExtendedVersion): Pick<Place, 'parseWholeName'> {
  return version === extendedVersion ? {} : { parseWholeName };
}

function readVersion({ version }: JsonObject, place: Place): ExtendedVersion {
  const known = versions.find((one) => one === version);
  const expected = versions.map(quote).join(' or ');
  return known ?? refuse(place, 'version', 'version', `expected ${expected}, found ${quote(version)}`);
}

function parseStatement(object: JsonObject, place: ExtendedPlace): ExtendedStatement {
  checkMembers(object, withKind(members, place), '', place);
  const { registryScopes: _scopes, signers: _signers, kind: _kind, expires, ...plain } = object;
  const scopes = readTexts(object, 'registryScopes', place).map((text, i) => parseScope(text, i, place));
  if (scopes.length === 0) refuse(place, 'scopes', 'registryScopes', 'expected at least one scope');
  if (scopes.length > 1 && scopes.some(({ kind }) => kind === 'any'))
    refuse(place, 'scopeWildcard', 'registryScopes', '"*" must be the only scope');
  const { required, signers } = parseSigners(object, place);
  if (scopes.some(({ kind }) => kind === 'any') && demandsNothing(object))
    refuse(place, 'skipEverything', 'registryScopes', 'level "skip" must not have the scope "*"');
  const kind = parseKind(object, 'kind', place);
  if (kind !== undefined && signers.length > 0)
    refuse(place, 'signers', 'kind', 'each signer has its own kind: leave out that of the statement');
  const written = { name: place.statement ?? '', required, signers, plain, ...defined({ kind }) };
  return {
    ...written,
    scopes,
    demanded: demandedBy(written, place),
    ...(expires === undefined ? {} : { expires: parseExpiry(object, place) }),
  };
}

function demandsNothing({ signatureVerification: value }: JsonObject): boolean {
  return isJsonObject(value) && value['level'] === 'skip';
}

/** Each signer is compiled once, so that whatever a plain document would refuse is refused here. The repository is any. */
function demandedBy(
  statement: Parameters<typeof plainDocuments>[0],
  { parseWholeName }: Place,
): NonEmpty<DemandedSigner> {
  const names = defined({ parseWholeName });
  const signers = plainDocuments(statement, 'registry.test/any').map(({ signer, kind, document }): DemandedSigner => {
    const [plain] = parsePlainPolicy(document, names).statements as readonly [OciTrustStatement];
    const demanded = { ...plain, registryScopes: [], ...defined({ kind }) };
    return { statement: demanded, ...defined({ name: signer }) };
  });
  return signers as unknown as NonEmpty<DemandedSigner>;
}

function parseScope(text: string, i: number, place: Place): ExtendedScope {
  if (text === '*') return { kind: 'any', text };
  if (isRegistryScope(text)) return { kind: 'repository', text: canonicalRepository(text) };
  if (isRegistry(text)) return { kind: 'registry', text: canonicalHost(text) };
  if (text.endsWith('/*') && isRegistryScope(text.slice(0, -2))) {
    const prefix = canonicalPrefix(text.slice(0, -1));
    return { kind: 'prefix', text: `${prefix}*`, prefix };
  }
  return refuse(
    place,
    'scopeFormat',
    `registryScopes[${i}]`,
    `expected "registry/repository", "registry/path/*", "registry" or "*", found ${quote(text)}`,
  );
}

/** Of the host alone: the path of a prefix names no repository that could be one of Docker Hub's own. */
function canonicalPrefix(text: string): string {
  const slash = text.indexOf('/');
  return `${canonicalHost(text.slice(0, slash))}${text.slice(slash)}`;
}

function parseExpiry(object: JsonObject, place: Place): Date {
  const text = readText(object, 'expires', 'expires', place) ?? '';
  try {
    return parseTime(text);
  } catch (cause) {
    return refuse(place, 'type', 'expires', (cause as Error).message, cause);
  }
}

/** A kind is read where the version has them; elsewhere the member is unknown. */
function parseKind(object: JsonObject, where: string, place: Place): SignatureKind | undefined {
  const value = object[kindMember];
  if (value === undefined || isSignatureKind(value)) return value;
  return refuse(place, 'kind', where, `expected one of ${signatureKinds.join(', ')}, found ${quote(value)}`);
}

function withKind(known: readonly string[], { kinds }: ExtendedPlace): readonly string[] {
  return kinds ? [...known, kindMember] : known;
}

function parseSigners(
  object: JsonObject,
  place: ExtendedPlace,
): { required: number; signers: readonly RequiredSigner[] } {
  const value = object['signers'];
  if (value === undefined) return { required: 1, signers: [] };
  if (!isJsonObject(value)) return refuse(place, 'signers', 'signers', 'expected { "required": n, "of": [ … ] }');
  checkMembers(value, ['required', 'of'], 'signers', place);
  const { required, of } = value;
  if (!isJsonArray(of) || of.length === 0 || of.length > maxSigners)
    return refuse(place, 'signers', 'signers.of', `expected 1 to ${maxSigners} signers`);
  if (typeof required !== 'number' || !Number.isSafeInteger(required) || required < 1 || required > of.length)
    return refuse(place, 'signers', 'signers.required', `expected an integer from 1 to ${of.length}`);
  if (object['trustedIdentities'] !== undefined || object['trustStores'] !== undefined)
    return refuse(
      place,
      'signers',
      'signers',
      'each signer has its own trustStores and trustedIdentities: leave out those of the statement',
    );
  const signers = of.map((item, i) => {
    if (!isJsonObject(item)) return refuse(place, 'signers', `signers.of[${i}]`, 'expected an object');
    checkMembers(item, withKind(['name', 'trustStores', 'trustedIdentities'], place), `signers.of[${i}]`, place);
    const name = readText(item, 'name', `signers.of[${i}].name`, place) ?? '';
    if (name === '') refuse(place, 'signers', `signers.of[${i}].name`, 'expected a name');
    const kind = parseKind(item, `signers.of[${i}].kind`, place);
    return {
      name,
      trustStores: readTexts(item, 'trustStores', place),
      trustedIdentities: readTexts(item, 'trustedIdentities', place),
      ...defined({ kind }),
    };
  });
  if (new Set(signers.map(({ name }) => name)).size !== signers.length)
    return refuse(place, 'signers', 'signers.of', 'two signers have one name');
  return { required, signers };
}

function checkDistinct(statements: readonly ExtendedStatement[], place: Place): void {
  const names = new Set<string>();
  const owners = new Map<string, string>();
  for (const { name, scopes } of statements) {
    const here = { ...place, statement: name };
    if (names.has(name)) refuse(here, 'duplicateName', 'name', 'two statements have this name');
    names.add(name);
    for (const { text } of scopes) {
      if (owners.has(text)) refuse(here, 'duplicateScope', 'registryScopes', `scope ${quote(text)} appears twice`);
      owners.set(text, name);
    }
  }
}

/** What a plain document can say of a signer, and the kind, which it cannot. */
interface PlainDocument {
  readonly signer?: string;
  readonly kind?: SignatureKind;
  readonly document: Readonly<Record<string, unknown>>;
}

/** The plain documents of a statement for one repository: one for each signer, or one. */
export function plainDocuments(
  { name, plain, signers, kind }: Pick<ExtendedStatement, 'name' | 'plain' | 'signers' | 'kind'>,
  repository: string,
): readonly PlainDocument[] {
  const document = (patch: object): Readonly<Record<string, unknown>> => ({
    version: '1.0',
    trustPolicies: [{ ...plain, name, registryScopes: [repository], ...patch }],
  });
  if (signers.length === 0) return [{ document: document({}), ...defined({ kind }) }];
  return signers.map(({ name: signer, kind: own, trustStores, trustedIdentities }) => {
    const written = document({ name: `${name}/${signer}`, trustStores, trustedIdentities });
    return { signer, document: written, ...defined({ kind: own }) };
  });
}
