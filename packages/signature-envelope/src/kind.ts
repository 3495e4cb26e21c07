import { quote } from '@notarykit/common/internal';
import type { TargetArtifact } from './envelope.js';
import { EnvelopeError } from './errors.js';

/** Who signs in which part: who made the artifact, who examined it, who uses it. */
export const signatureKinds = ['vendor', 'certifier', 'user'] as const;

/** What kind of signature it is, as its signer says. */
export type SignatureKind = (typeof signatureKinds)[number];

/**
 * The user metadata that says the kind: signed annotation of the target, as `notation sign -m` writes it and
 * `notation verify -m dev.notarykit.signature.kind=vendor` demands it.
 */
export const signatureKindKey = 'dev.notarykit.signature.kind';

/** Whether a value is a kind of signatures. */
export function isSignatureKind(value: unknown): value is SignatureKind {
  return (signatureKinds as readonly unknown[]).includes(value);
}

/** The kind that a signature says it is of; nothing where it says none, or one that is not known. It is a claim of the signer. */
export function signatureKindOf({ annotations = {} }: TargetArtifact): SignatureKind | undefined {
  const value = Object.hasOwn(annotations, signatureKindKey) ? annotations[signatureKindKey] : undefined;
  return isSignatureKind(value) ? value : undefined;
}

/** What a signer says besides the target. */
export interface SigningClaims {
  /** User metadata: signed annotations of the target. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** What kind of signature this is; written as user metadata, {@link signatureKindKey}. */
  readonly kind?: SignatureKind;
}

/**
 * The user metadata that is signed, the kind included.
 *
 * @throws {EnvelopeError} `ERR_ENVELOPE_MALFORMED` for a kind that is not known, or that the metadata contradicts
 */
export function signedMetadata({ metadata = {}, kind }: SigningClaims): Readonly<Record<string, string>> {
  if (kind === undefined) return metadata;
  const said = Object.hasOwn(metadata, signatureKindKey) ? metadata[signatureKindKey] : kind;
  if (isSignatureKind(kind) && said === kind) return { ...metadata, [signatureKindKey]: kind };
  const expected = isSignatureKind(kind) ? quote(kind) : `one of ${signatureKinds.join(', ')}`;
  const found = isSignatureKind(kind) ? said : kind;
  throw new EnvelopeError(
    'ERR_ENVELOPE_MALFORMED',
    `kind of the signature: expected ${expected}, found ${quote(found)}`,
  );
}
