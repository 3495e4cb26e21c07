/** What a {@link labPolicy} asks for. */
export interface LabPolicyOptions {
  readonly name?: string;
  readonly scopes?: readonly string[];
  /** Without OCSP and CRL: a lab's leaves name no services by default. */
  readonly withoutRevocation?: boolean;
}

/** A trust policy document that strictly trusts every certificate under the store `ca:lab`. */
export function labPolicy({ name = 'lab', scopes = ['*'], withoutRevocation = false }: LabPolicyOptions = {}) {
  const level = { level: 'strict', ...(withoutRevocation ? { override: { revocation: 'skip' } } : {}) };
  const statement = { name, registryScopes: scopes, signatureVerification: level };
  return { version: '1.0', trustPolicies: [{ ...statement, trustStores: ['ca:lab'], trustedIdentities: ['*'] }] };
}
