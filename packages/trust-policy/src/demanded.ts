import type { NonEmpty } from '@notarykit/common/internal';
import type { RepositoryName } from '@notarykit/oci/internal';
import type { OciTrustStatement } from './document/policy.js';
import type { PolicyReport } from './report/report.js';

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

/** By what a policy is asked. */
export interface DemandScope {
  readonly statement: string | undefined;
  readonly scope: RepositoryName;
  readonly at: Date;
}
