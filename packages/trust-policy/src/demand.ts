import type { NonEmpty } from '@notarykit/common';
import type { RepositoryName } from '@notarykit/oci';
import type { OciTrustStatement, TrustPolicy, TrustStoreReference } from './document/policy.js';
import { demandOfExtended } from './extended/demand.js';
import { type ExtendedTrustPolicy, extendedPrefix } from './extended/policy.js';
import type { PolicyReport } from './report/report.js';
import { policyReport } from './report/trust-report.js';
import { selectNamedStatement, selectStatement } from './select.js';

/** A signer that the policy demands; the only one of a plain policy has no name. */
export interface DemandedSigner {
  readonly name?: string;
  readonly statement: OciTrustStatement;
}

/** What a policy demands of one repository at one time. */
export interface Demand {
  /** Level `skip`: nothing at all. */
  readonly skip: boolean;
  readonly signers: NonEmpty<DemandedSigner>;
  /** How many of the signers must have signed, each by signatures that no other signer has made. */
  readonly required: number;
  readonly policy: PolicyReport;
  /** When the statement stops to apply. */
  readonly until?: Date;
}

/** What is selected by. */
export interface DemandQuery {
  readonly policy: TrustPolicy | ExtendedTrustPolicy;
  readonly statement: string | undefined;
  readonly scope: RepositoryName;
  readonly at: Date;
}

/** @throws {TrustError} `ERR_TRUST_NO_STATEMENT` */
export function demandOf({ policy, statement, scope, at }: DemandQuery): Demand {
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
