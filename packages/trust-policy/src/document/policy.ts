import type { Digest } from '@notarykit/oci/internal';
import type { SignatureKind } from '@notarykit/signature-envelope/internal';
import type { TrustedIdentity } from '../identities/trusted-identity.js';
import type { VerificationLevel } from '../levels.js';
import type { TrustStoreType } from '../trust-store.js';

/** When a timestamp countersignature is demanded, if the statement names a `tsa` store. */
export type VerifyTimestamp = 'always' | 'afterCertExpiry';

/** A trust store as a statement names it: `type:name`. */
export interface TrustStoreReference {
  readonly type: TrustStoreType;
  readonly name: string;
  /** As it is in the document. */
  readonly text: string;
}

/** What the statements of both kinds of documents say. */
export interface TrustStatement {
  readonly name: string;
  readonly level: VerificationLevel;
  readonly verifyTimestamp: VerifyTimestamp;
  readonly trustStores: readonly TrustStoreReference[];
  readonly trustedIdentities: readonly TrustedIdentity[];
  /** What kind of signature is demanded, only in extended documents of version `1.0+notarykit.3`. */
  readonly kind?: SignatureKind;
}

/** A statement for the artifacts of repositories. */
export interface OciTrustStatement extends TrustStatement {
  /** Names of repositories in their canonical spelling, or only `*`. */
  readonly registryScopes: readonly string[];
}

/** A statement for blobs. */
export interface BlobTrustStatement extends TrustStatement {
  readonly globalPolicy: boolean;
}

/** Something in a document that is accepted, but worth a look. */
export interface PolicyWarning {
  readonly statement?: string;
  readonly member: string;
  readonly message: string;
}

/** A trust policy document that holds to every rule. */
export interface Policy<Statement extends TrustStatement> {
  readonly version: '1.0';
  readonly statements: readonly Statement[];
  readonly warnings: readonly PolicyWarning[];
  /** Of the document's bytes: part of cache keys and reports. */
  readonly digest: Digest;
}

/** A trust policy document for artifacts (`trustpolicy.oci.json`, `trustpolicy.json`). */
export type TrustPolicy = Policy<OciTrustStatement>;

/** A trust policy document for blobs (`trustpolicy.blob.json`). */
export type BlobTrustPolicy = Policy<BlobTrustStatement>;
