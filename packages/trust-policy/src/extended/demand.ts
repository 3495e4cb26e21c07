import { defined, type NonEmpty } from '@notarykit/common/internal';
import type { Demand, DemandedSigner, DemandScope } from '../demanded.js';
import type { OciTrustStatement } from '../document/policy.js';
import type { PolicyReport } from '../report/report.js';
import { selectExtended } from './compile.js';
import type { ExtendedScope, ExtendedStatement, ExtendedTrustPolicy } from './policy.js';

/** What an extended policy demands of one repository: the signers of the statement that applies. */
export function demandOfExtended(policy: ExtendedTrustPolicy, query: DemandScope): Demand {
  const { statement, scope } = selectExtended(policy, query);
  const { demanded, required, expires } = statement;
  return {
    skip: demanded[0].statement.level.base === 'skip',
    signers: demanded,
    required,
    policy: reportOf(policy, statement, scope),
    ...defined({ until: expires }),
  };
}

/** The statement as it is in the document, with the stores and identities of all its signers. */
function reportOf(
  { digest, warnings }: ExtendedTrustPolicy,
  { name, demanded }: ExtendedStatement,
  scope: ExtendedScope | undefined,
): PolicyReport {
  const { level, verifyTimestamp } = demanded[0].statement;
  return {
    statement: name,
    matchedBy: scope === undefined ? 'name' : scope.kind === 'any' ? 'wildcard' : 'scope',
    matched: scope?.text ?? name,
    level: level.name,
    actions: level.actions,
    verifyTimestamp,
    trustStores: textsOf(demanded, (statement) => statement.trustStores),
    trustedIdentities: textsOf(demanded, (statement) => statement.trustedIdentities),
    digest,
    warnings: warnings.filter(({ statement }) => statement === undefined || statement === name),
  };
}

function textsOf(
  signers: NonEmpty<DemandedSigner>,
  list: (statement: OciTrustStatement) => readonly { readonly text: string }[],
): readonly string[] {
  return [...new Set(signers.flatMap(({ statement }) => list(statement).map(({ text }) => text)))];
}
