import { quote } from '@notarykit/common/internal';
import { canonicalRepository } from '@notarykit/oci/internal';
import { type SignatureKind, signatureKindKey } from '@notarykit/signature-envelope/internal';
import { parsePlainPolicy } from '../document/parse.js';
import type { TrustPolicy } from '../document/policy.js';
import { isRegistryScope } from '../document/scopes.js';
import { TrustError } from '../errors.js';
import { plainDocuments, wholeNamesOf } from './parse.js';
import type { CompiledPolicy, ExtendedScope, ExtendedStatement, ExtendedTrustPolicy } from './policy.js';
import { coversScope, specificityOf } from './scopes.js';

/** Whether a statement has not expired. */
export function isInForce({ expires }: Pick<ExtendedStatement, 'expires'>, at: Date): boolean {
  return expires === undefined || at < expires;
}

/** What is selected by: a name, or the repository. */
export interface ExtendedQuery {
  readonly statement: string | undefined;
  readonly scope: string;
  readonly at: Date;
}

/** The statement that applies, with the scope that won; without one where it was named. */
export interface ExtendedSelection {
  readonly statement: ExtendedStatement;
  readonly scope?: ExtendedScope;
}

/**
 * The statement that applies: the one of that name, or the one with the most specific scope for the repository (repository, then the
 * longest prefix, then the registry, then `*`). Statements that have expired do not count.
 *
 * @throws {TrustError} `ERR_TRUST_NO_STATEMENT`
 */
export function selectExtended({ statements }: ExtendedTrustPolicy, query: ExtendedQuery): ExtendedSelection {
  const { statement: name, scope, at } = query;
  const inForce = statements.filter((each) => isInForce(each, at));
  if (name !== undefined) {
    const statement = inForce.find((each) => each.name === name);
    return statement === undefined ? refuse(name, `has the name ${quote(name)}`) : { statement };
  }
  const best = isRegistryScope(scope)
    ? mostSpecific(inForce, { kind: 'repository', text: canonicalRepository(scope) })
    : undefined;
  return best ?? refuse(scope, `has a scope for ${quote(scope)}`);
}

/**
 * What an extended document says of one repository at one time, as plain documents. In these, notation trusts no signer by an identity of a
 * whole subject (`x509.name:`): it knows no such prefix. Of kinds it knows nothing: `metadata` says what to demand besides.
 *
 * @throws {TrustError} `ERR_TRUST_NO_STATEMENT`
 */
export function compileTrustPolicy(
  policy: ExtendedTrustPolicy,
  repository: string,
  now: Date = new Date(),
): CompiledPolicy {
  const { statement, scope } = selectExtended(policy, { statement: undefined, scope: repository, at: now });
  const names = wholeNamesOf(policy.version);
  const policies = plainDocuments(statement, canonicalRepository(repository)).map(({ kind, ...one }) => ({
    ...one,
    ...(kind === undefined ? {} : { metadata: { [signatureKindKey]: kind } }),
    policy: ofKind(parsePlainPolicy(one.document, names), kind),
  }));
  return { statement: statement.name, scope: scope?.text ?? '', required: statement.required, policies };
}

/** What verifies demands the kind, too: only the document cannot say it. */
function ofKind(policy: TrustPolicy, kind: SignatureKind | undefined): TrustPolicy {
  if (kind === undefined) return policy;
  return { ...policy, statements: policy.statements.map((statement) => ({ ...statement, kind })) };
}

/** The statement with the most specific of the scopes that cover the whole of one. */
export function mostSpecific(
  statements: readonly ExtendedStatement[],
  wanted: ExtendedScope,
): Required<ExtendedSelection> | undefined {
  const candidates = statements
    .flatMap((statement) => statement.scopes.map((scope) => ({ statement, scope })))
    .filter(({ scope }) => coversScope(scope, wanted));
  return candidates.sort((a, b) => specificityOf(b.scope) - specificityOf(a.scope))[0];
}

function refuse(subject: string, what: string): never {
  throw new TrustError('ERR_TRUST_NO_STATEMENT', `trust policy: no statement that is in force ${what}`, {
    detail: { subject },
  });
}
