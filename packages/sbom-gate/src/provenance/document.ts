import type { DocumentSubject } from '../sbom/document.js';

/** Versions of SLSA provenance, as policies name them. */
export type ProvenanceFormat = 'slsa-0.2' | 'slsa-1';

/** Something that went into a build: an image, a repository of sources, a file. */
export interface BuildMaterial {
  /** As the builder writes it: a package URL, a URL, an image reference. */
  readonly uri: string;
  /** `algorithm:value`, in lower case; none where the builder does not say which content it was. */
  readonly digests: readonly string[];
  /** Place in the statement, a JSON pointer. */
  readonly pointer: string;
}

/** Where the sources of a build come from, as its builder found them. */
export interface BuildSource {
  /** URL without `git+`, credentials, `.git` and ref; what cannot be taken apart, as it is written. */
  readonly repository: string;
  /** Branch or tag. */
  readonly ref?: string;
  /** The commits that the builder gives, hexadecimal: one, unless it contradicts itself. */
  readonly revisions: readonly string[];
  readonly pointer: string;
}

/** The provenance of an image, of any version, in one shape. */
export interface ProvenanceDocument {
  readonly class: 'provenance';
  readonly format: ProvenanceFormat;
  readonly formatVersion: string;
  readonly builder?: string;
  readonly buildType?: string;
  readonly sources: readonly BuildSource[];
  readonly materials: readonly BuildMaterial[];
  /** Whether the builder says that it lists every material. */
  readonly complete: 'yes' | 'no' | 'unknown';
  readonly subject: DocumentSubject;
  readonly warnings: readonly string[];
}
