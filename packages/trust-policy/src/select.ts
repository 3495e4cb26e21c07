import { quote } from '@notarykit/common/internal';
import { canonicalRepository } from '@notarykit/oci/internal';
import type { BlobTrustPolicy, BlobTrustStatement, OciTrustStatement, TrustPolicy } from './document/policy.js';
import { isRegistryScope } from './document/scopes.js';
import { TrustError } from './errors.js';
import { listNames } from './list-names.js';
import { requirePolicy } from './require.js';

/** A statement, and why it is the one that applies. */
export interface Selection<Statement> {
  readonly statement: Statement;
  /** `scope`: its scopes contain the repository; `wildcard`: only the scope `*` covers it; `name`: the caller named it; `global`: blob policies. */
  readonly matchedBy: 'scope' | 'wildcard' | 'name' | 'global';
  /** The scope or name that matched. */
  readonly matched: string;
}

/**
 * The statement for a repository: an equal scope wins over `*`. Scopes and the repository are compared in their canonical spelling
 * (`canonicalRepository`), so that no other spelling of a repository reaches another statement; a name is not completed (`x` is not
 * `docker.io/library/x`).
 *
 * @param given - `registry/repository`, without tag or digest
 * @throws {TrustError} `ERR_TRUST_NO_STATEMENT`
 */
export function selectStatement(policy: TrustPolicy, given: string): Selection<OciTrustStatement> {
  if (!isRegistryScope(given))
    throw noStatement(given, `${quote(given)} is not a "registry/repository" that a scope can name`);
  const repository = canonicalRepository(given);
  const exact = statementOfScope(policy, repository);
  if (exact !== undefined) return { statement: exact, matchedBy: 'scope', matched: repository };
  // No merging: a repository has exactly one statement (trust-store-trust-policy.md, "Selecting a trust policy based on artifact URI").
  const any = statementOfScope(policy, '*');
  if (any !== undefined) return { statement: any, matchedBy: 'wildcard', matched: '*' };
  throw noStatement(
    repository,
    `no statement has the scope ${quote(repository)} and none has "*", but ${scopesOf(policy)}; add the repository to the registryScopes of a statement`,
  );
}

const indexes = new WeakMap<TrustPolicy['statements'], ReadonlyMap<string, OciTrustStatement>>();

/** The first statement with a scope. Of what cannot change any more, as a policy that was parsed, an index is made once. */
function statementOfScope(policy: TrustPolicy, scope: string): OciTrustStatement | undefined {
  const { statements } = requirePolicy(policy);
  const index = indexes.get(statements) ?? indexOf(statements);
  return index === undefined
    ? statements.find(({ registryScopes }) => registryScopes.includes(scope))
    : index.get(scope);
}

function indexOf(statements: TrustPolicy['statements']): ReadonlyMap<string, OciTrustStatement> | undefined {
  if (!isFixed(statements)) return undefined;
  const index = new Map<string, OciTrustStatement>();
  for (const statement of statements)
    for (const scope of statement.registryScopes) if (!index.has(scope)) index.set(scope, statement);
  indexes.set(statements, index);
  return index;
}

function isFixed(statements: TrustPolicy['statements']): boolean {
  // An index of a policy that can change would select by scopes that it no longer has.
  if (!Object.isFrozen(statements)) return false;
  return statements.every((statement) => Object.isFrozen(statement) && Object.isFrozen(statement.registryScopes));
}

/** The scopes that there are: what was misspelt is found by them. */
function scopesOf({ statements }: TrustPolicy): string {
  return listNames(statements.flatMap(({ registryScopes }) => registryScopes));
}

/**
 * The statement of a name, whatever its scopes.
 *
 * @throws {TrustError} `ERR_TRUST_NO_STATEMENT`
 */
export function selectNamedStatement(policy: TrustPolicy, name: string): Selection<OciTrustStatement> {
  const statement = requirePolicy(policy).statements.find((each) => each.name === name);
  if (statement !== undefined) return { statement, matchedBy: 'name', matched: name };
  throw noStatement(name, `no statement has the name ${quote(name)}; there are ${namesOf(policy)}`);
}

/**
 * The statement for a blob: the one of that name, or without a name the global one.
 *
 * @throws {TrustError} `ERR_TRUST_NO_STATEMENT`
 */
export function selectBlobStatement(policy: BlobTrustPolicy, name?: string): Selection<BlobTrustStatement> {
  const { statements } = requirePolicy(policy);
  if (name !== undefined) {
    const named = statements.find((statement) => statement.name === name);
    if (named !== undefined) return { statement: named, matchedBy: 'name', matched: name };
    throw noStatement(name, `no statement has the name ${quote(name)}; there are ${namesOf(policy)}`);
  }
  const global = statements.find((statement) => statement.globalPolicy);
  if (global !== undefined) return { statement: global, matchedBy: 'global', matched: global.name };
  const message = `no policy was named, and no statement has "globalPolicy"; there are ${namesOf(policy)}: name one of them`;
  throw noStatement('', message);
}

function namesOf({ statements }: TrustPolicy | BlobTrustPolicy): string {
  return listNames(statements.map(({ name }) => name));
}

function noStatement(subject: string, message: string): TrustError {
  return new TrustError('ERR_TRUST_NO_STATEMENT', `trust policy: ${message}`, { detail: { subject } });
}
