import { type CallOptions, isFileName } from '@notarykit/common/internal';
import type { Certificate } from '@notarykit/pki/internal/core';

/** The kinds of trust stores (trust-store-trust-policy.md, "Trust Store"). */
export type TrustStoreType = 'ca' | 'signingAuthority' | 'tsa';

/** Every kind of trust store. */
export const trustStoreTypes: readonly TrustStoreType[] = ['ca', 'signingAuthority', 'tsa'];

/** Named sets of trust anchors. */
export interface TrustStore {
  /**
   * The certificates of a named store, never empty. The same array for an unchanged store lets the verifier reuse work.
   *
   * @throws {TrustError} `ERR_TRUST_STORE` when the store does not exist, is empty or holds anything that may not be there
   */
  certificates(type: TrustStoreType, name: string, options?: CallOptions): Promise<readonly Certificate[]>;
}

/** Whether a text names a kind of trust store. */
export function isTrustStoreType(text: string): text is TrustStoreType {
  return (trustStoreTypes as readonly string[]).includes(text);
}

/** Whether a text may name a trust store: `[a-zA-Z0-9_.-]+`, but not dots alone, nor a device of Windows. */
export function isTrustStoreName(text: string): boolean {
  return isFileName(text);
}
