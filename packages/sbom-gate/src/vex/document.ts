import type { DocumentSubject } from '../sbom/document.js';

/** Statuses of a statement (VEX minimum requirements). */
export type VexStatus = 'not_affected' | 'affected' | 'fixed' | 'under_investigation';

/** A product that a statement is about, with the parts of it that it names. */
export interface VexProduct {
  /** Package URLs, digests, image references and BOM links. */
  readonly ids: readonly string[];
  readonly subcomponents: readonly (readonly string[])[];
}

/** One statement. */
export interface VexStatement {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly status: VexStatus;
  readonly justification?: string;
  /** RFC 3339 as written: the statement's own time, else the document's. */
  readonly time?: string;
  /** Empty: the statement names no product, so only the subject of its carrier says what it is about. */
  readonly products: readonly VexProduct[];
  readonly pointer: string;
}

/** Format families of VEX documents, as policies name them. */
export type VexFormat = 'openvex' | 'cyclonedx' | 'csaf';

/** A VEX document of any format, in one shape. */
export interface VexDocument {
  readonly class: 'vex';
  readonly format: VexFormat;
  readonly formatVersion: string;
  readonly statements: readonly VexStatement[];
  readonly subject: DocumentSubject;
  readonly warnings: readonly string[];
}
