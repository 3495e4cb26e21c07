/** One difference in meaning between two policies, for one scope. */
export interface PolicyDifference {
  /** The scope that it is about. */
  readonly scope: string;
  /** `wider`: more is accepted than before; `narrower`: less; `changed`: it depends on what else the policy says. */
  readonly effect: 'wider' | 'narrower' | 'changed';
  readonly aspect: 'scope' | 'signers' | 'identity' | 'trustStore' | 'kind' | 'action' | 'timestamp' | 'expiry';
  /** The signer of an extended policy that it is about. */
  readonly signer?: string;
  readonly before?: string;
  readonly after?: string;
  readonly message: string;
}
