import type { Digest } from '@notarykit/oci/internal';
import type { DecisionCode, EvidenceCode } from '../codes.js';
import type { ProvenanceDocument } from '../provenance/document.js';
import type { SbomDocument } from '../sbom/document.js';
import type { ScanReport } from '../scan/report.js';
import type { VexDocument } from '../vex/document.js';

/** What a piece of evidence is for; each class has its own signers. */
export type EvidenceClass = 'sbom' | 'scan' | 'vex' | 'provenance';

/** One trusted signature, as the trust policy found it. */
export interface GateSignature {
  /** Digest of the signature manifest. */
  readonly digest: Digest;
  /** Subject of the leaf certificate. */
  readonly subject: string;
  /** SHA-256 of the leaf certificate, hexadecimal. */
  readonly thumbprint: string;
  /** When the signature was made. */
  readonly time?: Date;
  /**
   * How far the time can be believed: `rfc3161` by a trusted timestamp, `signing-authority` by the signing scheme,
   * `claimed` not at all.
   */
  readonly timeKind: 'rfc3161' | 'signing-authority' | 'claimed';
  readonly expiry?: Date;
  /**
   * Who signed, for counting: signatures whose certificates share a public key or a subject, over any number of steps, are of one
   * group. Only equality counts, and only within one outcome.
   */
  readonly group: string;
}

/** A trusted signature together with the name under which the gate policy knows its signer. */
export interface EvidenceSignature extends GateSignature {
  readonly alias: string;
  /** Statement of the trust policy. */
  readonly statement: string;
}

/** Why a manifest has no trusted signature of a signer. */
export interface Untrusted {
  readonly code: 'EVIDENCE_UNSIGNED' | 'EVIDENCE_UNTRUSTED' | 'EVIDENCE_EXPIRED' | 'EVIDENCE_UNDECIDED';
  readonly reason: string;
}

/** What the trust policy says of a manifest under one of its statements. */
export type SignerOutcome =
  | { readonly trusted: true; readonly signatures: readonly GateSignature[] }
  | ({ readonly trusted: false } & Untrusted);

/** The image and what the gate found out about it. */
export interface ImageEvidence {
  readonly reference?: string;
  readonly digest: Digest;
  readonly signatures: readonly EvidenceSignature[];
  /** Per signer that the policy names and that did not sign. */
  readonly untrusted: readonly (Untrusted & { readonly alias: string })[];
}

/** One runnable manifest of the image. */
export interface PlatformEvidence {
  /** Such as `linux/amd64`, in normal form; `unknown` for an image that does not say. */
  readonly platform: string;
  readonly digest: Digest;
  /** Digest of the image configuration. */
  readonly configDigest?: Digest;
}

/** One document out of one trusted artifact. */
export interface EvidenceDocument {
  readonly class: EvidenceClass;
  /** The manifest that the artifact's `subject` names. */
  readonly target: Digest;
  /** The artifact. */
  readonly manifest: Digest;
  readonly artifactType?: string;
  /** The layer. */
  readonly blob: Digest;
  readonly signatures: readonly EvidenceSignature[];
  /** Absent when the document cannot be read; `problem` says why. */
  readonly content?: SbomDocument | ScanReport | VexDocument | ProvenanceDocument;
  readonly problem?: { readonly code: EvidenceCode; readonly message: string };
  readonly warnings: readonly string[];
}

/** An artifact, or a document of it, that was left out, and why. Never an error: anybody with push rights can attach anything. */
export interface IgnoredEvidence {
  /** Absent where the list names none. */
  readonly manifest?: Digest;
  readonly target: Digest;
  readonly artifactType?: string;
  readonly code: DecisionCode;
  readonly reason: string;
}

/** All that a decision rests on, as data. */
export interface GateEvidence {
  readonly image: ImageEvidence;
  /** Manifests that are judged. */
  readonly platforms: readonly PlatformEvidence[];
  /** Manifests of the image that the policy does not ask for: what is about them is not about the others. */
  readonly others: readonly PlatformEvidence[];
  /** Platforms that the policy demands and the image does not have. */
  readonly missingPlatforms: readonly string[];
  readonly documents: readonly EvidenceDocument[];
  readonly ignored: readonly IgnoredEvidence[];
  /** What went wrong while collecting and makes the evidence incomplete: always a reason to deny. */
  readonly problems: readonly { readonly code: EvidenceCode | 'REGISTRY_UNAVAILABLE'; readonly message: string }[];
}
