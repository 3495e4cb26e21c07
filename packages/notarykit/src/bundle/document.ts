import type { Descriptor, Digest } from '@notarykit/oci/internal';

/** An artifact in a bundle. Name and tag are what the maker of the bundle says; the digest is what a verdict is about. */
export interface BundledArtifact {
  /** `registry/repository` that it was taken from: selects the statement of the policy. */
  readonly repository: string;
  /** The tag that led to it when the bundle was made. */
  readonly tag?: string;
  /** Media type, digest and size of its manifest. */
  readonly descriptor: Descriptor;
  /** What refers to it and is trusted as well: SBOMs, scans. */
  readonly referrers: readonly Descriptor[];
}

/** An answer of an authority, as the document names it. */
export interface EvidenceEntry {
  readonly method: 'ocsp' | 'crl';
  readonly url: string;
  readonly certId?: string;
  readonly digest: Digest;
}

/** The document of a bundle. */
export interface BundleDocument {
  /** Of the trust policy that the bundle was made under. */
  readonly policy: Digest;
  /** Whether configs and layers of the artifacts are in it. */
  readonly content: boolean;
  readonly artifacts: readonly BundledArtifact[];
  readonly evidence: readonly EvidenceEntry[];
}

/** Artifact type of the manifest that holds a bundle together. */
export const bundleArtifactType = 'application/vnd.notarykit.bundle.v1';
/** Media type of its document, which is the first layer. */
export const bundleDocumentType = 'application/vnd.notarykit.bundle.v1+json';
/** Tag of the manifest in the layout. */
export const bundleTag = 'notarykit-bundle';
