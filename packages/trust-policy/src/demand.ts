import type { Demand, DemandScope } from './demanded.js';
import type { TrustPolicy, TrustStoreReference } from './document/policy.js';
import { demandOfExtended } from './extended/demand.js';
import { type ExtendedTrustPolicy, extendedPrefix } from './extended/policy.js';
import { policyReport } from './report/trust-report.js';
import { requirePolicy } from './require.js';
import { selectNamedStatement, selectStatement } from './select.js';

/** What is selected by. */
export interface DemandQuery extends DemandScope {
  readonly policy: TrustPolicy | ExtendedTrustPolicy;
}

/** @throws {TrustError} `ERR_TRUST_NO_STATEMENT` */
export function demandOf({ policy, statement, scope, at }: DemandQuery): Demand {
  requirePolicy(policy);
  if (isExtended(policy)) return demandOfExtended(policy, { statement, scope, at });
  const selection = statement === undefined ? selectStatement(policy, scope) : selectNamedStatement(policy, statement);
  return {
    skip: selection.statement.level.base === 'skip',
    signers: [{ statement: selection.statement }],
    required: 1,
    policy: policyReport(policy, selection),
  };
}

/** Whether a policy is of the extended version. */
export function isExtended(policy: TrustPolicy | ExtendedTrustPolicy): policy is ExtendedTrustPolicy {
  return String(policy.version).startsWith(extendedPrefix);
}

/** The trust stores that the signers name, each once. */
export function storesOf({ signers }: Demand): readonly TrustStoreReference[] {
  const stores = signers.flatMap(({ statement }) => statement.trustStores);
  return [...new Map(stores.map((store) => [store.text, store])).values()];
}
