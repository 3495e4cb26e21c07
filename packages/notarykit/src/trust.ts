import type { ArtifactTrustOptions } from '@notarykit/trust-policy/internal';

/** What to trust: policy, trust store, and how revocation is found out. The same for every verb. */
export type Trust = Omit<ArtifactTrustOptions, 'signal' | 'metadata' | 'scope' | 'maxSignatures'>;
