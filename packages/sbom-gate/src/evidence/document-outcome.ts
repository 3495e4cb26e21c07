import type { CallOptions } from '@notarykit/common/internal';
import type { EvidenceCode } from '../codes.js';
import type { DocumentLimits } from '../sbom/build-document.js';
import type { EvidenceContent } from './content.js';
import type { EvidenceClass } from './evidence.js';

/** Limits of {@link readDocument}. */
export interface ReadDocumentOptions extends CallOptions {
  /** What the document was declared to be; it must then be that. */
  readonly wanted?: EvidenceClass;
  readonly limits: DocumentLimits & { readonly documentBytes: number; readonly depth: number };
}

/** A document that was read, or the coded reason why it was not. */
export type ReadDocumentOutcome =
  | { readonly content: EvidenceContent; readonly warnings: readonly string[] }
  | { readonly problem: { readonly code: EvidenceCode; readonly message: string } };

/** The code for a document of a class that cannot be read. */
export function unreadable(wanted: EvidenceClass | undefined): EvidenceCode {
  if (wanted === undefined) return 'EVIDENCE_MALFORMED';
  return unreadableCodes[wanted];
}

const unreadableCodes: Readonly<Record<EvidenceClass, EvidenceCode>> = {
  sbom: 'SBOM_UNREADABLE',
  scan: 'SCAN_UNREADABLE',
  vex: 'VEX_UNREADABLE',
  provenance: 'PROVENANCE_UNREADABLE',
};
