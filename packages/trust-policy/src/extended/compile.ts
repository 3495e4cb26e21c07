import { quote } from '@notarykit/common';
import { parseTrustPolicy } from '../document/parse.js';
import { isRegistryScope } from '../document/scopes.js';
import { TrustError } from '../errors.js';
import { plainDocuments } from './parse.js';
import type { CompiledPolicy, ExtendedScope, ExtendedStatement, ExtendedTrustPolicy } from './policy.js';

/** How narrow a scope is for a repository it covers; nothing when it does not cover it. */
function specificity(scope: ExtendedScope, repository: string): number | undefined {
  switch (scope.kind) {
    case 'repository':
      return scope.text === repository ? Number.POSITIVE_INFINITY : undefined;
    case 'prefix':
      return repository.startsWith(scope.prefix) ? scope.prefix.length : undefined;
    case 'registry':
      return repository.startsWith(`${scope.text}/`) ? 1 : undefined;
    case 'any':
      return 0;
  }
}

/**
 * What an extended document says of one repository at one time, as plain documents: the most specific scope wins (repository,
 * then the longest prefix, then the registry, then `*`), statements that have expired do not count.
 *
 * @throws {TrustError} `ERR_TRUST_NO_STATEMENT`
 */
export function compileTrustPolicy(
  policy: ExtendedTrustPolicy,
  repository: string,
  now: Date = new Date(),
): CompiledPolicy {
  const best = isRegistryScope(repository) ? mostSpecific(policy, repository, now) : undefined;
  if (best === undefined) {
    throw new TrustError(
      'ERR_TRUST_NO_STATEMENT',
      `trust policy: no statement that is in force has a scope for ${quote(repository)}`,
      {
        detail: { subject: repository },
      },
    );
  }
  const { statement, scope } = best;
  const policies = plainDocuments(statement, repository).map((one) => ({
    ...one,
    policy: parseTrustPolicy(one.document),
  }));
  return { statement: statement.name, scope: scope.text, required: statement.required, policies };
}

function mostSpecific(
  { statements }: ExtendedTrustPolicy,
  repository: string,
  now: Date,
): { readonly statement: ExtendedStatement; readonly scope: ExtendedScope } | undefined {
  const candidates = statements
    .filter(({ expires }) => expires === undefined || now < expires)
    .flatMap((statement) =>
      statement.scopes.map((scope) => ({ statement, scope, rank: specificity(scope, repository) })),
    )
    .filter((candidate): candidate is typeof candidate & { rank: number } => candidate.rank !== undefined);
  return candidates.sort((a, b) => b.rank - a.rank)[0];
}
