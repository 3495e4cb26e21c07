import type { NonEmpty } from '@notarykit/common/internal';
import type { Digest } from '@notarykit/oci/internal';
import type { SignatureKind } from '@notarykit/signature-envelope/internal';
import type { DemandedSigner } from '../demanded.js';
import type { PolicyWarning, TrustPolicy } from '../document/policy.js';

/** What the versions of extended documents begin with. */
export const extendedPrefix = '1.0+notarykit.';

/** The version string of extended documents: a plain reader refuses them, so that it never misses what they demand. */
export const extendedVersion = '1.0+notarykit.1';

/** As {@link extendedVersion}, with identities of whole subjects (`x509.name:`): a reader of the first version refuses them. */
export const extendedVersion2 = '1.0+notarykit.2';

/** As {@link extendedVersion2}, with kinds of signatures (`kind`). */
export const extendedVersion3 = '1.0+notarykit.3';

/** A version of extended documents. */
export type ExtendedVersion = typeof extendedVersion | typeof extendedVersion2 | typeof extendedVersion3;

/** A scope of an extended document in its canonical spelling, from narrow to wide. */
export type ExtendedScope =
  | { readonly kind: 'repository'; readonly text: string }
  /** `registry/path/*`: every repository below the path. */
  | { readonly kind: 'prefix'; readonly text: string; readonly prefix: string }
  /** `registry`: every repository of it. */
  | { readonly kind: 'registry'; readonly text: string }
  | { readonly kind: 'any'; readonly text: '*' };

/** One of several signers of a statement: stores and identities of its own. */
export interface RequiredSigner {
  readonly name: string;
  readonly trustStores: readonly string[];
  readonly trustedIdentities: readonly string[];
  /** The kind that its signature must say it is of. */
  readonly kind?: SignatureKind;
}

/** A statement of an extended document. */
export interface ExtendedStatement {
  readonly name: string;
  readonly scopes: readonly ExtendedScope[];
  /** After this time the statement does not apply any more. */
  readonly expires?: Date;
  /** How many of the signers must have signed; without signers, one of anybody the statement trusts. */
  readonly required: number;
  readonly signers: readonly RequiredSigner[];
  /** Without signers: the kind that a signature must say it is of. */
  readonly kind?: SignatureKind;
  /** What the statement says, without scopes, signers, kind and expiry, as a member of a plain document. */
  readonly plain: Readonly<Record<string, unknown>>;
  /** The signers as plain statements, which are what verifies; one without a name where the statement lists none. */
  readonly demanded: NonEmpty<DemandedSigner>;
}

/** An extended trust policy document. */
export interface ExtendedTrustPolicy {
  readonly version: ExtendedVersion;
  readonly statements: readonly ExtendedStatement[];
  readonly warnings: readonly PolicyWarning[];
  readonly digest: Digest;
}

/** What an extended document says of one repository, in plain documents: what verifies is always one of these. */
export interface CompiledPolicy {
  readonly statement: string;
  /** The scope that won. */
  readonly scope: string;
  /** How many of the plain policies must be satisfied, each by another signer. */
  readonly required: number;
  /** One for each signer, or one without a name. */
  readonly policies: readonly {
    readonly signer?: string;
    /** User metadata that must be demanded besides, `notation verify -m`: the kind of the signature, which no plain document can say. */
    readonly metadata?: Readonly<Record<string, string>>;
    /** The plain document, as notation reads it. */
    readonly document: Readonly<Record<string, unknown>>;
    readonly policy: TrustPolicy;
  }[];
}
