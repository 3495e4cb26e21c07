import type { CallOptions } from '@notarykit/common';
import type { Certificate } from '@notarykit/pki';

/** The kinds of trust stores (trust-store-trust-policy.md, "Trust Store"). */
export type TrustStoreType = 'ca' | 'signingAuthority' | 'tsa';

/** Named sets of trust anchors. */
export interface TrustStore {
  /**
   * The certificates of a named store, never empty.
   *
   * @throws {TrustError} `ERR_TRUST_STORE` when the store does not exist, is empty or holds anything that may not be there
   */
  certificates(type: TrustStoreType, name: string, options?: CallOptions): Promise<readonly Certificate[]>;
}
