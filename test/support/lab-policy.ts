/** What a {@link labPolicy} asks for. */
export interface LabPolicyOptions {
  readonly name?: string;
  readonly scopes?: readonly string[];
  /** Without OCSP and CRL: a lab's leaves name no services unless they are told to. */
  readonly withoutRevocation?: boolean;
}

/** A trust policy document that strictly trusts whoever the store `ca:lab` vouches for. */
export function labPolicy({ name = 'lab', scopes = ['*'], withoutRevocation = false }: LabPolicyOptions = {}) {
  const level = { level: 'strict', ...(withoutRevocation ? { override: { revocation: 'skip' } } : {}) };
  const statement = { name, registryScopes: scopes, signatureVerification: level };
  return { version: '1.0', trustPolicies: [{ ...statement, trustStores: ['ca:lab'], trustedIdentities: ['*'] }] };
}
